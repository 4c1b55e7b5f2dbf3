"""Checking that nobody changed the trail: every seal, every checkpoint, and their order.

What a change shows as: an altered event no longer has its leaf; a removed, swapped or added
one breaks the sequence or the chain; a chain made anew fits no signature; a cut tail is
shorter than a checkpoint that was kept elsewhere (give those as `anchors`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clientela.audit import rules


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """One event with its seal; `event` None: the seal's event is gone."""

    seq: int
    leaf: bytes
    chain: bytes
    event: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One checkpoint."""

    size: int
    first: int
    root: bytes
    chain: bytes
    previous: bytes
    at: str
    database: str
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was checked; `first_bad` is the number of the first event that does not hold."""

    events: int
    blocks: int
    first_bad: int | None = None
    why: str = ""

    def __bool__(self) -> bool:
        return self.first_bad is None


def verify(
    sealed: Iterable[Sealed],
    blocks: Iterable[Block],
    public_key: bytes,
    *,
    anchors: Iterable[bytes] = (),
) -> Verdict:
    """Check seals in order, every block over them, and that no anchored block is gone.

    :param anchors: lines of the file outside the database: statement, tab, signature in hex.
    """
    key = Ed25519PublicKey.from_public_bytes(public_key)
    leaves: list[bytes] = []
    chains: list[bytes] = []
    bad = _seals(sealed, leaves, chains)
    if bad is not None:
        return bad
    previous, size, signed = rules.START, 0, set[bytes]()
    for block in blocks:
        if block.first != size + 1 or block.previous != previous:
            return _bad(size + 1, "checkpoint_missing", len(leaves))
        if block.size > len(leaves):
            return _bad(len(leaves) + 1, "tail_cut", len(leaves))
        inside = leaves[block.first - 1 : block.size]
        if rules.merkle_root(inside) != block.root or chains[block.size - 1] != block.chain:
            return _bad(block.first, "block_changed", len(leaves))
        said = rules.statement(
            size=block.size, first=block.first, root=block.root, chain=block.chain,
            previous=block.previous, at=block.at, database=block.database,
        )  # fmt: skip
        if not _is_signed(block.signature, said, key):
            return _bad(block.first, "signature_wrong", len(leaves))
        signed.add(said)
        previous, size = block.root, block.size
    for line in anchors:
        why = _anchor_fault(line, signed, key)
        if why:
            return _bad(size + 1, why, len(leaves))
    return Verdict(events=len(leaves), blocks=len(signed))


def _seals(sealed: Iterable[Sealed], leaves: list[bytes], chains: list[bytes]) -> Verdict | None:
    """Check the seals in order and note their digests; return the first that does not hold."""
    chain = rules.START
    for expected, one in enumerate(sealed, start=1):
        if one.seq != expected:
            return _bad(expected, "missing", len(leaves))
        if one.event is None or rules.leaf(one.event) != one.leaf:
            return _bad(expected, "event_changed", len(leaves))
        chain = rules.link(chain, one.leaf)
        if chain != one.chain:
            return _bad(expected, "chain_broken", len(leaves))
        leaves.append(one.leaf)
        chains.append(chain)
    return None


def _is_signed(signature: bytes, said: bytes, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signature, said)
    except InvalidSignature:
        return False
    return True


def _anchor_fault(line: bytes, signed: set[bytes], key: Ed25519PublicKey) -> str:
    """Return what an anchored checkpoint shows: that it was forged, or that its block is gone."""
    said, _, signature = line.rstrip(b"\n").partition(b"\t")
    try:
        given = bytes.fromhex(signature.decode("ascii"))
    except ValueError:
        return "anchor_forged"
    if not _is_signed(given, said, key):
        return "anchor_forged"
    return "" if said in signed else "rolled_back"


def _bad(seq: int, why: str, events: int) -> Verdict:
    return Verdict(events=events, blocks=0, first_bad=seq, why=why)
