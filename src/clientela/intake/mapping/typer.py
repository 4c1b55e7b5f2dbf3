"""A mapping applied: batches of records to batches of typed columns, bad rows set aside.

Every record of a batch comes out exactly once: in the columns, or set aside with its reasons,
its bytes and what becomes of it.
"""

import unicodedata
from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from string import ascii_letters
from typing import TypeVar

from clientela.intake.grammar.characters import NORMALISED
from clientela.intake.grammar.signs import currencies_of_column, shown
from clientela.intake.kinds.fields import MONEY, Breach, Field, Kind
from clientela.intake.mapping.constants import constant_of, unknown_fields
from clientela.intake.mapping.converters import Converter, converter_for, needs_country
from clientela.intake.mapping.model import Mapping
from clientela.intake.reading.batch import Batch, Cell, Fault
from clientela.intake.reading.faults import reason
from clientela.intake.reading.workbook import as_text
from clientela.intake.results import CellProblem, Outcome, Totals
from clientela.kernel.reasons import Invalid, Reason

FIRST_LIKELY_DAY = date(1949, 1, 1)  # what is older is taken, and said
Noted = dict[tuple[str, int], list[int]]  # code and column -> rows
Code = TypeVar("Code", str, tuple[str, int])


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A record that was not taken. The first problem is the one it is counted under."""

    row_no: int
    line_no: int
    outcome: Outcome
    problems: tuple[CellProblem, ...]
    raw: bytes

    @property
    def code(self) -> str:
        """The code under which the row is counted."""
        return self.problems[0].reason.code


@dataclass(frozen=True, kw_only=True)
class TypedBatch:
    """Typed values by field, ready for COPY: `zip(*columns.values())` are the rows.

    `flags` are positions in these columns, by code; `noted` the same of what a cell gave rise to,
    by code and place of its column in the file.
    """

    columns: dict[str, list[object]]
    row_nos: list[int]
    line_nos: list[int]
    aside: list[SetAside] = field(default_factory=list)
    flags: dict[str, list[int]] = field(default_factory=dict)
    noted: Noted = field(default_factory=dict)

    @property
    def totals(self) -> Totals:
        """Control totals of the batch."""
        skipped = sum(row.outcome == "skipped" for row in self.aside)
        return Totals(
            read=len(self.row_nos) + len(self.aside),
            accepted=len(self.row_nos),
            rejected=len(self.aside) - skipped,
            skipped=skipped,
        )

    def flag_texts(self) -> list[str]:
        """Return the codes of each row, joined by commas, in order of code: what the books keep
        with a line, so without how its characters were written."""
        kept = {code: rows for code, rows in self.flags.items() if code not in NORMALISED}
        return _joined(kept, len(self.row_nos))

    def note_texts(self) -> list[str]:
        """Return what the cells of each row gave rise to, as `code@place of the column`."""
        named = {f"{code}@{at}": rows for (code, at), rows in self.noted.items()}
        return _joined(named, len(self.row_nos))


def _joined(codes: AnyMapping[str, Sequence[int]], rows: int) -> list[str]:
    found: list[list[str]] = [[] for _ in range(rows)]
    for code, positions in sorted(codes.items()):
        for position in positions:
            found[position].append(code)
    return [",".join(row) for row in found]


@dataclass(frozen=True)
class _Source:
    """Where a field's cells come from: a column, which `at` gives, under its name."""

    field: Field
    column: str
    at: int
    converter: Converter


class Typer:
    """Turns records of one file into typed rows of one kind.

    `header` are the columns of the file. `as_of` is the day the file is read: later days in it
    are flagged `date_in_future`; without it none is. Raises Invalid when the mapping does not
    fit: a column that is not there, a constant that cannot be read, a required field unfilled.
    """

    def __init__(
        self, kind: Kind, mapping: Mapping, header: Sequence[str], *, as_of: date | None = None
    ) -> None:
        self.kind = kind
        self._as_of = as_of
        self._header = tuple(header)
        self._prefixes = {p.upper(): k for p, k in mapping.prefixes.items()}
        filled = {*mapping.columns, *mapping.constants}
        self._named_keys = mapping.customers == "name" and "customer_key" not in filled
        self._check_fit(mapping, header)
        self._constants = {name: constant_of(kind, mapping, name) for name in mapping.constants}
        currency = self._constants.get("currency")
        self._sources = [
            _Source(
                field=kind.field(name),
                column=column,
                at=list(header).index(column),
                converter=converter_for(
                    kind.field(name),
                    mapping.rule(column),
                    currency=currency if isinstance(currency, str) else None,
                ),
            )
            for name, column in mapping.columns.items()
        ]

    def _check_fit(self, mapping: Mapping, header: Sequence[str]) -> None:
        known = {f.name for f in self.kind.fields}
        filled = {*mapping.columns, *mapping.constants}
        problems = unknown_fields(filled, known)
        problems += [
            reason("column_missing", column=column)
            for column in mapping.columns.values()
            if column not in header
        ]
        problems += [
            reason("required_field_unmapped", field=name)
            for name in self.kind.required
            if name not in filled
        ]
        if problems:
            raise Invalid(*problems)

    def row(self, cells: Sequence[Cell]) -> TypedBatch:
        """Return one record typed: a batch of one row, or of none with the reasons aside."""
        text = "\t".join(map(as_text, cells))
        batch = Batch(rows=[list(cells)], row_nos=[1], line_nos=[1], texts=[text], encoding="utf-8")
        return self.batch(batch)

    def batch(self, batch: Batch) -> TypedBatch:
        """Return the batch typed; each record of it is in the columns or set aside."""
        columns, problems, noted = self._typed(batch)
        row_nos, line_nos = list(batch.row_nos), list(batch.line_nos)
        aside = [_from_fault(fault, self._header) for fault in batch.faults]
        if problems:
            aside += [_set_aside(batch, n, found) for n, found in problems.items()]
            keep = [n for n in range(len(row_nos)) if n not in problems]
            columns, noted = _only(columns, keep), _flags_only(noted, keep)
            row_nos, line_nos = [row_nos[n] for n in keep], [line_nos[n] for n in keep]
        flags: dict[str, list[int]] = {}
        for (code, _), positions in noted.items():
            _add(flags, {code: positions})
        typed = TypedBatch(
            columns=columns, row_nos=row_nos, line_nos=line_nos, aside=aside, flags=flags,
            noted=noted,
        )  # fmt: skip
        return self._checked(typed, batch)

    def _typed(
        self, batch: Batch
    ) -> tuple[dict[str, list[object]], dict[int, list[CellProblem]], Noted]:
        rows = len(batch.rows)
        columns: dict[str, list[object]] = {f.name: [None] * rows for f in self.kind.fields}
        columns |= {name: [value] * rows for name, value in self._constants.items()}
        problems: dict[int, list[CellProblem]] = {}
        beside: dict[int, list[CellProblem]] = {}  # what a row is taken without
        noted: Noted = {}
        cells_of = list(zip(*batch.rows, strict=True)) or [()] * len(self._header)
        # Countries first: a telephone number is read beside them.
        for source in sorted(self._sources, key=lambda s: needs_country(s.field)):
            cells: Sequence[object] = cells_of[source.at]
            if needs_country(source.field):
                countries = columns.get("country") or [None] * rows
                cells = list(zip(cells, countries, strict=True))
            columns[source.field.name] = source.converter.convert(cells)
            for n, why in source.converter.bad(cells):
                spare = why.code in source.field.left_out
                if spare:
                    noted.setdefault((why.code, source.at), []).append(n)
                found_in = beside if spare else problems
                found_in.setdefault(n, []).append(_problem(source, cells[n], why))
            found = source.converter.noted(cells)
            noted |= {(code, source.at): positions for code, positions in found.items()}
        for source in self._sources:
            if source.field.type in MONEY and "currency" in columns:
                _contradicted(source, cells_of[source.at], columns, problems)
        if self._named_keys:
            columns["customer_key"] = [_key_of(name) for name in columns["customer_name"]]
        self._require(columns, problems, rows)
        if "document_kind" in columns:
            columns["document_kind"] = self._document_kinds(columns)
        for n in problems.keys() & beside.keys():  # a row that is refused is told all its faults
            problems[n] += beside[n]
        return columns, problems, noted

    def _require(
        self,
        columns: AnyMapping[str, list[object]],
        problems: dict[int, list[CellProblem]],
        rows: int,
    ) -> None:
        names = {s.field.name: s.column for s in self._sources}
        for name in self.kind.required:
            if None not in columns[name]:
                continue
            for n in range(rows):
                if columns[name][n] is None and not _has(problems.get(n), name):
                    missing = CellProblem(
                        column=names.get(name, ""),
                        field=name,
                        value="",
                        reason=reason("required", field=name),
                    )
                    problems.setdefault(n, []).append(missing)

    def _document_kinds(self, columns: AnyMapping[str, list[object]]) -> list[object]:
        """Return the kind of each document: as given, by prefix of its number, else an invoice."""
        given, numbers = columns["document_kind"], columns["document_number"]
        return [
            kind if kind is not None else self._by_prefix(number)
            for kind, number in zip(given, numbers, strict=True)
        ]

    def _by_prefix(self, number: object) -> str:
        if not self._prefixes or not isinstance(number, str) or number[:1].isdigit():
            return "invoice"
        letters = number[: len(number) - len(number.lstrip(ascii_letters))]
        return self._prefixes.get(letters.upper(), "invoice")

    def _checked(self, typed: TypedBatch, batch: Batch) -> TypedBatch:
        rows = len(typed.row_nos)
        for flagger in self.kind.given_flags:
            _add(typed.flags, flagger(typed.columns, rows))
        breaches: list[Breach] = []
        if self.kind.derive:
            breaches += self.kind.derive(typed.columns, rows)
        for check in self.kind.checks:
            breaches += check(typed.columns, rows)
        aside, columns, flags, noted = typed.aside, typed.columns, typed.flags, typed.noted
        row_nos, line_nos = typed.row_nos, typed.line_nos
        if breaches:
            found: dict[int, list[CellProblem]] = {}
            for breach in breaches:
                found.setdefault(breach.index, []).append(self._breach(breach, columns))
            place = {row_no: n for n, row_no in enumerate(batch.row_nos)}
            aside = aside + [_set_aside(batch, place[row_nos[n]], p) for n, p in found.items()]
            keep = [n for n in range(rows) if n not in found]
            columns, flags = _only(columns, keep), _flags_only(flags, keep)
            noted = _flags_only(noted, keep)
            row_nos, line_nos = [row_nos[n] for n in keep], [line_nos[n] for n in keep]
        for flagger in (*self.kind.flags, self._future, self._ancient):
            _add(flags, flagger(columns, len(row_nos)))
        aside.sort(key=lambda row: row.row_no)
        return TypedBatch(
            columns=columns, row_nos=row_nos, line_nos=line_nos, aside=aside, flags=flags,
            noted=noted,
        )  # fmt: skip

    def _breach(self, breach: Breach, columns: AnyMapping[str, list[object]]) -> CellProblem:
        names = {s.field.name: s.column for s in self._sources}
        field = breach.field if breach.field in names else breach.instead or breach.field
        value = columns[field][breach.index]
        text = "" if value is None else str(value)
        column = names.get(field, "")
        return CellProblem(column=column, field=field, value=text, reason=breach.reason)

    def _future(
        self, columns: AnyMapping[str, Sequence[object]], rows: int
    ) -> dict[str, list[int]]:
        if self._as_of is None:
            return {}
        limit = self._as_of
        return {"date_in_future": _days(columns, self.kind.past_days, lambda day: day > limit)}

    def _ancient(
        self, columns: AnyMapping[str, Sequence[object]], rows: int
    ) -> dict[str, list[int]]:
        ancient = _days(columns, self.kind.recent_days, lambda day: day < FIRST_LIKELY_DAY)
        return {"date_before_1949": ancient}


def _days(
    columns: AnyMapping[str, Sequence[object]], names: Sequence[str], odd: Callable[[date], bool]
) -> list[int]:
    """Return the rows in which one of these days is odd."""
    given = (pair for name in names for pair in enumerate(columns[name]))
    return sorted({n for n, day in given if isinstance(day, date) and odd(day)})


def _contradicted(
    source: _Source,
    cells: Sequence[object],
    columns: AnyMapping[str, Sequence[object]],
    problems: dict[int, list[CellProblem]],
) -> None:
    """Set aside the rows whose amount carries the sign of another currency than theirs: in the
    cell, or in the name of its column."""
    signs, named = source.converter.signs, currencies_of_column(source.column)
    if not named and (not signs or signs.keys().isdisjoint(cells)):
        return
    rows = zip(cells, columns[source.field.name], columns["currency"], strict=True)
    for n, (cell, amount, currency) in enumerate(rows):
        if amount is None or not isinstance(currency, str):
            continue
        for said in (signs.get(cell, ()), named):
            if said and currency not in said:
                why = reason("currency_conflict", expected=currency, found=shown(said))
                problems.setdefault(n, []).append(_problem(source, cell, why))
                break


def _key_of(name: object) -> str | None:
    """Return the key of a customer that only a name tells apart: one width, otherwise as given."""
    return unicodedata.normalize("NFKC", name).strip() if isinstance(name, str) else None


def _problem(source: _Source, key: object, why: Reason) -> CellProblem:
    cell = key[0] if isinstance(key, tuple) else key
    value = as_text(cell)  # type: ignore[arg-type]
    return CellProblem(column=source.column, field=source.field.name, value=value[:500], reason=why)


def _add(flags: dict[str, list[int]], found: AnyMapping[str, Sequence[int]]) -> None:
    for code, positions in found.items():
        if positions:
            flags[code] = sorted({*flags.get(code, ()), *positions})


def _has(problems: list[CellProblem] | None, name: str) -> bool:
    return any(problem.field == name for problem in problems or ())


def _from_fault(fault: Fault, header: Sequence[str]) -> SetAside:
    at = fault.column
    column, value = ("", "") if at is None else (header[at], "***")  # what it holds is no text
    problem = CellProblem(column=column, field="", value=value, reason=fault.reason)
    return SetAside(
        row_no=fault.row_no,
        line_no=fault.line_no,
        outcome=fault.outcome,
        problems=(problem,),
        raw=fault.raw,
    )


def _set_aside(batch: Batch, index: int, problems: list[CellProblem]) -> SetAside:
    return SetAside(
        row_no=batch.row_nos[index],
        line_no=batch.line_nos[index],
        outcome="rejected",
        problems=tuple(problems),
        raw=batch.raw(index),
    )


def _only(columns: dict[str, list[object]], keep: list[int]) -> dict[str, list[object]]:
    return {name: [values[n] for n in keep] for name, values in columns.items()}


def _flags_only(flags: dict[Code, list[int]], keep: list[int]) -> dict[Code, list[int]]:
    place = {old: new for new, old in enumerate(keep)}
    return {code: [place[n] for n in found if n in place] for code, found in flags.items()}
