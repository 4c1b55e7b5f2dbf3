"""What a field is, and what a kind of row is made of. Plain data: adding a field is a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from clientela.kernel.reasons import Reason

Type = Literal[
    "text", "code", "quantity", "amount", "unit_price", "share", "count", "date", "moment",
    "yes_no", "country", "currency", "phone", "email", "register_number", "choice",
]  # fmt: skip
Class = Literal["S0", "S1", "S2", "S3", "S4"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a kind.

    `synonyms` are column names that mean it, in English, Chinese and Spanish; `words` the closed
    list of a choice; `limit` the most characters of a text; `decimals` the most places kept.
    `cls` is the field class for a person's record; a company's name and numbers are lower.
    """

    name: str
    type: Type
    cls: Class = "S1"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    words: Mapping[str, object] | None = None
    limit: int = 300
    decimals: int = 4


Columns = Mapping[str, Sequence[object]]  # typed values by field, equal lengths


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A row that breaks a rule across fields: which row of the batch, which field, why."""

    index: int
    field: str
    reason: Reason


Check = Callable[[Columns, int], list[Breach]]
Flags = Callable[[Columns, int], Mapping[str, Sequence[int]]]
Derive = Callable[[dict[str, list[object]], int], list[Breach]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of row: its fields, the rules across them, what is flagged, what is worked out.

    `derive` adds columns (`derived` names them) and may find breaches; `checks` refuse rows;
    `flags` say what a person should know about rows that are taken, `given_flags` the same about
    the values as given, before `derive` has filled the gaps.
    """

    name: str
    fields: tuple[Field, ...]
    derived: tuple[str, ...] = ()
    past_days: tuple[str, ...] = ()  # days that lie in the past in sound data
    derive: Derive | None = None
    checks: tuple[Check, ...] = ()
    flags: tuple[Flags, ...] = ()
    given_flags: tuple[Flags, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by name. Raises KeyError."""
        found = {f.name: f for f in self.fields}
        return found[name]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields without which no row can be taken."""
        return tuple(f.name for f in self.fields if f.required)

    def label_key(self, name: str) -> str:
        """Return the key under which the interface keeps the words for a field."""
        return f"intake.{self.name}.{name}"
