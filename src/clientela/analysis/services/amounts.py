"""In which currencies the documents of a table are, and which of them lack a rate.

Every question has to know it before it is answered. It is the same for all questions over the
same rows of one snapshot, so each table is looked through once for a reach, not for a question.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir

from clientela.kernel.reasons import Invalid, Reason
from clientela.warehouse.session import Session

RATED = ("net_base_minor", "amount_base_minor")  # null where no rate was known
MOST = 400  # tables known at once
_known: dict[Hashable, "Amounts"] = {}


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What is told of one table. `lacking`: column -> currency -> documents without the amount."""

    currencies: frozenset[str]
    lacking: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


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
            told[name] = known or _looked_through(session, table)
            if len(_known) >= MOST:
                _known.clear()
            _known[(cut, name)] = told[name]
    return told


def refuse_missing_rates(told: Mapping[str, Amounts]) -> None:
    """Raise Invalid when documents lack an amount in the currency of the answer."""
    for name, amounts in told.items():
        for lacking in amounts.lacking.values():
            if lacking:
                documents = ", ".join(f"{currency}: {n}" for currency, n in lacking.items())
                params = {"table": name, "documents": documents}
                raise Invalid(Reason(code="rate_missing", params=params))


def lacking_of(told: Mapping[str, Amounts]) -> dict[str, int]:
    """Return currency -> documents that lack an amount in the currency of the answer."""
    found: dict[str, int] = {}
    for amounts in told.values():
        for lacking in amounts.lacking.values():
            for currency, documents in lacking.items():
                found[currency] = max(documents, found.get(currency, 0))
    return dict(sorted(found.items()))


def _looked_through(session: Session, table: ir.Table) -> Amounts:
    rated = [name for name in RATED if name in table.columns]
    lacks = {f"lacks_{name}": table.count(where=table[name].isnull()) for name in rated}
    found = session.rows(table.group_by("currency").agg(documents=table.count(), **lacks))
    return Amounts(
        currencies=frozenset(row["currency"] for row in found),
        lacking={
            name: {row["currency"]: n for row in found if (n := row[f"lacks_{name}"])}
            for name in rated
        },
    )
