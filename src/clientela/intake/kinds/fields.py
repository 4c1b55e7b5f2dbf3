"""What a field is, and what a kind of row is made of. Plain data: adding a field is a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from clientela.kernel.reasons import Reason
from clientela.records.attributes import ATTRIBUTES
from clientela.records.data_map import DATA_MAP as RECORDS
from clientela.trade.data_map import DATA_MAP as TRADE

Type = Literal[
    "text", "code", "quantity", "amount", "unit_price", "share", "count", "date", "moment",
    "yes_no", "country", "currency", "phone", "email", "register_number", "choice",
]  # fmt: skip
FIGURES = ("quantity", "count", "amount", "unit_price", "share")  # types of numbers
MONEY = ("amount", "unit_price")
DAYS = ("date", "moment")
# Digits before the point: an article number of 13 is no quantity, and 10 trillion no amount. What
# is worked out of them, and the sums of millions of such rows, stay what the database can hold.
QUANTITY_DIGITS, AMOUNT_DIGITS = 12, 13
_BOOKS = {**RECORDS, **TRADE}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a kind.

    `synonyms` are column names that mean it, in English, Chinese and Spanish; `vague` those that
    mean it only beside one of the fields in `told_by`, and are asked about without; `words` the
    closed list of a choice; `limit` the most characters of a text; `decimals` the most places kept.
    Where a cell cannot be read for a reason in `left_out`, the row is taken without it, and that
    is said. What it becomes says how harmful it is: attributes of a customer's file (`attributes`, parted
    by blanks), or a column of the books (`fact`, as the data map names it). One more of an attribute
    has a name (`item`), and its column is that of the first (`beside`) while no other is.
    """

    name: str
    type: Type
    attributes: str = ""
    item: str = ""
    beside: str = ""
    fact: str = ""
    required: bool = False
    synonyms: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    words: Mapping[str, object] | None = None
    limit: int = 300
    decimals: int = 4
    left_out: tuple[str, ...] = ()

    @property
    def cls(self) -> str:
        """The field class by the data map, of a person's record: a company's is no higher."""
        if self.fact:
            return _BOOKS[self.fact].field_class
        found = [ATTRIBUTES[name] for name in self.attributes.split()]
        return max(a.person or a.company or "S0" for a in found)

    @property
    def attribute(self) -> str:
        """The key in a customer's file that it fills, where that is one whatever the kind."""
        if self.attributes not in ATTRIBUTES:
            return ""
        return f"{self.attributes}#{self.item}" if self.item else self.attributes


def with_synonyms(field: Field, names: Sequence[str]) -> Field:
    """Return the field with more names, behind its own."""
    return replace(field, synonyms=tuple(dict.fromkeys((*field.synonyms, *names))))


Columns = Mapping[str, Sequence[object]]  # typed values by field, equal lengths


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A row that breaks a rule across fields: which row of the batch, which field, why.

    `instead` is the field whose column is named where no column gives the first.
    """

    index: int
    field: str
    reason: Reason
    instead: str = ""


Check = Callable[[Columns, int], list[Breach]]
Flags = Callable[[Columns, int], Mapping[str, Sequence[int]]]
Derive = Callable[[dict[str, list[object]], int], list[Breach]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of row: its fields, the rules across them, what is flagged, what is worked out.

    Of the fields in `either` a file gives at least one. `derive` adds columns (`derived` names them) and may find breaches; `checks` refuse rows;
    `flags` say what a person should know about rows that are taken, `given_flags` the same about
    the values as given, before `derive` has filled the gaps.
    """

    name: str
    fields: tuple[Field, ...]
    either: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    past_days: tuple[str, ...] = ()  # days that lie in the past in sound data
    ancient_days: tuple[str, ...] = ()  # days that may well lie before 1949
    derive: Derive | None = None
    checks: tuple[Check, ...] = ()
    flags: tuple[Flags, ...] = ()
    given_flags: tuple[Flags, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by name. Raises KeyError."""
        found = {f.name: f for f in self.fields}
        return found[name]

    @property
    def recent_days(self) -> tuple[str, ...]:
        """Names of the fields of days that are odd where they lie before 1949."""
        days = (f.name for f in self.fields if f.type in DAYS)
        return tuple(name for name in days if name not in self.ancient_days)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields without which no row can be taken."""
        return tuple(f.name for f in self.fields if f.required)
