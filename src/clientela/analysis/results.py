"""What an analysis answers, in plain values that carry their units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

HIDDEN = "is_hidden"  # the column of totals that tells a row whose figures are not shown


def in_cell(value: Any) -> Any:
    """Return a value as one cell of text holds it: truth as JSON writes it, a list in a line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, list) else value


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an answer."""

    name: str
    type: str
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Rows with what they were taken over. Money is decimal text in `currency`."""

    analysis: str
    as_of: date
    from_on: date | None
    snapshot: int | None
    parameters: Mapping[str, Any]
    population: Mapping[str, Any]
    currency: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    keys: Sequence[
        Mapping[str, Any]
    ] = ()  # the inner key of each row, for its documents: it does not leave
    total_rows: int = 0  # of the answer; `rows` may be a part of it
    summary: Sequence[Mapping[str, Any]] = ()  # a few rows to draw, amounts in minor units
    copy: Mapping[str, Any] | None = None  # how far the copy is behind; None: it is not

    def as_json(self) -> dict[str, Any]:
        """Return the form of the command line and the API."""
        return {
            "analysis": self.analysis,
            "as_of": self.as_of.isoformat(),
            "from": self.from_on.isoformat() if self.from_on else None,
            "snapshot": self.snapshot,
            "copy": dict(self.copy) if self.copy else None,
            "parameters": dict(self.parameters),
            "population": dict(self.population),
            "columns": [vars(column).copy() for column in self.columns],
            "rows": [dict(row) for row in self.rows],
        }
