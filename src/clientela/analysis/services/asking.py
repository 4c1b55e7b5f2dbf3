"""An analysis asked by a user: scoped, over one currency, with names where they may be seen.

Classes of customers are computed over everything and stored (`classifying`); what is asked
here takes the reader's own reach as its population and says so.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Analysis, BadQuestion, Figure
from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import Answer, Column
from clientela.analysis.services.copy import open_session
from clientela.kernel.money import Money
from clientela.kernel.period import Period
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.kernel.scope import Scope
from clientela.records.selectors import named_customers, source_id_of
from clientela.runtime import keys
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.security.selectors import base_currency
from clientela.tables.contract import TableContract
from clientela.warehouse.session import Session

MONEY = {"minor_base", "minor"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question: which analysis, over what time, how, and from which source."""

    analysis: Analysis
    period: Period
    as_of: date
    parameters: Mapping[str, Any]
    source: str | None = None


def question(
    name: str,
    *,
    as_of: date,
    from_on: date | None = None,
    parameters: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> Asked:
    """Return a checked question. Raises NotInScope for an unknown name, Invalid for the rest."""
    analysis = ANALYSES.get(name)
    if analysis is None:
        raise NotInScope("analysis")
    try:
        settings = analysis.settings(dict(parameters or {}))
        period = analysis.period(as_of, from_on)
    except (BadQuestion, ValueError) as error:
        raise Invalid(Reason(code="question_invalid", params={"why": str(error)})) from error
    return Asked(analysis=analysis, period=period, as_of=as_of, parameters=settings, source=source)


def ask(access: Access, asked: Asked) -> Answer:
    """Answer a question over what `access` reaches.

    Raises NotPermitted; Invalid when amounts are in several currencies and a rate is missing.
    """
    access.demand("analysis.run")
    analysis = asked.analysis
    with _tables(access, asked) as (session, tables, currency):
        _refuse_missing_rates(session, tables)
        rows = session.rows(analysis.rows(tables, asked.period, asked.parameters))
        (population,) = session.rows(analysis.counted(tables, asked.period, asked.parameters))
        snapshot = session.snapshot
    seen = [f for f in analysis.figures if f.field_class in _classes(access)]
    return Answer(
        analysis=analysis.name,
        as_of=asked.as_of,
        from_on=asked.period.from_on,
        snapshot=snapshot,
        parameters=asked.parameters,
        population=_population(population, currency, access),
        currency=currency,
        columns=_columns(seen),
        rows=_rows(access, seen, rows, currency),
    )


def documents_behind(
    access: Access, asked: Asked, row: Mapping[str, Any], *, most: int = 500
) -> list[dict[str, Any]]:
    """Return the documents that a row stands for, oldest first, at most `most`."""
    access.demand("analysis.run")
    with _tables(access, asked) as (session, tables, currency):
        try:
            behind = asked.analysis.behind(tables, asked.period, row, asked.parameters)
        except BadQuestion as error:
            raise Invalid(Reason(code="question_invalid", params={"why": str(error)})) from error
        rows = session.rows(behind.limit(most))
    return [
        {**row, "amount": str(Money.of_minor(row["amount_minor"], currency).amount)} for row in rows
    ]


@contextmanager
def _tables(access: Access, asked: Asked) -> Iterator[tuple[Session, dict[str, ir.Table], str]]:
    """Open a session in the user's scope; give its tables and the currency of their amounts."""
    with open_session().scoped(_scope(access)) as session:
        tables = {}
        for contract in asked.analysis.reads:
            if asked.source is None or contract not in asked.analysis.optional:
                tables[contract.name] = session.table(contract)
        if asked.source is not None:
            tables = _of_source(tables, source_id_of(access, asked.source))
        currency = _single_currency(session, tables)
        if currency is not None:
            tables = {name: _in_own_currency(table) for name, table in tables.items()}
        yield session, tables, currency or base_currency()


def _scope(access: Access) -> Scope:
    reach = access.reach("analysis.run")
    return Scope(
        all=reach.everything,
        nodes=tuple(sorted(reach.nodes)),
        owner_id=reach.owner_id if reach.own_nodes else None,
        classes=frozenset(_classes(access)),
    )


def _classes(access: Access) -> set[str]:
    plain = access.worst_view("S3", "analysis.run") is View.PLAIN
    return {"S0", "S1", "S3"} if plain else {"S0", "S1"}


def _of_source(tables: dict[str, ir.Table], source_id: int) -> dict[str, ir.Table]:
    """Cut every table to one source; allocations follow their invoices."""
    cut = {
        name: table.filter(table.source_id == source_id) if "source_id" in table.columns else table
        for name, table in tables.items()
    }
    if "allocations" in cut and "invoices" in cut:
        cut["allocations"] = cut["allocations"].semi_join(cut["invoices"], "invoice_id")
    return cut


def _single_currency(session: Session, tables: Mapping[str, ir.Table]) -> str | None:
    """Return the currency that all amounts are in, when they are in one."""
    found: set[str] = set()
    for table in tables.values():
        if "currency" in table.columns:
            found |= {row["currency"] for row in session.rows(table.select("currency").distinct())}
    return found.pop() if len(found) == 1 else None


def _in_own_currency(table: ir.Table) -> ir.Table:
    """Take amounts as they stand on the documents: one currency needs no conversion."""
    changed = {
        f"{plain}_base_minor": table[f"{plain}_minor"]
        for plain in ("net", "gross", "amount")
        if {f"{plain}_base_minor", f"{plain}_minor"} <= set(table.columns)
    }
    return table.mutate(**changed) if changed else table


def _refuse_missing_rates(session: Session, tables: Mapping[str, ir.Table]) -> None:
    for name, table in tables.items():
        for column in ("net_base_minor", "amount_base_minor"):
            if column not in table.columns:
                continue
            lacking = table.filter(table[column].isnull())
            found = session.rows(lacking.group_by("currency").agg(n=lacking.count()))
            if found:
                told = ", ".join(f"{row['currency']}: {row['n']}" for row in found)
                params = {"table": name, "documents": told}
                raise Invalid(Reason(code="rate_missing", params=params))


def _population(row: Mapping[str, Any], currency: str, access: Access) -> dict[str, Any]:
    def money(minor: int) -> dict[str, str]:
        return {"amount": str(Money.of_minor(minor, currency).amount), "currency": currency}

    return {
        "scope": "everything" if access.reach("analysis.run").everything else "own_reach",
        "customers": row["customers"],
        "documents": row["documents"],
        "amounts": [money(row["amount_minor"])],
        "anonymous": {"documents": row["anonymous_documents"], **money(row["anonymous_minor"])},
        "without_settlement": {
            "documents": row["unsettled_documents"],
            **money(row["unsettled_minor"]),
        },
    }


def _columns(figures: Sequence[Figure]) -> list[Column]:
    columns = []
    for figure in figures:
        if figure.name == "customer_id":
            columns += [
                Column(name="customer", type="string"),
                Column(name="name", type="string"),
                Column(name="source_keys", type="array<string>"),
            ]
        elif figure.unit in MONEY:
            columns.append(Column(name=_plain(figure.name), type="decimal", unit="currency"))
        else:
            columns.append(Column(name=figure.name, type=figure.type, unit=figure.unit))
    if any(figure.unit in MONEY for figure in figures):
        columns.append(Column(name="currency", type="string"))
    return columns


def _rows(
    access: Access, figures: Sequence[Figure], rows: Sequence[Mapping[str, Any]], currency: str
) -> list[dict[str, Any]]:
    per_customer = any(f.name == "customer_id" for f in figures)
    named = _named(access, [r["customer_id"] for r in rows]) if per_customer else {}
    money = {f.name for f in figures if f.unit in MONEY}
    out = []
    for row in rows:
        shown: dict[str, Any] = {}
        for figure in figures:
            value = row[figure.name]
            if figure.name == "customer_id":
                shown |= named[value]
            elif figure.name in money:
                amount = None if value is None else str(Money.of_minor(value, currency).amount)
                shown[_plain(figure.name)] = amount
            else:
                shown[figure.name] = value.isoformat() if isinstance(value, date) else value
        if money:
            shown["currency"] = currency
        out.append(shown)
    return out


def _named(access: Access, ids: Sequence[int | None]) -> dict[int | None, dict[str, Any]]:
    """Return public id, name and source keys; a pseudonym for who may not read customers."""
    nobody: dict[str, Any] = {"customer": None, "name": None, "source_keys": []}
    wanted = [i for i in ids if i is not None]
    if not access.may("customer.read"):
        return {None: nobody} | {i: nobody | {"customer": _pseudonym(i)} for i in wanted}
    known = named_customers(access, wanted)
    return {None: nobody} | {
        i: {
            "customer": known[i].public_id,
            "name": str(known[i].name),
            "source_keys": known[i].source_keys,
        }
        if i in known
        else nobody | {"customer": _pseudonym(i)}
        for i in wanted
    }


def _pseudonym(customer_id: int) -> str:
    mac = hmac.new(keys.key("blind_index"), f"pseudonym|{customer_id}".encode(), sha256)
    return mac.hexdigest()[:16]


def _plain(name: str) -> str:
    return name.removesuffix("_minor").removesuffix("_base")


def contracts_of(name: str) -> list[TableContract]:
    """Return the contracts that an analysis reads, for the page that shows its formula."""
    return list(ANALYSES[name].reads)
