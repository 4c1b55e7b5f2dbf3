"""Writing cases, many at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from clientela.records.services.entries import Shape, load_entries

# `product` is its code in the same source. One that is not known is left empty, as is the lot.
GIVEN = {
    "kind": "text", "priority": "text", "product": "text", "lot": "text", "handler_id": "bigint",
    "received_at": "timestamptz", "due_at": "timestamptz", "first_answer_at": "timestamptz",
    "resolved_at": "timestamptz", "state": "text", "cause": "text", "outcome": "text",
}  # fmt: skip
CASES = Shape(
    table="feedback_case",
    given=GIVEN,
    kept={name: f"g.{name}" for name in GIVEN if name not in ("product", "lot")}
    | {"product_id": "p.id", "lot": "case when p.id is null then '' else g.lot end"},
    joins="left join trade_product p on p.source_id = %(source)s and p.code = g.product",
)


def load_cases(
    rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int, at: datetime
) -> int:
    """Write cases given as number, account, branch, then GIVEN; return how many are new.

    Load products first. Raises Invalid where an account is unknown.
    """
    return load_entries(CASES, rows, run_id=run_id, source_id=source_id, at=at)
