"""A caller's tables, held to their contracts before anything is worked out from them.

One pass over the columns that are read; examples are looked for only where a promise is broken.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from clientela.tables.contract import ContractBroken, TableContract
from clientela.tables.promises import ROWS, Promise, promises, tally
from clientela.warehouse.engines import is_the_products

SHOWN = 3  # examples of what breaks a promise


def hold_to_contract(
    table: ir.Table, contract: TableContract, names: Sequence[str]
) -> frozenset[str]:
    """Return which columns of a caller's table hold a null, each of which may.

    Raises ContractBroken where rows break what the contract promises: the error names every column
    that does, in how many rows, with examples and what is allowed. The tables of the product are
    not read, since its database holds them to it; neither is a table that nobody can execute.

    :param names: the columns that are read; the key is looked at too, where the table has it.
    """
    backend = _engine_of(table)
    if backend is None:
        return frozenset()
    held = contract.check(table, *names, *(k for k in _keys(contract, table) if k not in names))
    made = promises(contract, held.columns)
    try:
        (found,) = backend.to_pyarrow(tally(held, made)).to_pylist()
        rows = found[ROWS]
        wrong = [
            _told(backend, held, contract, promise, found[str(place)], rows)
            for place, promise in enumerate(made)
            if found[str(place)]
        ]
    except duckdb.Error as error:
        told = str(error).partition("\n")[0]  # what follows quotes the query
        raise ContractBroken(f"{contract.name}: {told}") from error
    if wrong:
        raise ContractBroken("\n".join(wrong))
    return frozenset(name for name in held.columns if found[name] < rows)


def rows_of_callers(expression: ir.Table) -> list[dict[str, Any]]:
    """Return the rows of what is taken from a caller's tables; of any others none."""
    backend = _engine_of(expression)
    rows: list[dict[str, Any]] = backend.to_pyarrow(expression).to_pylist() if backend else []
    return rows


def _engine_of(table: ir.Table) -> Any:
    """Return the engine that a caller's table is read with; None: it is not to be read."""
    try:
        backend = ibis.get_backend(table)
    except IbisError:  # only a schema, to compile against
        return None
    return None if is_the_products(backend) else backend


def _keys(contract: TableContract, table: ir.Table) -> tuple[str, ...]:
    return tuple(name for name in contract.one_row_per if name in table.columns)


def _told(
    backend: Any, held: ir.Table, contract: TableContract, promise: Promise, broken: int, rows: int
) -> str:
    """Return what a caller is told of one broken promise."""
    where = f"{contract.name}.{promise.name}"
    of = f"{broken} of {rows} rows"
    if promise.fault == "key_repeated":
        found = held.group_by(promise.name).agg(copies=held.count())
        such = _such(backend, found.filter(found.copies > 1)[promise.name])
        return (
            f"{where}: given more than once, {of} too many, such as {such}. Allowed: one row each"
        )
    bad = held.filter(promise.is_broken(held))
    if promise.fault == "null_not_allowed":
        key = contract.one_row_per[0]
        has_key = key in held.columns and key != promise.name
        such = f", such as {key} {_such(backend, bad[key])}" if has_key else ""
        allowed = promise.column.allowed or f"any {promise.column.type}"
        return f"{where}: null in {of}{such}. Allowed: {allowed}, and no null"
    or_null = "" if promise.column.required else ", or null"
    such = _such(backend, bad[promise.name])
    return f"{where}: {such} in {of}. Allowed: {promise.column.allowed}{or_null}"


def _such(backend: Any, column: ir.Column) -> str:
    """Return some values of a column, the smallest first."""
    values = column.as_table().distinct().order_by(column.get_name()).limit(SHOWN)
    return ", ".join(
        repr(next(iter(row.values()))) for row in backend.to_pyarrow(values).to_pylist()
    )
