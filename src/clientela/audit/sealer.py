"""The sealer: chains what was committed, just after, in one place.

A chain inside the writing transaction would make all writers wait for each other. So
events commit without a number, and one sealer (an advisory lock sees to "one") gives
numbers to those whose transactions are all over: the window `txid < xmin of a snapshot`
never has a late arrival before it.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from clientela.audit import rules
from clientela.audit.models import Checkpoint, Event, Seal
from clientela.audit.presenters import as_json, instant
from clientela.runtime import keys

LOCK = 0x5EA1
BATCH = 5000
BLOCK_EVENTS, BLOCK_SECONDS = 1000, 60

_UNSEALED = """
    select e.id from audit_event e
    where e.txid >= coalesce((select max(x.txid) from audit_event x
                              join audit_seal s on s.event_id = x.id
                              where s.seq = (select max(seq) from audit_seal)), '0'::xid8)
      and e.txid < pg_snapshot_xmin(pg_current_snapshot())
      and not exists (select 1 from audit_seal s where s.event_id = e.id)
    order by e.txid, e.id limit %s"""


@transaction.atomic
def seal_events(*, at: datetime, anchor: Path | None = None) -> int:
    """Seal what was committed and close a block when one is due; return how many.

    :param anchor: append-only file outside the database that receives each checkpoint.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_UNSEALED, [BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    events = Event.objects.in_bulk(ids)
    _append([events[event_id] for event_id in ids])
    _close_block(at=at, anchor=anchor)
    return len(ids)


def public_key() -> bytes:
    """Return the raw Ed25519 key that checkpoints are verified with."""
    raw, form = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return _signer().public_key().public_bytes(raw, form)


def _append(events: Sequence[Event]) -> None:
    last = Seal.objects.order_by("-seq").first()
    seq, chain = (last.seq, bytes(last.chain)) if last else (0, rules.START)
    seals = []
    for event in events:
        digest = rules.leaf(as_json(event))
        seq, chain = seq + 1, rules.link(chain, digest)
        seals.append(Seal(seq=seq, event_id=event.id, leaf=digest, chain=chain))
    Seal.objects.bulk_create(seals)


def _close_block(*, at: datetime, anchor: Path | None) -> None:
    last = Checkpoint.objects.order_by("-size").first()
    size, previous = (last.size, bytes(last.root)) if last else (0, rules.START)
    waiting = Seal.objects.filter(seq__gt=size).order_by("seq")[:BLOCK_EVENTS]
    leaves = [(seal.seq, bytes(seal.leaf), bytes(seal.chain)) for seal in waiting]
    if not leaves or (len(leaves) < BLOCK_EVENTS and last and _young(last, at)):
        return
    upto, chain = leaves[-1][0], leaves[-1][2]
    root = rules.merkle_root([leaf for _, leaf, _ in leaves])
    with connection.cursor() as cursor:
        cursor.execute("select oid::text from pg_database where datname = current_database()")
        database = str(cursor.fetchone()[0])
    said = rules.statement(
        size=upto, first=size + 1, root=root, chain=chain,
        previous=previous, at=instant(at), database=database,
    )  # fmt: skip
    signature = _signer().sign(said)
    Checkpoint.objects.create(
        size=upto, first=size + 1, root=root, chain=chain, previous=previous, made_at=at,
        database_id=database, key_id=public_key().hex()[:16], signature=signature,
    )  # fmt: skip
    if anchor is not None:
        # Once it is committed: an anchor without its checkpoint would cry wolf for ever.
        transaction.on_commit(partial(_anchored, anchor, said, signature))


def _anchored(anchor: Path, said: bytes, signature: bytes) -> None:
    with open(anchor, "ab", opener=_for_this_account) as file:
        file.write(said + b"\t" + signature.hex().encode() + b"\n")


def _young(last: Checkpoint, at: datetime) -> bool:
    return (at - last.made_at).total_seconds() < BLOCK_SECONDS


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.key("audit"))


def _for_this_account(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
