"""What each stored field is: how harmful, what for, on what ground, and for how long.

Every part has a `data_map.py` with `DATA_MAP`, keyed "Model.field". A field that is missing
there fails `tests/house/test_data_map.py`. The map is what the record of processing (GDPR,
article 30; PIPL, article 51), the grants of the reader and the export rules are made from.
"""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["trade", "credit", "service", "security", "operation"]
Basis = Literal["contract", "legitimate_interest", "legal_duty", "consent", "none"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`basis` none: no personal data. `retention` is a key of RETENTION."""

    field_class: str  # S0 to S5
    purpose: Purpose
    basis: Basis
    retention: str


# How long each class of record is kept.
RETENTION = {
    "file": "while the party is a customer, and three years after the last dealing",
    "books": "ten years after the end of the year of the document",
    "trail": "ten years",
    "account": "while the person works here, and two years after",
    "session": "until the session ends, at most two weeks",
    "run": "two years after the import",
    "settings": "while the installation lasts",
    "job": "ninety days",
}


def facts(
    model: str, fields: str, *, cls: str, purpose: Purpose, basis: Basis, keep: str
) -> dict[str, Fact]:
    """Return the same fact for several fields of a model, named in one string."""
    fact = Fact(field_class=cls, purpose=purpose, basis=basis, retention=keep)
    return {f"{model}.{name}": fact for name in fields.split()}
