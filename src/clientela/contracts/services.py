"""Writing contracts, many at once, and taking them back with their run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from clientela.records.services.entries import Shape, load_entries, void_entries
from clientela.trade.services.currencies import MONEY, money

# `renewed_by` is the number of the contract that follows, of the same rows or known before.
GIVEN = {
    "kind": "text", "signed_on": "date", "valid_from": "date", "valid_to": "date",
    "currency": "text", "value_minor": "bigint", "payment_days": "int", "state": "text",
    "ended_on": "date", "renewed_by": "text",
}  # fmt: skip
_PLAIN = {name: f"g.{name}" for name in GIVEN if name != "renewed_by"}
_JOINS = f"""{MONEY.format(currency="g.currency", day="g.valid_from")}
left join entry_batch n on n.number = g.renewed_by
left join contracts_contract o on o.source_id = %(source)s and o.number = g.renewed_by
    and o.voided_at is null"""


def load_contracts(
    rows: Iterable[Sequence[Any]],
    *,
    run_id: int | None,
    source_id: int,
    base: str,
    digits: dict[str, int],
    at: datetime,
) -> int:
    """Write contracts given as number, account, branch, then GIVEN; return how many are new.

    :param base: the group's currency.
    :param digits: decimals of each currency that occurs, the base included.
    Raises Invalid where an account is unknown.
    """
    shape = Shape(
        table="contracts_contract",
        given=GIVEN,
        kept=_PLAIN
        | {
            "value": "g.value_minor * u.unit",
            "value_base_minor": "scope.in_base(g.value_minor, x.rate * u.scale)",
            "renewed_by_id": "coalesce(n.id, o.id)",
        },
        joins=_JOINS,
        params=money(digits, base),
    )
    return load_entries(shape, rows, run_id=run_id, source_id=source_id, at=at)


def void_run(*, run_id: int, at: datetime, reason: str) -> dict[str, int]:
    """Void the contracts of a run; return how many."""
    return void_entries(["contracts_contract"], run_id=run_id, at=at, reason=reason)
