"""Eleven ways to falsify a trail, as somebody with the database, but without the key, could."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clientela.audit import rules
from clientela.audit.verification import Block, Sealed

OTHER = Ed25519PrivateKey.generate()


@dataclass
class Trail:
    """What is read back: events with their seals, checkpoints, and the lines kept outside."""

    sealed: list[Sealed]
    blocks: list[Block]
    anchors: list[bytes] = field(default_factory=list)

    def copied(self) -> "Trail":
        return Trail(list(self.sealed), list(self.blocks), list(self.anchors))


def change(trail: Trail, at: int) -> None:
    """Change any one column of an event."""
    event = copy.deepcopy(dict(trail.sealed[at].event or {}))
    name = sorted(event)[at % len(event)]
    event[name] = "changed" if event[name] != "changed" else "changed again"
    trail.sealed[at] = replace(trail.sealed[at], event=event)


def delete(trail: Trail, at: int) -> None:
    """Delete one event with its seal."""
    del trail.sealed[min(at, len(trail.sealed) - 2)]


def delete_range(trail: Trail, at: int) -> None:
    """Delete some events in a row."""
    start = min(at, len(trail.sealed) - 6)
    del trail.sealed[start : start + 5]


def tail(trail: Trail, at: int) -> None:
    """Delete everything from a place on."""
    trail.sealed = trail.sealed[:at]


def insert(trail: Trail, at: int) -> None:
    """Add an event that never was, with a leaf and a link of its own."""
    event = dict(trail.sealed[at].event or {}) | {"act": "never.done"}
    leaf = rules.leaf(event)
    chain = trail.sealed[at - 1].chain if at else rules.START
    new = Sealed(seq=at + 1, leaf=leaf, chain=rules.link(chain, leaf), event=event)
    later = [replace(one, seq=one.seq + 1) for one in trail.sealed[at:]]
    trail.sealed = [*trail.sealed[:at], new, *later]


def duplicate(trail: Trail, at: int) -> None:
    """Have one event twice."""
    trail.sealed.insert(at, trail.sealed[at])


def swap(trail: Trail, at: int) -> None:
    """Let two events change places."""
    other = (at + 1) % len(trail.sealed)
    one, two = trail.sealed[at], trail.sealed[other]
    trail.sealed[at] = replace(two, seq=one.seq)
    trail.sealed[other] = replace(one, seq=two.seq)


def redate(trail: Trail, at: int) -> None:
    """Move an event to another day, and its leaf with it."""
    event = dict(trail.sealed[at].event or {}) | {"recorded_at": "2020-01-01T00:00:00.000000Z"}
    trail.sealed[at] = replace(trail.sealed[at], event=event, leaf=rules.leaf(event))


def rechain(trail: Trail, at: int) -> None:
    """Change an event and make the chain anew; and at odd places the checkpoints too, signed
    with another key."""
    event = dict(trail.sealed[at].event or {}) | {"actor": "somebody else"}
    trail.sealed[at] = replace(trail.sealed[at], event=event, leaf=rules.leaf(event))
    chain = trail.sealed[at - 1].chain if at else rules.START
    for n in range(at, len(trail.sealed)):
        chain = rules.link(chain, trail.sealed[n].leaf)
        trail.sealed[n] = replace(trail.sealed[n], chain=chain)
    if at % 2 == 0:
        return
    previous, blocks = rules.START, []
    for block in trail.blocks:
        inside = [one.leaf for one in trail.sealed[block.first - 1 : block.size]]
        said = {
            "size": block.size, "first": block.first, "root": rules.merkle_root(inside),
            "chain": trail.sealed[block.size - 1].chain, "previous": previous, "at": block.at,
            "database": block.database,
        }  # fmt: skip
        blocks.append(Block(**said, signature=OTHER.sign(rules.statement(**said))))
        previous = said["root"]
    trail.blocks = blocks


def restore(trail: Trail, at: int) -> None:
    """Put an older state of the whole database in its place: whole in itself, but too short."""
    kept = [block for block in trail.blocks[:-1] if block.size <= at]
    trail.blocks = kept
    trail.sealed = trail.sealed[: kept[-1].size if kept else 0]


def replace_anchors(trail: Trail, at: int) -> None:
    """Cut the trail with its checkpoints, and write the file outside anew to fit."""
    restore(trail, at)
    line = trail.anchors[at % len(trail.anchors)].partition(b"\t")[0]
    trail.anchors = [line + b"\t" + OTHER.sign(line).hex().encode()]


KINDS: dict[str, Callable[[Trail, int], None]] = {
    one.__name__: one
    for one in (
        change, delete, delete_range, tail, insert, duplicate, swap, redate, rechain, restore,
        replace_anchors,
    )
}  # fmt: skip
