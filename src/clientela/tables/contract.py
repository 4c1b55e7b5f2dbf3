"""What a table must contain before any expression may read it.

A contract is checked without executing anything: `check` looks at names and types only.
What the rows themselves must satisfy (no null where one is not allowed, one row per key,
words from a known list) is in `promises`; `warehouse.checking` holds a caller's tables to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

FieldClass = Literal["S0", "S1", "S2", "S3"]
Form = Literal["currency", "country"]

# Of documents: the node by which a reader reaches them. Who sold is a column of its own.
SCOPE_NODE = "Node that serves the customer now; of an anonymous sale the one that sold."
SOLD_BY = "Node that sold; stays when the customer moves."

# How a code is written: the pattern of the whole text, and in words.
FORMS: Mapping[Form, tuple[str, str]] = {
    "currency": ("^[A-Z]{3}$", "three capital letters, such as EUR"),
    "country": ("^[A-Z]{2}$", "two capital letters, such as ES"),
}


class ContractBroken(ValueError):
    """A table lacks what its contract promises."""


@dataclass(frozen=True)
class Column:
    """One column: its Ibis type, what it means, its unit and who may see it."""

    type: str
    meaning: str
    field_class: FieldClass = "S1"  # S0 public, S1 internal, S2 contact, S3 commercial secret
    unit: str | None = None
    required: bool = True  # False: null is allowed, and `meaning` says what null means
    values: tuple[str, ...] = ()  # the words a code may take; empty: any
    form: Form | None = None  # how a code is written of which there are too many to list
    least: int | None = None  # the smallest number that there may be

    @property
    def allowed(self) -> str:
        """Return in words what a cell may hold beyond its type; empty: anything."""
        if self.values:
            return f"one of {', '.join(self.values)}"
        if self.form:
            return FORMS[self.form][1]
        return "" if self.least is None else f"at least {self.least}"


@dataclass(frozen=True, eq=False)  # a contract is itself, so that it can be a key
class TableContract:
    """A table that an analysis may read: its name, its grain and its columns."""

    name: str
    meaning: str
    one_row_per: tuple[str, ...]
    columns: Mapping[str, Column]
    day: str | None = None  # the date column by whose month the copy is partitioned

    def __post_init__(self) -> None:
        """Freeze the columns and refuse a grain or a day that is not among them."""
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        unknown = set(self.one_row_per) - self.columns.keys()
        if self.day is not None:
            unknown |= {self.day} - self.columns.keys()
        if unknown:
            raise ContractBroken(f"{self.name}: {sorted(unknown)} are not columns")

    @property
    def schema(self) -> ibis.Schema:
        """Return the Ibis schema; every column may be null for an engine."""
        return ibis.schema({name: column.type for name, column in self.columns.items()})

    @property
    def is_scoped(self) -> bool:
        """Whether rows belong to an organisation node and an owner, so that a scope cuts them."""
        return {"org_node_id", "owner_id"} <= self.columns.keys()

    def unbound(self) -> ir.Table:
        """Return a table with this shape and no rows, to compile against."""
        return ibis.table(self.schema, name=self.name)

    def check(self, table: ir.Table, *names: str) -> ir.Table:
        """Return the columns `names` of `table` (all, where none is named), cast to the contract.

        Raises ContractBroken for a missing column, for a name that is none of the contract's,
        and for a type that could only be cast with loss (a float is not an amount).
        """
        wanted = names or tuple(self.columns)
        unknown = sorted(set(wanted) - self.columns.keys())
        if unknown:
            raise ContractBroken(f"{self.name}: {unknown} are not columns of the contract")
        missing = sorted(set(wanted) - set(table.columns))
        if missing:
            raise ContractBroken(f"{self.name}: missing columns {missing}")
        schema = table.schema()
        return table.select(**{n: self._cast(n, table[n], schema[n]) for n in wanted})

    def _cast(self, name: str, value: ir.Value, given: dt.DataType) -> ir.Value:
        target = dt.dtype(self.columns[name].type)
        if given == target or given.copy(nullable=True) == target:
            return value
        if not _casts_without_loss(given, target):
            raise ContractBroken(f"{self.name}.{name}: {given} where {target} is promised")
        return value.cast(target)


def _casts_without_loss(given: dt.DataType, target: dt.DataType) -> bool:
    """Whether every value of `given` has its like in `target`, or the cast fails aloud.

    A date may come as text or as an instant; a whole number as a whole number or as text.
    """
    if given.is_null():
        return True
    if target.is_integer():
        return bool(given.is_integer() or given.is_string())
    if target.is_date():
        return bool(given.is_timestamp() or given.is_string())
    if target.is_boolean():
        return bool(given.is_string())
    return bool(target.is_string() and given.is_string())
