"""What a page, the API, the command line and a notebook know about an analysis.

Each file beside this one holds one analysis: its expression, who and what it was taken over
(`population`), which documents a row stands for (`documents`), and the `Analysis` that says it
all as data. A new analysis is such a file and a line in `clientela.analysis.registry`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from clientela.kernel.period import Period, period_until
from clientela.kernel.reasons import Reason
from clientela.kernel.text import is_whole
from clientela.tables.contract import FieldClass, TableContract

Tables = Mapping[str, ir.Table]  # by name of contract
Unit = Literal["minor_base", "minor", "share", "days", "count", "quantity_milli", "points"]
Measure = Literal["percent", "months", "count"]
Chart = Literal["pareto", "matrix", "bars", "heat_map", "stacked_bars", "none"]


class BadQuestion(ValueError):
    """A parameter, a period or a table that the analysis cannot be asked with.

    The text is for whoever reads a traceback; `reason` is what an interface says.
    """

    def __init__(self, text: str, code: str = "question_invalid", **params: object) -> None:
        super().__init__(text)
        self.reason = Reason(code=code, params={name: str(v) for name, v in params.items()})


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One setting of an analysis, with its default and its limits.

    `is_companys`: what holds where a question does not give it is the company's to set.
    """

    name: str
    meaning: str
    type: type  # int or str
    default: int | str | None
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    unit: Measure | None = None
    is_companys: bool = False
    follows: str = ""  # its default is what the company set under this name, of another analysis
    only_with: str = ""  # the parameter without which it has no effect

    def checked(self, value: Any) -> int | str | None:
        """Return `value` (text is read as the type) or raise BadQuestion."""
        if value is None and self.default is None:
            return None
        try:
            if self.type is int and isinstance(value, str) and not is_whole(value):
                raise ValueError(value[:20])
            read: int | str = self.type(value)
        except (TypeError, ValueError):
            text = f"{self.name}: {value!r} is no {_SPOKEN[self.type]}"
            raise BadQuestion(text, "parameter_not_a_number", field=self.name) from None
        if isinstance(value, float | bool) and not self.choices:
            text = f"{self.name}: {value!r} is no {_SPOKEN[self.type]}"
            raise BadQuestion(text, "parameter_not_a_number", field=self.name)
        if self.choices and read not in self.choices:
            text = f"{self.name}: {value!r} is none of {', '.join(self.choices)}"
            choices = ", ".join(self.choices)
            raise BadQuestion(text, "parameter_not_a_choice", field=self.name, choices=choices)
        if isinstance(read, int) and not _within(read, self.least, self.most):
            text = f"{self.name}: {read} is not from {self.least} to {self.most}"
            code = "parameter_out_of_range"
            raise BadQuestion(text, code, field=self.name, least=self.least, most=self.most)
        return read


# What is worked out for a day looks back from it (rates, the months before): there are days there.
EARLIEST = date(1000, 1, 1)

_SPOKEN: Mapping[type, str] = {int: "whole number", str: "text"}


def _within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)


MONTHS = Parameter(
    name="months",
    meaning="Months that end with the last day that counts, where no first day is given.",
    type=int,
    default=12,
    least=1,
    most=60,
    unit="months",
    is_companys=True,
)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One column of the answer: its Ibis type, meaning, unit and who may see it."""

    name: str
    type: str
    meaning: str
    unit: Unit | None = None
    field_class: FieldClass = "S1"
    is_key: bool = False  # with the other keys it names the row, and opens its documents


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One analysis. `reads` names the contracts with the columns that it needs of each."""

    name: str
    question: str
    formula: str
    reads: Mapping[TableContract, tuple[str, ...]]
    optional: frozenset[TableContract] = frozenset()  # of `reads`, those it can do without
    needs: Mapping[str, tuple[TableContract, ...]] = field(
        default_factory=dict
    )  # for a `by`, which
    parameters: tuple[Parameter, ...] = ()
    rising: tuple[tuple[str, str], ...] = ()  # of the company's: the first is under the second
    figures: tuple[Figure, ...]
    order: tuple[str, ...]  # columns by which rows are shown, `-` before a falling one
    order_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # instead, for a `by`
    months: int | None  # default period that ends at `as_of`; None: all history
    is_balance: bool = False  # what stands at the end of `as_of`: it begins nowhere
    chart: Chart
    expression: Callable[..., ir.Table] = field(repr=False)
    population: Callable[..., ir.Table] = field(repr=False)
    documents: Callable[..., ir.Table] = field(repr=False)
    # of a balance, the currencies (`currency`) without a rate on its day; then amounts are null
    unvalued: Callable[[Tables, Period], ir.Table] | None = field(default=None, repr=False)
    # the documents (`currency`, `document_id`) that figures stand on and whose amount has no rate
    # on their own day; None: figures stand on no such amount
    unrated: Callable[..., ir.Table] | None = field(repr=False)
    opens: str  # the figure that the documents behind a row add up to
    leads: tuple[str, ...]  # the figures that answer the question: never left out

    def period(self, as_of: date, from_on: date | None = None) -> Period:
        """Return the days that are looked at: the default months, or from `from_on` on.

        Raises BadQuestion for a balance with a beginning, and for days that make no period.
        """
        if from_on is not None and self.is_balance:
            text = f"{self.name} is a balance at {as_of}: it has no beginning"
            raise BadQuestion(text, "balance_has_no_from", analysis=self.name)
        if from_on is not None and from_on > as_of:
            text = f"from {from_on} is after the last day, {as_of}"
            raise BadQuestion(text, "period_reversed", begins=from_on, ends=as_of)
        try:
            if as_of < EARLIEST:
                raise ValueError(as_of)
            if from_on is None:
                return period_until(as_of, self.months)
            return Period(from_on, period_until(as_of).until_on)
        except (ValueError, OverflowError):
            raise BadQuestion(f"no period ends on {as_of}", "day_out_of_range") from None

    @property
    def companys(self) -> tuple[Parameter, ...]:
        """What the company may set: parameters, and the length of the period where it has one."""
        own = tuple(p for p in self.parameters if p.is_companys)
        return own if self.months is None else (*own, replace(MONTHS, default=self.months))

    def standing_name(self, parameter: str) -> str:
        """Return the dotted name under which the company sets a parameter."""
        return f"analysis.{self.name}.{parameter}"

    def with_companys(self, values: Mapping[str, Any]) -> "Analysis":
        """Return the analysis with what the company set as its defaults, by dotted names."""
        parameters = tuple(
            replace(p, default=values.get(p.follows or self.standing_name(p.name), p.default))
            for p in self.parameters
        )
        months = self.months
        if months is not None:
            months = values.get(self.standing_name(MONTHS.name), months)
        return replace(self, parameters=parameters, months=months)

    def settings(self, given: Mapping[str, Any]) -> dict[str, int | str | None]:
        """Return every parameter with its value: as given and checked, else the default."""
        unknown = sorted(given.keys() - {p.name for p in self.parameters})
        if unknown:
            name, known = unknown[0][:60], ", ".join(p.name for p in self.parameters)
            text = f"{self.name} has no parameter {name}; it has: {known or 'none'}"
            if not known:
                raise BadQuestion(text, "parameters_none", parameter=name)
            raise BadQuestion(text, "parameter_unknown", parameter=name, known=known)
        return {p.name: p.checked(given.get(p.name, p.default)) for p in self.parameters}

    def rows(
        self, tables: Tables, period: Period, given: Mapping[str, Any] | None = None
    ) -> ir.Table:
        """Return the answer, in the columns of `figures`, ordered."""
        settings = self.settings(given or {})
        answer = self.expression(self._needed(tables), period, **settings)
        return self.in_order(answer.select(*(f.name for f in self.figures)), settings)

    def ordered_by(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the columns by which the rows of an answer are shown."""
        return self.order_by.get(str(settings.get("by")), self.order)

    def in_order(self, answer: ir.Table, settings: Mapping[str, Any]) -> ir.Table:
        """Return an answer in the order it is shown in."""
        keys = [
            ibis.desc(name[1:], nulls_first=False)
            if name.startswith("-")
            else ibis.asc(name, nulls_first=False)
            for name in self.ordered_by(settings)
        ]
        return answer.order_by(*keys)

    def counted(
        self, tables: Tables, period: Period, given: Mapping[str, Any] | None = None
    ) -> ir.Table:
        """Return the one row of `POPULATION` that says over what the answer was taken."""
        return self.population(self._needed(tables), period, **self.settings(given or {}))

    def behind(
        self,
        tables: Tables,
        period: Period,
        row: Mapping[str, Any],
        given: Mapping[str, Any] | None = None,
    ) -> ir.Table:
        """Return the documents that the row with these keys stands for, oldest first."""
        keys = [f.name for f in self.figures if f.is_key]
        if set(row) != set(keys):
            raise BadQuestion(f"{self.name}: a row is named by {keys}")
        found = self.documents(
            self._needed(tables), period, dict(row), **self.settings(given or {})
        )
        return found.select(*DOCUMENTS).order_by("day", "document_id")

    def unconverted(
        self, tables: Tables, period: Period, given: Mapping[str, Any] | None = None
    ) -> ir.Table | None:
        """Return currency -> `documents` that figures stand on and that lack their day's rate.

        `first_id` is the least of them. What the answer leaves out is none of them. None: no figure is taken at documents' rates.
        """
        if self.unrated is None:
            return None
        found = self.unrated(self._needed(tables), period, **self.settings(given or {}))
        return found.group_by("currency").agg(
            documents=found.document_id.nunique(), first_id=found.document_id.min()
        )

    def without_rate(self, tables: Tables, period: Period) -> ir.Table | None:
        """Return the currencies that a balance lacks the day's rate of; None: it is no balance."""
        return None if self.unvalued is None else self.unvalued(self._needed(tables), period)

    def _needed(self, tables: Tables) -> dict[str, ir.Table]:
        """Return the tables of `reads`, cut to the columns needed; raises ContractBroken."""
        missing = [c.name for c in self.reads if c not in self.optional and c.name not in tables]
        if missing:
            raise BadQuestion(f"{self.name} needs the tables {sorted(missing)}")
        return {
            contract.name: contract.check(tables[contract.name], *columns)
            for contract, columns in self.reads.items()
            if contract.name in tables
        }


# Columns of the row that says over what an answer was taken. Amounts: minor units of the base.
POPULATION = {
    "customers": "int64",  # distinct, of the documents counted
    "documents": "int64",
    "amount_minor": "int64",
    "anonymous_documents": "int64",  # left out, or kept under no customer: see the analysis
    "anonymous_minor": "int64",  # null: one of them has no rate; so is that of the next
    "unsettled_customers": "int64",  # distinct, of the documents left out as follows
    "unsettled_documents": "int64",  # left out: their source does not tell payments
    "unsettled_minor": "int64",
    "currencies": "int64",  # distinct currencies of the documents counted
}

# Columns of the documents behind a row.
DOCUMENTS = {
    "document_id": "int64",
    "customer_id": "int64",
    "day": "date",
    "kind": "string",
    "amount_minor": "int64",  # what the document adds to the row, minor units of the base
}
