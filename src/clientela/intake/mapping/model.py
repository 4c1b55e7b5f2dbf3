"""A mapping: which column fills which field, what is constant, by which rules cells are read.

Saved as JSON under a name and used again on the next file of the same form.
"""

from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.choices import DOCUMENT_KIND, codes_of, parse_choice
from clientela.intake.grammar.dates import DateFormat
from clientela.intake.grammar.numbers import NumberFormat
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Invalid


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """How the cells of one column are read. `nulls` are the words that mean "none" in it; of
    several telephone numbers in a cell the first is taken, or none (`several`)."""

    dates: DateFormat = field(default_factory=DateFormat)
    numbers: NumberFormat = field(default_factory=NumberFormat)
    nulls: tuple[str, ...] = ()
    several: str = ""  # or: first, none


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """`columns` is field → column, `constants` field → text, `prefixes` letters at the start of
    a document number → kind of document. Columns in `ignored` are left out on purpose. Where no
    column gives the customers' keys, `customers` says what their sales do: "name" makes the name
    the key, "anonymous" leaves them without a customer, "" is not settled. `keys` "exact" says that
    keys which differ only in case are of different customers."""

    kind: str
    columns: AnyMapping[str, str] = field(default_factory=dict)
    constants: AnyMapping[str, str] = field(default_factory=dict)
    prefixes: AnyMapping[str, str] = field(default_factory=dict)
    rules: AnyMapping[str, ColumnRule] = field(default_factory=dict)  # by column
    ignored: tuple[str, ...] = ()
    customers: str = ""
    keys: str = ""

    def rule(self, column: str) -> ColumnRule:
        """Return the rule of a column, the plain one where none was set."""
        return self.rules.get(column, ColumnRule())

    def as_it_was_read(self) -> "Mapping":
        """Return the mapping with a rule for every column: nothing of it is decided anew."""
        rules = {column: self.rule(column) for column in self.columns.values()}
        return replace(self, rules=rules)

    def with_rule(self, column: str, **changes: object) -> "Mapping":
        """Return the mapping with parts of one column's rule changed."""
        changed = replace(self.rule(column), **changes)  # type: ignore[arg-type]
        return replace(self, rules={**self.rules, column: changed})

    def with_setting(self, text: str) -> "Mapping":
        """Return the mapping after `--set`: `currency=GBP`, or a rule by prefix of the document
        number, `document_kind=C:credit_note,A:adjustment`, or `keys=exact`. Raises Invalid for another form."""
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name:
            raise Invalid(reason("setting_unreadable"))
        if name == "keys":
            if value != "exact":
                raise Invalid(reason("setting_unreadable"))
            return replace(self, keys=value)
        if name != "document_kind" or ":" not in value:
            return replace(self, constants={**self.constants, name: value})
        pairs = [part.partition(":") for part in value.split(",")]
        if not all(prefix.strip() and kind.strip() for prefix, _, kind in pairs):
            raise Invalid(reason("setting_unreadable"))
        found = {prefix.strip().upper(): _document_kind(kind) for prefix, _, kind in pairs}
        return replace(self, prefixes={**self.prefixes, **found})

    def as_json(self) -> dict[str, object]:
        """Return plain values that `from_json` takes."""
        return {
            "kind": self.kind,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "prefixes": dict(self.prefixes),
            "rules": {column: asdict(rule) for column, rule in self.rules.items()},
            "ignored": list(self.ignored),
            "customers": self.customers,
            "keys": self.keys,
        }

    @classmethod
    def from_json(cls, value: AnyMapping[str, object]) -> "Mapping":
        """Return the mapping that `as_json` wrote. Raises Invalid for anything else."""
        saved = cast("AnyMapping[str, Any]", value)
        try:
            rules = {
                column: ColumnRule(
                    dates=DateFormat(**rule["dates"]),
                    numbers=NumberFormat(**rule["numbers"]),
                    nulls=tuple(rule["nulls"]),
                    several=str(rule.get("several", "")),  # absent in older ones
                )
                for column, rule in saved["rules"].items()
            }
            return cls(
                kind=str(saved["kind"]),
                columns=dict(saved["columns"]),
                constants=dict(saved["constants"]),
                prefixes=dict(saved["prefixes"]),
                rules=rules,
                ignored=tuple(saved["ignored"]),
                customers=str(saved.get("customers", "")),  # absent in older ones
                keys=str(saved.get("keys", "")),
            )
        except (KeyError, TypeError, AttributeError, ValueError):
            raise Invalid(reason("mapping_unreadable")) from None


def _document_kind(text: str) -> str:
    """Return the code of a kind of document, however it is written. Raises Invalid."""
    kind = plain(parse_choice(text, DOCUMENT_KIND))
    if isinstance(kind, str):
        return kind
    raise Invalid(
        reason("constant_not_offered", field="document_kind", known=codes_of(DOCUMENT_KIND))
    )
