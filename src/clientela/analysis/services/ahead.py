"""Working questions out ahead, in a process of its own, and how its answers come over.

An answer crosses the pipe as its length and three Arrow streams: the rows, with the key and the
rest told in the metadata of their schema, what the chart shows, and the population. The length is
needed: a stream cut short between two of its batches reads as a whole one. A process that dies
halfway leaves fewer bytes than it said, which are no answer. Nothing is written to disk.
"""

import io
import json
import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO

import pyarrow as pa

from clientela.analysis.services.lately import Wish
from clientela.analysis.services.question import as_allowed
from clientela.analysis.services.totals import groups_to_hold
from clientela.analysis.services.worked import Held, to_hold
from clientela.kernel.reasons import Refused
from clientela.security.selectors import access_of, active_user, context_of
from clientela.store.context import database_context
from clientela.warehouse.session import TookTooLong, TooManyRows
from clientela.warehouse.snapshots import NoSnapshot

_LENGTH = struct.Struct(">Q")
_TOLD = b"clientela"


def answers(
    wishes: Iterable[Wish], now: Callable[[], datetime], already: Iterable[str] = ()
) -> Iterator[tuple[str, Held]]:
    """Work questions out one after the other; give each answer once, with its key.

    What a user may no longer ask, or nobody can answer, is passed over.

    :param already: keys of the answers that are there.
    """
    done = set(already)
    for wish in wishes:
        try:
            found = _answer(wish, now(), done)
        except (Refused, NoSnapshot, TookTooLong, TooManyRows):
            continue
        if found is not None:
            key, held = found
            done.add(key)
            if held is not None:
                yield key, held


def _answer(wish: Wish, at: datetime, done: set[str]) -> tuple[str, Held | None] | None:
    """Answer with the rights that the user has now, whatever they were when it was asked."""
    user = active_user(wish.username)
    if user is None:
        return None
    access = access_of(user, at=at)
    access.demand("analysis.run")
    with database_context(context_of(access)):
        asked = as_allowed(access, wish.on(access.today, at=at))
        single = access.sees_single("analysis.run")
        return (to_hold if single else groups_to_hold)(access, asked, but=done)


def write(out: IO[bytes], key: str, held: Held) -> None:
    """Write an answer for `read` at the other end."""
    told = {"key": key, "currency": held.currency, "snapshot": held.snapshot}
    rows = held.rows.replace_schema_metadata({_TOLD: json.dumps(told).encode()})
    body = io.BytesIO()
    for table in (rows, held.drawn, held.population):
        with pa.ipc.new_stream(body, table.schema) as stream:
            stream.write_table(table)
    out.write(_LENGTH.pack(body.tell()))
    out.write(body.getbuffer())
    out.flush()


def read(pipe: IO[bytes]) -> Iterator[tuple[str, Held]]:
    """Give the answers that come over, until the end or an answer that is cut short."""
    while len(head := pipe.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        body = pipe.read(length)
        if len(body) < length:
            return
        yield _opened(io.BytesIO(body))


def _opened(body: IO[bytes]) -> tuple[str, Held]:
    tables = []
    for _ in range(3):
        with pa.ipc.open_stream(body) as stream:
            tables.append(stream.read_all())
    rows, drawn, population = tables
    told = json.loads(rows.schema.metadata[_TOLD])
    held = Held(
        rows=rows.replace_schema_metadata(None),
        drawn=drawn,
        population=population,
        currency=told["currency"],
        snapshot=told["snapshot"],
    )
    return told["key"], held
