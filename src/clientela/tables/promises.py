"""What the rows of a table promise: no null where none is allowed, known words, one row per key.

`tally` counts the broken promises of a table in one pass, as an expression that nobody has run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import ibis.expr.types as ir

from clientela.tables.contract import FORMS, Column, TableContract

ROWS = "0_rows"  # no column and no place of a promise is called so
Fault = Literal["null_not_allowed", "unknown_word", "too_small", "key_repeated"]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise of one column, named by the fault that breaks it."""

    fault: Fault
    name: str
    column: Column

    def is_broken(self, table: ir.Table) -> ir.BooleanValue:
        """Return of each row whether it breaks the promise; for a key only whether it is null."""
        value = table[self.name]
        if self.fault in ("null_not_allowed", "key_repeated"):
            return value.isnull()
        if self.fault == "too_small":
            return value < self.column.least
        if self.column.form:
            return ~value.re_search(FORMS[self.column.form][0])
        return ~value.isin(self.column.values)  # of null it is null: not broken

    def count(self, table: ir.Table) -> ir.IntegerScalar:
        """Return how many rows break the promise; of a key, how many stand there once too often."""
        if self.fault == "key_repeated":
            value = table[self.name]
            return value.count() - value.nunique()
        return table.count(where=self.is_broken(table))


def promises(contract: TableContract, names: Sequence[str]) -> list[Promise]:
    """Return what the contract promises of the columns `names`; of a key, where it is whole."""
    found = []
    for name in names:
        column = contract.columns[name]
        if column.required:
            found.append(Promise(fault="null_not_allowed", name=name, column=column))
        if column.values or column.form:
            found.append(Promise(fault="unknown_word", name=name, column=column))
        if column.least is not None:
            found.append(Promise(fault="too_small", name=name, column=column))
        if contract.one_row_per == (name,):
            found.append(Promise(fault="key_repeated", name=name, column=column))
    return found


def tally(table: ir.Table, made: Sequence[Promise]) -> ir.Table:
    """Return one row: `rows` of the table, under the place of each promise how often it is broken,
    and under the name of each column how many rows hold something in it."""
    counts = {str(place): promise.count(table) for place, promise in enumerate(made)}
    held = {name: table[name].count() for name in table.columns}
    return table.agg(**{ROWS: table.count()}, **counts, **held)
