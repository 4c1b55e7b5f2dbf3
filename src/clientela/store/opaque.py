"""Values that travel through a reader's hands and come back: unreadable there, unchangeable.

A cursor holds the keys of a row, which nobody outside is shown. It is encrypted and
authenticated with AES-SIV (RFC 5297) under a key of the installation: what comes back is
what was given, for the same use, or it is refused. The same value always looks the same, so
an address stays itself, and there is no nonce that could ever come twice.
"""

import base64
import binascii
import json
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clientela.runtime import keys

KEY_BYTES = 64  # AES-256 twice: one for the code, one for the cipher
LONGEST = 4000  # characters that are looked at, where nobody says otherwise


class NotOurs(ValueError):
    """This text was not made here, was changed, or was made for another use."""


def conceal(value: Any, *, use: str) -> str:
    """Return `value` (anything JSON holds) as text for an address, for one use alone."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return _as_text(_cipher().encrypt(plain, [use.encode()]))


def disclose(text: str, *, use: str, longest: int = LONGEST) -> Any:
    """Return the value that `conceal` was given for this use. Raises NotOurs, also for more than
    `longest` characters."""
    if len(text) > longest:
        raise NotOurs(use)
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        plain = _cipher().decrypt(sealed, [use.encode()])
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise NotOurs(use) from error
    if _as_text(sealed) != text:  # one value has one text
        raise NotOurs(use)
    return json.loads(plain)


def _as_text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


@cache
def _cipher() -> AESSIV:
    derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"opaque values")
    return AESSIV(derive.derive(keys.key("django")))
