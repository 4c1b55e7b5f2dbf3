"""Whole files sealed where they are kept, block by block, so that none has to fit into memory.

Each block is AES-256-GCM under the data key of its record, with record, number of the block and
whether it is the last as the additional data: blocks can be neither moved, nor left out, nor
taken from another file, without it being seen. On disk: nonce and cipher, block after block.
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clientela.store.sealing import NONCE, SealBroken

BLOCK = 1 << 20  # bytes of the plain file
_TAG = 16  # bytes that GCM adds


def seal_file(source: BinaryIO, target: BinaryIO, *, record_id: int, data_key: bytes) -> None:
    """Write `source` to `target`, sealed for a record."""
    cipher, number, block = AESGCM(data_key), 0, source.read(BLOCK)
    while True:
        following = source.read(BLOCK)
        nonce = os.urandom(NONCE)
        where = _where(record_id, number, last=not following)
        target.write(nonce + cipher.encrypt(nonce, block, where))
        if not following:
            return
        number, block = number + 1, following


def unseal_file(source: BinaryIO, target: BinaryIO, *, record_id: int, data_key: bytes) -> None:
    """Write to `target` what `seal_file` was given. Raises SealBroken."""
    size = NONCE + BLOCK + _TAG
    cipher, number, block = AESGCM(data_key), 0, source.read(size)
    while True:
        following = source.read(size)
        where = _where(record_id, number, last=not following)
        try:
            target.write(cipher.decrypt(block[:NONCE], block[NONCE:], where))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"block {number} of the file of record {record_id}") from error
        if not following:
            return
        number, block = number + 1, following


def _where(record_id: int, number: int, *, last: bool) -> bytes:
    return f"file|{record_id}|{number}|{'last' if last else 'more'}".encode()
