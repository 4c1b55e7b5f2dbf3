"""What `help` and a notebook tell of an analysis: its signature, and a docstring of all its parts.

Nothing is written here twice: questions, tables, parameters and figures say it of themselves.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import fill, indent, wrap

import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Analysis, Figure, Parameter, Unit
from clientela.tables.contract import Column, TableContract

WIDTH = 96
UNITS: dict[Unit, str] = {
    "minor_base": "minor units of the base currency",
    "minor": "minor units of `currency`",
    "share": "share, 1 is all",
    "days": "days",
    "count": "count",
    "quantity_milli": "thousandths",
    "points": "points",
}
TABLES = (
    "A table is a pandas or polars frame (a lazy one too), an Arrow table, a DuckDB relation, a list "
    "of dictionaries, an Ibis table, or the path of a Parquet file or of several. It may have more "
    "columns. Dates may be text such as 2026-06-30; amounts are whole minor units, such as cents. "
    "NaN counts as null in pandas, and is refused elsewhere."
)
RAISES = (
    (
        "ContractBroken",
        "A table lacks a column, or its rows break what is promised of them: a null where none may "
        "be, a word that is not allowed, a key given twice, a value of another type; documents that "
        "figures stand on have no amount in the base currency; a file is not there, or no Parquet "
        "file. A ValueError, of clientela.tables.contract.",
    ),
    (
        "BadQuestion",
        "A table that is needed was not given, a parameter is unknown or out of its limits, or the "
        "days make no period. A ValueError, of clientela.analysis.expressions.spec.",
    ),
)


def signature_of(analysis: Analysis) -> inspect.Signature:
    """Return what a call takes: tables in their order or by name, everything else by name."""
    either, named = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    tables = [
        inspect.Parameter(
            contract.name,
            either,
            default=None if contract in analysis.optional else inspect.Parameter.empty,
        )
        for contract in analysis.reads
    ]
    days = [inspect.Parameter("as_of", named, annotation=date | str)]
    if not analysis.is_balance:
        kind = date | str | None
        days.append(inspect.Parameter("from_on", named, default=None, annotation=kind))
    parameters = [
        inspect.Parameter(one.name, named, default=one.default, annotation=_kind(one))
        for one in analysis.parameters
    ]
    return inspect.Signature([*tables, *days, *parameters], return_annotation=ir.Table)


def explained(analysis: Analysis) -> str:
    """Return the docstring of an analysis, in the sections that notebooks know."""
    return "\n\n".join(
        [
            analysis.question,
            _section("Parameters", _taken(analysis)),
            _section("Returns", [_returned(analysis)]),
            _section("Raises", (_entry(name, text) for name, text in RAISES)),
            _section("Notes", _notes(analysis)),
            _section("Examples", [_example(analysis)]),
        ]
    )


def _taken(analysis: Analysis) -> Iterator[str]:
    for contract, columns in analysis.reads.items():
        yield _table(analysis, contract, columns)
    yield _entry(
        "as_of : date or str", "The last day that counts: date(2026, 6, 30) or '2026-06-30'."
    )
    if not analysis.is_balance:
        begins = (
            "all history counts"
            if analysis.months is None
            else f"the {analysis.months} months count that end with `as_of`"
        )
        yield _entry(
            "from_on : date or str, optional", f"The first day. Where none is given, {begins}."
        )
    for one in analysis.parameters:
        head = f"{one.name} : {one.type.__name__}{' or None' if one.default is None else ''}"
        yield _entry(f"{head}, default {one.default!r}", _parameter(one))


def _kind(parameter: Parameter) -> object:
    return parameter.type if parameter.default is not None else parameter.type | None


def _parameter(one: Parameter) -> str:
    text = one.meaning
    if one.choices:
        text += f" One of {', '.join(map(repr, one.choices))}."
    if one.least is not None or one.most is not None:
        text += f" From {one.least} to {one.most}."
    if one.unit:
        text += f" Unit: {one.unit}."
    return text + (f" It has an effect only with `{one.only_with}`." if one.only_with else "")


def _table(analysis: Analysis, contract: TableContract, columns: Iterable[str]) -> str:
    optional = ", optional" if contract in analysis.optional else ""
    uses = [choice for choice, tables in analysis.needs.items() if contract in tables]
    text = f"{contract.meaning} One row per {', '.join(contract.one_row_per)}."
    if uses:
        text += f" Needed with by = {', '.join(map(repr, uses))}."
    listed = [(name, contract.columns[name]) for name in columns]
    rows = [(name, _type(column), _column(column)) for name, column in listed]
    return f"{_entry(f'{contract.name} : table{optional}', text)}\n{_rows(rows)}"


def _type(column: Column) -> str:
    return column.type if column.required else f"{column.type} or null"


def _column(column: Column) -> str:
    text = column.meaning
    if column.allowed:
        text += f" {column.allowed[0].upper()}{column.allowed[1:]}."
    return text + (f" Unit: {column.unit}." if column.unit else "")


def _returned(analysis: Analysis) -> str:
    keys = ", ".join(one.name for one in analysis.figures if one.is_key)
    order = ", ".join(analysis.order)
    for choice, other in analysis.order_by.items():
        order += f"; by {choice} of {', '.join(other)}"
    text = (
        f"Not worked out yet: .to_pandas(), .to_polars() or .to_pyarrow() does it. One row per "
        f"{keys}, in the order of {order} (- is falling). Columns:"
    )
    rows = [(one.name, one.type, _figure(one)) for one in analysis.figures]
    return f"{_entry('ibis.expr.types.Table', text)}\n{_rows(rows)}"


def _figure(one: Figure) -> str:
    return one.meaning + (f" Unit: {UNITS[one.unit]}." if one.unit else "")


def _notes(analysis: Analysis) -> Iterator[str]:
    yield fill(f"Formula: {analysis.formula}.", WIDTH)
    module = analysis.expression.__module__
    yield inspect.cleandoc(sys.modules[module].__doc__ or "")
    yield fill(TABLES, WIDTH)
    source = f"Source: {module}; docs/reference/tables.md has every table with all its columns."
    yield fill(source, WIDTH)


def _example(analysis: Analysis) -> str:
    needed = [contract.name for contract in analysis.reads if contract not in analysis.optional]
    given = ", ".join(needed or [next(iter(analysis.reads)).name])
    return (
        f">>> from clientela.analysis import {analysis.name}\n"
        f">>> {analysis.name}({given}, as_of='2026-06-30').to_pandas()  # doctest: +SKIP"
    )


def _section(title: str, parts: Iterable[str]) -> str:
    joined = ("\n\n" if title == "Notes" else "\n").join(parts)
    return f"{title}\n{'-' * len(title)}\n{joined}"


def _entry(head: str, text: str) -> str:
    return f"{head}\n{indent(fill(text, WIDTH - 4), '    ')}"


def _rows(rows: list[tuple[str, str, str]]) -> str:
    """Return columns as lines: name, type and what it is, which goes on under itself."""
    names = max(len(name) for name, _, _ in rows)
    kinds = max(len(kind) for _, kind, _ in rows)
    lines = []
    for name, kind, text in rows:
        head = f"{name:{names}}  {kind:{kinds}}  "
        lines += wrap(text, WIDTH - 8, initial_indent=head, subsequent_indent=" " * len(head))
    return "\n" + indent("\n".join(lines), "      ") + "\n"
