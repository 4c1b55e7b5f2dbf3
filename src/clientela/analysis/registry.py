"""Every analysis by name: what pages, the API, the command line and notebooks offer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions.abc import ABC
from clientela.analysis.expressions.ageing import AGEING
from clientela.analysis.expressions.cohorts import COHORTS
from clientela.analysis.expressions.dso import DSO
from clientela.analysis.expressions.punctuality import PUNCTUALITY
from clientela.analysis.expressions.rfm import RFM
from clientela.analysis.expressions.sales import SALES
from clientela.analysis.expressions.spec import Analysis, BadQuestion
from clientela.kernel.period import Period
from clientela.tables.contract import TableContract
from clientela.warehouse.sources import Tabular, tables_from

ANALYSES: Mapping[str, Analysis] = {
    analysis.name: analysis for analysis in (ABC, RFM, SALES, COHORTS, AGEING, PUNCTUALITY, DSO)
}


Day = date | str  # 2026-06-30 as text is as good


def _day(given: Day, name: str) -> date:
    """Return a day; of an instant, which is a date to Python, its day. Raises BadQuestion."""
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise BadQuestion(f"{name} is no day: {given!r}. Write date(2026, 6, 30)") from None


class Question:
    """An analysis as a notebook calls it: tables and `as_of` in, an Ibis expression out.

        rfm(purchases, as_of=date(2026, 6, 30)).to_pandas()
        ageing(invoices=i, allocations=a, as_of=date(2026, 6, 30), per="total")

    Tables come in the order of `analysis.reads`, or by name; each may be an Ibis table, pandas,
    polars, Arrow, rows or Parquet paths, with at least the columns that `analysis.reads` names.
    `from_on` begins the period elsewhere than by default; what else is named is a parameter.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.__name__ = analysis.name
        self.__doc__ = f"{analysis.question}\n\n{analysis.formula}\n"

    def __call__(
        self, *tables: Tabular, as_of: Day, from_on: Day | None = None, **more: Any
    ) -> ir.Table:
        """Return the answer, unexecuted; raises ContractBroken and BadQuestion."""
        given, parameters = self._sorted(tables, more)
        return self.analysis.rows(given, self._period(as_of, from_on), parameters)

    def population(
        self, *tables: Tabular, as_of: Day, from_on: Day | None = None, **more: Any
    ) -> ir.Table:
        """Return the row that says over what the answer is taken, unexecuted."""
        given, parameters = self._sorted(tables, more)
        return self.analysis.counted(given, self._period(as_of, from_on), parameters)

    def _period(self, as_of: Day, from_on: Day | None) -> Period:
        begins = None if from_on is None else _day(from_on, "from_on")
        return self.analysis.period(_day(as_of, "as_of"), begins)

    def __repr__(self) -> str:
        return f"<analysis {self.analysis.name}: {self.analysis.question}>"

    def _sorted(
        self, tables: tuple[Tabular, ...], more: dict[str, Any]
    ) -> tuple[dict[str, ir.Table], dict[str, Any]]:
        contracts: dict[str, TableContract] = {c.name: c for c in self.analysis.reads}
        if len(tables) > len(contracts):
            raise BadQuestion(f"{self.analysis.name} reads only {list(contracts)}")
        given = dict(zip(contracts, tables, strict=False))
        twice = sorted(given.keys() & more.keys())
        if twice:
            raise BadQuestion(f"{twice} given twice")
        given |= {name: more[name] for name in contracts if name in more}
        parameters = {name: value for name, value in more.items() if name not in contracts}
        return tables_from(given, contracts), parameters


QUESTIONS: Mapping[str, Question] = {name: Question(a) for name, a in ANALYSES.items()}
