"""Each analysis as a notebook calls it: a function of tables that says what it takes.

    rfm(purchases, as_of=date(2026, 6, 30)).to_pandas()
    ageing(invoices=i, allocations=a, as_of=date(2026, 6, 30), per="total")

Tables come in the order of `Analysis.reads`, or by name; each is held to its contract before
anything is worked out. What a call takes and gives is in its signature and its docstring, which
are made from the `Analysis` (see `explaining`).
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol, cast

import ibis.expr.types as ir

from clientela.analysis.explaining import explained, signature_of
from clientela.analysis.expressions.rates import with_rates
from clientela.analysis.expressions.spec import Analysis, BadQuestion, Tables
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.contract import ContractBroken, TableContract
from clientela.tables.exchange_rates import EXCHANGE_RATES
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS
from clientela.warehouse.checking import hold_to_contract, rows_of_callers
from clientela.warehouse.sources import Tabular, tables_from

Day = date | str  # 2026-06-30 as text is as good


class Question(Protocol):
    """An analysis to be called: tables and `as_of` in, an Ibis expression out."""

    analysis: Analysis
    population: Callable[..., ir.Table]  # called alike: over what the answer is taken
    __name__: str

    def __call__(
        self, *tables: Tabular, as_of: Day, from_on: Day | None = None, **more: Any
    ) -> ir.Table:
        """Return the answer, unexecuted; raises ContractBroken and BadQuestion."""


def question_of(analysis: Analysis) -> Question:
    """Return an analysis as a function, with its signature and what it says of itself."""

    def answer(*tables: Tabular, as_of: Day, from_on: Day | None = None, **more: Any) -> ir.Table:
        given, parameters = _sorted(analysis, tables, more)
        period = _period(analysis, as_of, from_on)
        lacking = _held(analysis, given)
        expression = analysis.rows(given, period, parameters)
        if lacking:
            _refuse_missing_amounts(analysis, given, period, parameters, lacking)
        return expression

    def population(
        *tables: Tabular, as_of: Day, from_on: Day | None = None, **more: Any
    ) -> ir.Table:
        given, parameters = _sorted(analysis, tables, more)
        period = _period(analysis, as_of, from_on)
        _held(analysis, given)
        return analysis.counted(given, period, parameters)

    counted = "Return one row that says over what the answer is taken. Called as the analysis is."
    for made, name, doc in (
        (answer, analysis.name, explained(analysis)),
        (population, f"{analysis.name}.population", counted),
    ):
        made.__name__ = made.__qualname__ = name
        made.__module__ = "clientela.analysis"
        made.__doc__ = doc
        made.__signature__ = signature_of(analysis)  # type: ignore[attr-defined]
    question = cast("Question", answer)
    question.analysis, question.population = analysis, population
    return question


def day_of(given: Day, name: str) -> date:
    """Return a day; of an instant, which is a date to Python, its day. Raises BadQuestion."""
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise BadQuestion(f"{name} is no day: {given!r}. Write date(2026, 6, 30)") from None


def _period(analysis: Analysis, as_of: Day, from_on: Day | None) -> Period:
    begins = None if from_on is None else day_of(from_on, "from_on")
    return analysis.period(day_of(as_of, "as_of"), begins)


def _sorted(
    analysis: Analysis, tables: tuple[Tabular, ...], more: dict[str, Any]
) -> tuple[dict[str, ir.Table], dict[str, Any]]:
    """Return tables and parameters of what was given; None is no table."""
    contracts: dict[str, TableContract] = {c.name: c for c in analysis.reads}
    if len(tables) > len(contracts):
        raise BadQuestion(f"{analysis.name} reads only {list(contracts)}")
    given = dict(zip(contracts, tables, strict=False))
    twice = sorted(given.keys() & more.keys())
    if twice:
        raise BadQuestion(f"{twice} given twice")
    given |= {name: more[name] for name in contracts if name in more}
    given = {name: table for name, table in given.items() if table is not None}
    parameters = {name: value for name, value in more.items() if name not in contracts}
    analysis.settings(parameters)  # refused before a table is read
    return tables_from(given, contracts), parameters


def _held(analysis: Analysis, tables: Tables) -> list[str]:
    """Return which amounts in the base currency are null somewhere; raises ContractBroken."""
    lacking = []
    for contract, columns in analysis.reads.items():
        if contract.name in tables:
            nulls = hold_to_contract(tables[contract.name], contract, columns)
            amounts = [name for name in columns if name.endswith("_base_minor")]
            lacking += [f"{contract.name}.{name}" for name in amounts if name in nulls]
    if PAYMENTS in analysis.reads and PAYMENTS not in analysis.optional:
        _refuse_unknown_payments(tables)
    return lacking


def _refuse_unknown_payments(tables: Tables) -> None:
    """Raise ContractBroken where a payment settles an invoice that is given and is not given itself.

    Nobody would know on which day it was paid. Where payments may be left out some may. Allocations of other invoices are no matter: who
    asks about some invoices may give the allocations of all.
    """
    if not {INVOICES.name, ALLOCATIONS.name, PAYMENTS.name} <= tables.keys():
        return  # what is missing is told by name
    i = INVOICES.check(tables[INVOICES.name], "invoice_id")
    a = ALLOCATIONS.check(tables[ALLOCATIONS.name], "invoice_id", "payment_id")
    p = PAYMENTS.check(tables[PAYMENTS.name], "payment_id")
    a = a.filter(a.payment_id.notnull()).semi_join(i, "invoice_id").anti_join(p, "payment_id")
    for row in rows_of_callers(a.agg(rows=a.count(), first=a.payment_id.min())):
        if row["rows"]:
            raise ContractBroken(
                f"allocations.payment_id: {row['rows']} rows of invoices that are given name a "
                f"payment that is not in payments, such as {row['first']}. Give these payments too"
            )


def _refuse_missing_amounts(
    analysis: Analysis,
    tables: Tables,
    period: Period,
    parameters: dict[str, Any],
    lacking: list[str],
) -> None:
    """Raise ContractBroken where figures stand on documents without an amount in the base currency.

    Their sum would be short of them, and nobody would see it. What the answer leaves out may lack
    one.
    """
    if EXCHANGE_RATES in analysis.reads:
        tables = with_rates(tables)  # in one currency the documents' own amounts will do
    missing = analysis.unconverted(tables, period, parameters)
    found = [] if missing is None else rows_of_callers(missing.order_by("currency"))
    if not found:
        return
    told = ", ".join(
        f"{row['documents']} in {row['currency']} (such as {row['first_id']})" for row in found
    )
    raise ContractBroken(
        f"{analysis.name}: {' or '.join(lacking)}: null or NaN in documents that the figures stand "
        f"on: {told}. Their sum would be short. Give each its amount in the base currency (in a "
        "single currency, its own), or leave it out"
    )
