"""A file of exchange rates: every row is read and told of, and all are kept or none.

It has a column each for the day, the currency, the group's currency and the rate, under names that
people give them. A rate is written without marks between thousands, so that 1,085 and 1.085 are one
and a bit, whichever mark the column uses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from clientela.intake.grammar.answers import Parsed, plain
from clientela.intake.grammar.dates import DateFormat, parse_day
from clientela.intake.grammar.formats import Undecided, decide_dates
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.grammar.places import parse_currency
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.describe import describe
from clientela.intake.reading.faults import FileRefused, reason
from clientela.intake.reading.names import key_of
from clientela.intake.reading.records import records
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.permits import Access
from clientela.store.spreadsheets import restored
from clientela.trade.services import RatesEntered, enter_rates
from clientela.trade.services.rates import DECIMALS, GivenRate, demand_base, faults_of, given_twice

MOST_ROWS = 50_000
NAMES: Mapping[str, tuple[str, ...]] = {
    "day": ("day", "date", "on", "on day", "rate date", "valid on", "日期", "日", "汇率日期",
            "fecha", "día"),
    "from": ("from", "currency", "from currency", "foreign currency", "货币", "币种", "外币", "原币",
             "moneda", "de", "divisa"),
    "to": ("to", "base", "to currency", "base currency", "本位币", "目标货币", "兑", "a",
           "moneda base", "moneda de la contabilidad"),
    "rate": ("rate", "exchange rate", "fx rate", "汇率", "tipo", "tipo de cambio", "tasa", "cambio"),
}  # fmt: skip
_KNOWN = {key_of(name): field for field, names in NAMES.items() for name in names}
_RULES = (NumberFormat(decimal=".", grouping=""), NumberFormat(decimal=",", grouping=""))


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A cell, or a whole record, that cannot be taken. `line` is that of the file or sheet."""

    line: int
    column: str
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class RatesBrought:
    """What came of a file: rates, or the rows for which nothing of it was kept."""

    rows: int
    entered: RatesEntered | None
    bad: tuple[BadRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Read:
    header: Mapping[str, str]  # field -> name of its column
    rows: Sequence[tuple[int, dict[str, Cell]]]
    bad: tuple[BadRow, ...]


def bring_rates(
    *,
    access: Access,
    path: Path,
    name: str,
    at: datetime,
    dry_run: bool = False,
    confirmed: bool = False,
) -> RatesBrought:
    """Keep the rates of a file, unless a row of it cannot be taken; then keep none.

    Raises NotPermitted; Invalid where the file cannot be read at all.
    :param name: what the sender calls the file.
    :param confirmed: its rates are right, however far from those beside them.
    """
    access.demand("rate.write")
    base = demand_base()
    read = _read(path, name)
    typed = _Typed(read, base, at.date())
    given = list(typed.rates())
    bad = tuple(sorted((*read.bad, *typed.bad), key=lambda one: one.line))
    rows = len(read.rows) + len(read.bad)
    if bad:
        return RatesBrought(rows=rows, entered=None, bad=bad)
    try:
        entered = enter_rates(
            access=access, rates=given, origin=name[:60], at=at, dry_run=dry_run,
            confirmed=confirmed,
        )  # fmt: skip
    except Invalid as refusal:
        refused = sorted(typed.refused(refusal.reasons), key=lambda one: one.line)
        return RatesBrought(rows=rows, entered=None, bad=tuple(refused))
    return RatesBrought(rows=rows, entered=entered)


def _read(path: Path, name: str) -> _Read:
    found = describe(path, name=name, known_names=frozenset(_KNOWN))
    if found.refusals:
        raise Invalid(*found.refusals)
    if not found.is_ready:
        raise Invalid(Reason(code="rates_file_unclear"))
    places: dict[str, int] = {}
    for place, column in enumerate(found.layout.header):
        field = _KNOWN.get(key_of(column))
        if field in places:
            raise Invalid(Reason(code="rates_column_twice", params={"column": column[:60]}))
        if field:
            places[field] = place
    if missing := [field for field in NAMES if field not in places]:
        raise Invalid(*(Reason(code="column_missing", params={"column": f}) for f in missing))
    rows, bad = list[tuple[int, dict[str, Cell]]](), list[BadRow]()
    try:
        for batch in records(path, found.layout):
            bad += [BadRow(line=f.line_no, column="", reason=f.reason) for f in batch.faults]
            for line, cells in zip(batch.line_nos, batch.rows, strict=True):
                rows.append((line, {f: _cell(cells[n]) for f, n in places.items()}))
            if len(rows) > MOST_ROWS:
                raise Invalid(Reason(code="rates_file_too_long", params={"most": str(MOST_ROWS)}))
    except FileRefused as refused:
        raise Invalid(*refused.reasons) from refused
    return _Read(
        header={field: found.layout.header[n] for field, n in places.items()},
        rows=rows,
        bad=tuple(bad),
    )


def _cell(cell: Cell) -> Cell:
    return restored(cell) if isinstance(cell, str) else cell


class _Typed:
    """The rows of a file as rates; `bad` holds what cannot be one, once all were taken."""

    def __init__(self, read: _Read, base: str, today: date) -> None:
        self.read, self.base, self.today = read, base, today
        self.bad: list[BadRow] = []
        self.days = self._order_of_days()
        self.numbers = max(_RULES, key=self._readable)
        self.first: dict[tuple[str, date], tuple[Decimal, int]] = {}

    def rates(self) -> Iterator[GivenRate]:
        """Yield the rates of the rows that can be taken."""
        for line, cells in self.read.rows:
            values: dict[str, object] = {}
            for field, cell in cells.items():
                value = self._parsed(field, cell)
                if isinstance(value, Reason):
                    self._refuse(line, field, value)
                else:
                    values[field] = value
            if len(values) == len(NAMES):
                yield from self._checked(line, values)

    def refused(self, reasons: Iterable[Reason]) -> Iterator[BadRow]:
        """Yield, with its row, why rates that could be taken each by itself are refused."""
        for why in reasons:
            if "day" not in why.params:
                raise Invalid(why)
            key = (why.params["currency"], date.fromisoformat(why.params["day"]))
            _rate, line = self.first[key]
            yield BadRow(line=line, column=self.read.header["rate"], reason=why)

    def _parsed(self, field: str, cell: Cell) -> object:
        if field == "day":
            value: Parsed = parse_day(cell, self.days)
        elif field == "rate":
            value = parse_number(cell, self.numbers, decimals=DECIMALS)
        else:
            value = parse_currency(cell)
        value = plain(value)
        return reason("required", field=self.read.header[field]) if value is None else value

    def _checked(self, line: int, values: Mapping[str, object]) -> Iterator[GivenRate]:
        given = GivenRate(
            currency=str(values["from"]), base=str(values["to"]),
            on_day=date.fromisoformat(str(values["day"])), rate=Decimal(str(values["rate"])),
        )  # fmt: skip
        faults = faults_of(given, self.base, self.today)
        key = (given.currency, given.on_day)
        if self.first.setdefault(key, (given.rate, line))[0] != given.rate:
            faults.append(given_twice(given))
        for fault in faults:
            self._refuse(line, fault.params["field"], fault)
        if not faults:
            yield given

    def _refuse(self, line: int, field: str, why: Reason) -> None:
        self.bad.append(BadRow(line=line, column=self.read.header[field], reason=why))

    def _order_of_days(self) -> DateFormat:
        order = decide_dates(cells["day"] for _, cells in self.read.rows)
        if isinstance(order, Undecided):
            params = {"column": self.read.header["day"]}
            raise Invalid(Reason(code="rates_days_unclear", params=params))
        return order

    def _readable(self, rule: NumberFormat) -> int:
        numbers = (parse_number(c["rate"], rule, decimals=DECIMALS) for _, c in self.read.rows)
        return sum(isinstance(number, Decimal) for number in numbers)
