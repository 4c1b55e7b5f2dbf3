"""Values of class S2 and higher of a person: encrypted where they are kept.

A sealed value is `{"key": id, "cipher": text, "digest": text}`. The cipher is AES-256-GCM
under the data key of the source record, with `source record|attribute|key id` as the
additional data, so it opens nowhere else. The data key is kept wrapped under the
installation's key; destroying it erases the person, also in old backups. The digest
is a keyed one (HMAC-SHA-256, 128 bits) of the normalised value: equality is compared
without opening anything.
"""

import base64
import hashlib
import hmac
import json
import os
from functools import cache
from typing import Any, TypedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clientela.runtime import keys

NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM
DIGEST = 16  # bytes


class Sealed(TypedDict):
    key: int
    cipher: str
    digest: str


class SealBroken(ValueError):
    """A cipher was moved, changed, or its key was destroyed."""


def new_data_key(key_id: int) -> tuple[bytes, bytes]:
    """Return a fresh data key, plain and wrapped under the installation's key."""
    plain = AESGCM.generate_key(256)
    nonce = os.urandom(NONCE)
    kek = AESGCM(_key("kek"))
    return plain, nonce + kek.encrypt(nonce, plain, f"data key|{key_id}".encode())


def unwrap(wrapped: bytes | memoryview | None, key_id: int) -> bytes:
    """Return the plain data key. Raises SealBroken when it was destroyed or changed."""
    if wrapped is None:
        raise SealBroken(f"the key {key_id} was destroyed")
    kept = bytes(wrapped)
    try:
        kek = AESGCM(_key("kek"))
        return kek.decrypt(kept[:NONCE], kept[NONCE:], f"data key|{key_id}".encode())
    except InvalidTag as error:
        raise SealBroken(f"the key {key_id} does not open") from error


def digest(attribute: str, value: Any) -> str:
    """Return the keyed digest of a normalised value, comparable within one attribute."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    mac = hmac.new(_key("blind_index"), f"{attribute}|{text}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()[:DIGEST]).decode()


def seal(value: Any, *, attribute: str, record_id: int, data_key: bytes) -> Sealed:
    """Return `value` (anything JSON holds) sealed for this attribute of this record."""
    nonce = os.urandom(NONCE)
    plain = json.dumps(value, ensure_ascii=False).encode()
    cipher = AESGCM(data_key).encrypt(nonce, plain, _where(attribute, record_id))
    text = base64.b64encode(nonce + cipher).decode()
    return {"key": record_id, "cipher": text, "digest": digest(attribute, value)}


def unseal(sealed: Sealed, *, attribute: str, data_key: bytes) -> Any:
    """Return the value that `seal` was given. Raises SealBroken."""
    kept = base64.b64decode(sealed["cipher"])
    where = _where(attribute, sealed["key"])
    try:
        return json.loads(AESGCM(data_key).decrypt(kept[:NONCE], kept[NONCE:], where))
    except InvalidTag as error:
        raise SealBroken(f"{attribute} of record {sealed['key']} does not open") from error


def is_sealed(value: Any) -> bool:
    """Tell a sealed value from a plain one."""
    return isinstance(value, dict) and value.keys() == {"key", "cipher", "digest"}


@cache
def _key(name: keys.Name) -> bytes:
    # The keys of a process never change, and a digest is made for every value imported.
    return keys.key(name)


def _where(attribute: str, record_id: int) -> bytes:
    # The key's id is the record's id: one data key per source record.
    return f"{record_id}|{attribute}|{record_id}".encode()
