"""Answers worked out once, for every page, order and chart that is made from them.

The first page of an analysis, the next one, another order and the chart are all parts of one
answer: it is worked out into a table, and they are taken from that. What was worked out lately
stays in this process, so that whoever turns a page or comes back waits for no engine. The key
names everything that an answer depends on, the reader's reach above all: who reaches something
else asks anew, and so does everybody once the copy has moved on (see `warming`).
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from clientela.analysis.expressions.spec import BadQuestion
from clientela.analysis.expressions.summaries import SUMMARIES, everything
from clientela.analysis.services.amounts import refuse_missing_rates
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.question import Asked
from clientela.analysis.services.regions import with_inner_region
from clientela.analysis.services.tables import scope_of, tables_for
from clientela.analysis.services.valuing import refuse_without_value
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
    population: pa.Table  # one row
    currency: str
    snapshot: int | None
    held: "Held | None" = None  # the same, where it is held


@dataclass(frozen=True, kw_only=True)
class Held:
    """The same apart from any session."""

    rows: pa.Table
    drawn: pa.Table  # what the chart shows
    population: pa.Table  # one row
    currency: str
    snapshot: int


class Shelf:
    """Answers held in this process, the least lately used given up first."""

    def __init__(self, most: int = MOST, largest: int = LARGEST) -> None:
        self.most, self.largest = most, largest
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Held | None:
        """Return what is held under a key."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keys(self) -> list[str]:
        """Return the keys of all that is held."""
        with self._lock:
            return list(self._held)

    def put(self, key: str, held: Held) -> None:
        """Hold an answer, unless it is too large to be worth it; give up those of before."""
        if held.rows.nbytes > self.largest:
            return
        with self._lock:
            for passed in [k for k, one in self._held.items() if one.snapshot < held.snapshot]:
                del self._held[passed]
            self._held[key] = held
            while sum(one.rows.nbytes for one in self._held.values()) > self.most:
                self._held.popitem(last=False)


SHELF = Shelf()


def held_under(key: str) -> Held | None:
    """Return the answer that this process holds under a key."""
    return SHELF.get(key)


def hold(key: str, held: Held) -> None:
    """Hold an answer under a key."""
    SHELF.put(key, held)


def is_of(access: Access, asked: Asked, worked: Worked) -> bool:
    """Tell whether an answer is of the newest snapshot, so that what is made of it can be held."""
    return worked.snapshot == key_of(access, asked)[1]


@contextmanager
def worked_out(access: Access, asked: Asked) -> Iterator[Worked]:
    """Give the answer to a question as a table that parts can be taken from.

    Raises NotPermitted for figures above the user's classes, Invalid when a rate is missing, and
    NoSnapshot before the first refresh.
    """
    asked = with_inner_region(asked)
    key, number = key_of(access, asked)
    held = SHELF.get(key)
    if held is None:
        with worked_anew(access, asked) as worked:
            held = _held(asked, worked, number)
            if held is not None:
                SHELF.put(key, held)
            yield replace(worked, held=held)
        return
    with Session.duckdb() as session:
        yield Worked(
            session=session,
            table=ibis.memtable(held.rows),
            population=held.population,
            currency=held.currency,
            snapshot=held.snapshot,
            held=held,
        )


def to_hold(access: Access, asked: Asked, *, but: Collection[str] = ()) -> tuple[str, Held | None]:
    """Return an answer worked out anew with its key; None for one that is not to be held.

    :param but: keys of what need not be worked out.
    """
    asked = with_inner_region(asked)
    key, number = key_of(access, asked)
    if key in but:
        return key, None
    with worked_anew(access, asked) as worked:
        return key, _held(asked, worked, number)


@contextmanager
def worked_anew(access: Access, asked: Asked) -> Iterator[Worked]:
    """Give the answer to a question, whatever is held; raises as `worked_out` does."""
    with tables_for(access, asked.analysis, asked.source) as opened:
        session, tables = opened.session, opened.tables
        with answerable(asked):
            refuse_missing_rates(session, asked, tables, opened.converted)
            answer = asked.analysis.rows(tables, asked.period, asked.parameters)
        counted = asked.analysis.counted(tables, asked.period, asked.parameters)
        answer, counted = session.shared(answer, counted)
        table = session.kept(answer)
        population = session.arrow(counted)
        if population["amount_minor"][0].as_py() is None:
            refuse_without_value(session, asked, tables)
        yield Worked(
            session=session,
            table=table,
            population=population,
            currency=opened.currency,
            snapshot=session.snapshot,
        )


def key_of(access: Access, asked: Asked) -> tuple[str, int]:
    """Return a name for everything that an answer depends on, and the newest snapshot's number.

    The name is the same in every process of an installation.
    """
    snapshot = open_snapshot(copy_folder())
    copied = snapshot.state
    settings = dict(asked.parameters)
    source = None if asked.source is None else source_id_of(access, asked.source)
    question = (asked.analysis.name, asdict(asked.period), settings, source)
    return _name(copied, asdict(scope_of(access)), question, base_currency()), snapshot.number


def _name(*parts: object) -> str:
    text = json.dumps(parts, default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"a key holds no {type(value).__name__}")


def _held(asked: Asked, worked: Worked, number: int) -> Held | None:
    """Return what can be held of an answer; None where it is too large, or of another snapshot."""
    session, table = worked.session, worked.table
    if session.snapshot != number or not session.engine.keeps:
        return None
    if int(session.value(table.count())) * len(table.columns) * 8 > LARGEST:
        return None
    return Held(
        rows=session.arrow(table),
        drawn=session.arrow(summary_of(asked.analysis.name, asked.in_order(table))),
        population=worked.population,
        currency=worked.currency,
        snapshot=number,
    )


def summary_of(name: str, table: ir.Table) -> ir.Table:
    """Return the few rows of an answer, which is in its order, that a chart shows."""
    return SUMMARIES.get(name, everything)(table)


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
