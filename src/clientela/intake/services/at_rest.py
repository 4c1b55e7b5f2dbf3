"""What is staged of a run, sealed: rows on their way in are about persons, and a deleted row is
still on the disk, in the log that the database writes ahead, and in backups.

A run has a key for its staged rows alone, made with the first of them and destroyed in the
transaction that ends the run (see `keeping.drop`). Under it, by AES-256-GCM with
`run|row|column` as the additional data, stand every row as it came, and of a customer all that is
said but its key, its kind and its name. Nonces are random: a row may be staged twice, where a
process died in between. Beside a sealed text stands its digest, keyed by the same key: rows are
compared in the database without opening them.

A run that has no key is one whose rows an older release began to stage: they are plain, and stay
so until it ends.
"""

import base64
import binascii
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clientela.intake.models import Run
from clientela.store.sealing import DIGEST, NONCE, SealBroken, new_data_key, unwrap

PLAIN = "name"  # the one attribute that staging may hold in the open (docs/decisions/0013)
SAID = "said"  # where the digest of the others stands beside it: the name of no attribute
_AS_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode  # one for all rows


class RowSeal:
    """Seals and opens the staged rows of one run; without a key it leaves them as they are."""

    def __init__(self, run_id: int, key: bytes | None) -> None:
        self._run_id = run_id
        self._cipher = None if key is None else AESGCM(key)
        self._digest_key = b"" if key is None else hmac.digest(key, b"digest", "sha256")

    def shut(self, row_no: int, column: str, plain: bytes) -> bytes:
        """Return what a column of a row may hold."""
        if self._cipher is None:
            return plain
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, self._where(row_no, column))

    def opened(self, row_no: int, column: str, kept: bytes) -> bytes:
        """Return what `shut` was given. Raises SealBroken."""
        if self._cipher is None:
            return kept
        where = self._where(row_no, column)
        try:
            return self._cipher.decrypt(kept[:NONCE], kept[NONCE:], where)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"{column} of row {row_no} of run {self._run_id}") from error

    def said(self, row_no: int, attributes: Mapping[str, Any]) -> tuple[str, bytes | None]:
        """Return what a customer's row may hold of its attributes, as JSON, and the rest sealed."""
        if self._cipher is None:
            return _AS_JSON(attributes), None
        rest = {name: value for name, value in attributes.items() if name != PLAIN}
        text = _AS_JSON(rest).encode()
        mac = hmac.digest(self._digest_key, text, "sha256")[:DIGEST]
        shown = {SAID: binascii.b2a_base64(mac, newline=False).decode()}
        if PLAIN in attributes:
            shown[PLAIN] = attributes[PLAIN]
        return _AS_JSON(shown), self.shut(row_no, "said", text)

    def attributes(
        self, row_no: int, shown: Mapping[str, Any], sealed: bytes | None
    ) -> dict[str, Any]:
        """Return the attributes that `said` was given, of the name what is left of it."""
        if sealed is None:
            return dict(shown)
        rest: dict[str, Any] = json.loads(self.opened(row_no, "said", bytes(sealed)))
        return rest | {name: value for name, value in shown.items() if name == PLAIN}

    def _where(self, row_no: int, column: str) -> bytes:
        return f"{self._run_id}|{row_no}|{column}".encode()


def row_seal(run: Run) -> RowSeal:
    """Return what opens the staged rows of a run."""
    key = None if run.staging_key is None else unwrap(run.staging_key, run.pk)
    return RowSeal(run.pk, key)


def begin_seal(run: Run) -> RowSeal:
    """Give a run of which nothing is staged a key for its rows; the caller saves it with them."""
    if run.staging_key is None and not run.staged:
        _, run.staging_key = new_data_key(run.pk)
    return row_seal(run)


def raws(seal: RowSeal, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows, each beginning with its number and ending with itself as it came, sealed, with
    the latter opened, in base64 as `reject` takes it."""
    for row in rows:
        *head, raw = row
        yield (*head, base64.b64encode(seal.opened(row[0], "raw", bytes(raw))).decode())
