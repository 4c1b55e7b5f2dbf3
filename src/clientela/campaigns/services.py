"""Writing promotions and whom they were for, many at once, and taking them back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from clientela.records.services.entries import Shape, load_entries
from clientela.store.bulk import execute, staged

PROMOTION = {
    "code": "text", "name": "text", "from_on": "date", "to_on": "date", "category_1": "text",
    "category_2": "text", "category_3": "text", "cut_bp": "int",
}  # fmt: skip
# `promotion` is its code in the same source.
GIVEN = {
    "promotion": "text", "group": "text", "response": "text", "reason": "text",
    "responded_on": "date",
}  # fmt: skip
TARGETS = Shape(
    table="campaigns_promotiontarget",
    given=GIVEN,
    kept={
        "promotion_id": "p.id", '"group"': 'g."group"', "begins_on": "p.from_on",
        "response": "g.response", "reason": "g.reason", "responded_on": "g.responded_on",
    },
    joins="""left join campaigns_promotion p on p.source_id = %(source)s
        and p.code = g.promotion and p.voided_at is null""",
)  # fmt: skip


@transaction.atomic
def load_promotions(
    rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int, at: datetime
) -> int:
    """Write promotions given as PROMOTION; one whose code is known stays as it is."""
    columns = ", ".join(PROMOTION)
    with staged("given_promotion", PROMOTION, rows):
        return execute(
            f"""insert into campaigns_promotion (public_id, source_id, run_id, recorded_at,
                    void_reason, {columns})
                select gen_random_uuid(), %(source)s, %(run)s, %(at)s, '', {columns}
                from given_promotion
                on conflict (source_id, code) where voided_at is null do nothing""",  # noqa: S608
            {"source": source_id, "run": run_id, "at": at},
        )


def load_targets(
    rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int, at: datetime
) -> int:
    """Write targets given as number, account, branch, then GIVEN; return how many are new.

    Load their promotions first. Raises Invalid where an account is unknown.
    """
    return load_entries(TARGETS, rows, run_id=run_id, source_id=source_id, at=at)


@transaction.atomic
def void_run(*, run_id: int, at: datetime, reason: str) -> dict[str, int]:
    """Void a run's targets and promotions, and whatever targets its promotions have."""
    params = {"run": run_id, "at": at, "reason": reason}
    targets = execute(
        """update campaigns_promotiontarget set voided_at = %(at)s, void_reason = %(reason)s
           where voided_at is null and (run_id = %(run)s or promotion_id in (
               select id from campaigns_promotion where run_id = %(run)s))""",
        params,
    )
    promotions = execute(
        """update campaigns_promotion set voided_at = %(at)s, void_reason = %(reason)s
           where voided_at is null and run_id = %(run)s""",
        params,
    )
    return {"promotiontarget": targets, "promotion": promotions}
