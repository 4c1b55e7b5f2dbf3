"""Writing contacts, many at once, and taking them back with their run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from clientela.records.services.entries import Shape, load_entries, void_entries

GIVEN = {
    "at": "timestamptz", "department": "text", "direction": "text", "channel": "text",
    "kind": "text", "is_proactive": "boolean", "product_id": "bigint", "category": "text",
    "staff_id": "bigint",
}  # fmt: skip
CONTACTS = Shape(table="contacts_contact", given=GIVEN, kept={name: f"g.{name}" for name in GIVEN})


def load_contacts(
    rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int, at: datetime
) -> int:
    """Write contacts given as number, account, branch, then GIVEN; return how many are new.

    Raises Invalid where an account is unknown.
    """
    return load_entries(CONTACTS, rows, run_id=run_id, source_id=source_id, at=at)


def void_run(*, run_id: int, at: datetime, reason: str) -> dict[str, int]:
    """Void the contacts of a run; return how many."""
    return void_entries(["contacts_contact"], run_id=run_id, at=at, reason=reason)
