"""What the ledger answers, in plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Outcome = Literal["new", "changed", "repeated"]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one row of one source says: silent about an attribute that is not there."""

    key: str
    kind: str  # company, person
    attributes: Mapping[str, Any]  # normalised; null = "has none"
    true_from: date | None = None  # None: the day it became known
    known_at: datetime | None = None  # None: now; earlier only for a history taken over whole
    raw: Mapping[str, Any] | None = None  # as given
    ref: int = 0  # the caller's own number for the row


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What became of a statement."""

    ref: int
    outcome: Outcome
    source_record_id: int
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One attribute of a customer as of a day, as known at an instant, with its origin."""

    attribute: str
    value: Any  # plain, or sealed
    version_id: int
    source_id: int
    true_from: date
    known_at: datetime
    trust: int


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What a rebuild found: customers whose row was not what the ledger says."""

    customers: int
    differences: int
    sample: tuple[str, ...] = field(default=())  # public ids, at most ten


@dataclass(frozen=True, kw_only=True)
class CustomerClasses:
    """What the analyses say of one customer; None: it has none."""

    customer_id: int
    abc: str | None
    segment: str | None
    net_sales_base_minor: int | None
    last_purchase_on: date | None

    @property
    def tells_something(self) -> bool:
        """Tell whether there is anything to keep: not of a customer that never bought."""
        return any((self.abc, self.segment, self.net_sales_base_minor, self.last_purchase_on))


@dataclass(frozen=True, kw_only=True)
class Named:
    """How a customer is shown beside a figure."""

    public_id: str
    name: Any  # text, or Masked
    source_keys: list[str]
