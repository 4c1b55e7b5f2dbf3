"""In which currencies the documents of a table are, and which of them lack a rate.

Every question has to know it before it is answered. It is the same for all questions over the
same rows of one snapshot, so each table is looked through once for a reach, not for a question.
Where documents lack one, the question is asked which of them its figures stand on: what it leaves
out refuses nothing.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis.expr.types as ir

from clientela.analysis.services.question import Asked
from clientela.kernel.reasons import Invalid, Reason
from clientela.store.context import system_context
from clientela.tables.registry import CONTRACTS
from clientela.trade.selectors.rates import unconverted
from clientela.warehouse.session import Session

RATED = ("net_base_minor", "amount_base_minor")  # null where no rate was known
MOST = 400  # tables known at once
_known: dict[Hashable, "Amounts"] = {}


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What is told of one table.

    :param counted: of documents that may take part in an answer. An invoice of a source that tells
        no payments is in none of what is owed, which is all that `invoices` themselves are read
        for; where all are such, those of all.
    :param lacking: column -> (currency, day) -> documents of that day without the amount; the day
        is None where none is known.
    """

    currencies: frozenset[str]
    counted: frozenset[str]
    lacking: Mapping[str, Mapping[tuple[str, date | None], int]] = field(default_factory=dict)


def amounts_of(
    session: Session, tables: Mapping[str, ir.Table], source: int | None
) -> dict[str, Amounts]:
    """Return what is told of each table that has currencies.

    :param source: number of the source that the tables were cut to.
    """
    told = {}
    # What a table is cut to by a source depends on the tables beside it.
    cut = (session.state, session.scope, source, source and tuple(sorted(tables)))
    for name, table in tables.items():
        if "currency" in table.columns:
            known = _known.get((cut, name)) if session.state else None
            told[name] = known or _looked_through(session, table, CONTRACTS[name].day)
            if len(_known) >= MOST:
                _known.clear()
            _known[(cut, name)] = told[name]
    return told


def refuse_missing_rates(
    session: Session, asked: Asked, tables: Mapping[str, ir.Table], told: Mapping[str, Amounts]
) -> None:
    """Raise Invalid when documents that figures stand on lack an amount in their currency.

    It says apart that the rates are there by now, and the copy does not have them yet.
    """
    as_of = asked.as_of
    lacking = lacking_of(told, as_of=as_of) and _stood_on(session, asked, tables)
    if not lacking:
        return
    with system_context("looking whether the rates that figures lack are there by now"):
        still = {currency for currency, *_ in unconverted(until=as_of)}
    if not still & lacking.keys():
        raise Invalid(Reason(code="rates_on_their_way"))
    documents = ", ".join(f"{currency}: {n}" for currency, n in lacking.items())
    raise Invalid(Reason(code="rate_missing", params={"documents": documents}))


def _stood_on(session: Session, asked: Asked, tables: Mapping[str, ir.Table]) -> dict[str, int]:
    """Return currency -> documents without an amount that the figures of a question stand on."""
    found = asked.analysis.unconverted(tables, asked.period, asked.parameters)
    rows = [] if found is None else session.rows(found.order_by("currency"))
    return {row["currency"]: row["documents"] for row in rows}


def lacking_of(told: Mapping[str, Amounts], *, as_of: date) -> dict[str, int]:
    """Return currency -> documents to a day that lack an amount in the currency of the answer.

    A document after that day concerns no answer as of it.
    """
    found: dict[str, int] = {}
    for amounts in told.values():
        for lacking in amounts.lacking.values():
            counted = Counter[str]()
            for (currency, day), documents in lacking.items():
                if day is None or day <= as_of:
                    counted[currency] += documents
            for currency, documents in counted.items():
                found[currency] = max(documents, found.get(currency, 0))
    return dict(sorted(found.items()))


def _looked_through(session: Session, table: ir.Table, day: str | None) -> Amounts:
    rated = [name for name in RATED if name in table.columns]
    lacks = {f"lacks_{name}": table.count(where=table[name].isnull()) for name in rated}
    counted = table.settlement == "known" if "settlement" in table.columns else None
    found = session.rows(
        table.group_by("currency").agg(documents=table.count(where=counted), **lacks)
    )
    some = [name for name in rated if any(row[f"lacks_{name}"] for row in found)]
    currencies = frozenset(row["currency"] for row in found)
    return Amounts(
        currencies=currencies,
        counted=frozenset(row["currency"] for row in found if row["documents"]) or currencies,
        lacking={name: _by_day(session, table, name, day) for name in some},
    )


def _by_day(
    session: Session, table: ir.Table, name: str, day: str | None
) -> dict[tuple[str, date | None], int]:
    without = table.filter(table[name].isnull())
    keys = ["currency", *([day] if day else [])]
    rows = session.rows(without.group_by(*keys).agg(documents=without.count()))
    return {(row["currency"], row[day] if day else None): row["documents"] for row in rows}
