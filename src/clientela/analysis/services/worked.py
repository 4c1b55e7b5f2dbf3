"""Answers worked out once for each question, reach and snapshot of the copy.

A page of an answer, the next one, another order and the chart are all parts of one answer: it is
worked out into a table, and they are taken from that. What was worked out lately stays in this
process, so that whoever turns a page or comes back waits for no engine. The key names everything
that an answer depends on, the reader's reach above all: who reaches something else asks anew, and
so does everybody once the copy has moved on.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from clientela.analysis.expressions.spec import BadQuestion
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.question import Asked
from clientela.analysis.services.tables import (
    refuse_missing_rates,
    scope_of,
    tables_for,
)
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.records.selectors import source_id_of
from clientela.security.permits import Access
from clientela.security.selectors import base_currency
from clientela.tables.contract import ContractBroken
from clientela.warehouse.session import Session
from clientela.warehouse.snapshots import open_snapshot

LARGEST = 16_000_000  # bytes of one answer that is held
MOST = 96_000_000  # bytes of all of them


@dataclass(frozen=True, kw_only=True)
class Worked:
    """An answer that is worked out. `table` belongs to `session` and is in no order."""

    session: Session = field(repr=False)
    table: ir.Table = field(repr=False)
    population: dict[str, Any]
    currency: str
    snapshot: int | None


@dataclass(frozen=True, kw_only=True)
class _Held:
    rows: pa.Table
    population: dict[str, Any]
    currency: str
    snapshot: int


class Shelf:
    """Answers held in this process, the least lately used given up first."""

    def __init__(self, most: int = MOST, largest: int = LARGEST) -> None:
        self.most, self.largest = most, largest
        self._held: OrderedDict[Hashable, _Held] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Held | None:
        """Return what is held under a key."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, held: _Held) -> None:
        """Hold an answer, unless it is too large to be worth it."""
        if held.rows.nbytes > self.largest:
            return
        with self._lock:
            self._held[key] = held
            while sum(one.rows.nbytes for one in self._held.values()) > self.most:
                self._held.popitem(last=False)

    def clear(self) -> None:
        """Give everything up."""
        with self._lock:
            self._held.clear()


SHELF = Shelf()


@contextmanager
def worked_out(access: Access, asked: Asked) -> Iterator[Worked]:
    """Give the answer to a question as a table that parts can be taken from.

    Raises NotPermitted for figures above the user's classes, Invalid when a rate is missing, and
    NoSnapshot before the first refresh.
    """
    key, number = _key(access, asked)
    held = SHELF.get(key)
    if held is not None:
        with Session.duckdb() as session:
            yield Worked(
                session=session,
                table=ibis.memtable(held.rows),
                population=held.population,
                currency=held.currency,
                snapshot=held.snapshot,
            )
        return
    with tables_for(access, asked.analysis, asked.source) as (session, tables, currency):
        refuse_missing_rates(session, tables)
        with answerable(asked):
            answer = asked.analysis.rows(tables, asked.period, asked.parameters)
        table = session.kept(answer)
        counted = asked.analysis.counted(tables, asked.period, asked.parameters)
        (population,) = session.rows(counted)
        if session.snapshot == number and session.engine.keeps and _is_small(session, table):
            rows = session.arrow(table)
            held = _Held(rows=rows, population=population, currency=currency, snapshot=number)
            SHELF.put(key, held)
        yield Worked(
            session=session,
            table=table,
            population=population,
            currency=currency,
            snapshot=session.snapshot,
        )


def _key(access: Access, asked: Asked) -> tuple[Hashable, int]:
    """Return everything that an answer depends on, and the number of the newest snapshot."""
    snapshot = open_snapshot(copy_folder())
    copied = (snapshot.database, snapshot.number, snapshot.watermark, str(snapshot.folder))
    settings = tuple(sorted(asked.parameters.items()))
    source = None if asked.source is None else source_id_of(access, asked.source)
    question = (asked.analysis.name, asked.period, settings, source)
    return (copied, scope_of(access), question, base_currency()), snapshot.number


def _is_small(session: Session, table: ir.Table) -> bool:
    return int(session.value(table.count())) * len(table.columns) * 8 <= LARGEST


@contextmanager
def answerable(asked: Asked) -> Iterator[None]:
    """Refuse what cannot be asked, or needs a column that the reader's tables do not have."""
    try:
        yield
    except BadQuestion as error:
        raise Invalid(error.reason) from error
    except ContractBroken as error:  # a column was dropped from the reader's tables
        params = {"act": f"analysis.{asked.analysis.name}"}
        raise NotPermitted(Reason(code="act_not_permitted", params=params)) from error
