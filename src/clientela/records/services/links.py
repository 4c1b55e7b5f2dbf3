"""Which customer a source record belongs to: merge is a link, and so is unmerge."""

from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.records.models import ApartPair, Customer, Link
from clientela.records.services.projection import project


@transaction.atomic
def link_record(
    *, source_record_id: int, customer_id: int, by: str, at: datetime, weight: float | None = None
) -> Link:
    """Move a source record to a customer; both customers and their documents follow.

    A customer left without records redirects to the one that took its last record, and
    revives under the same id when a record is linked back.
    Raises NotInScope for an unknown record; Invalid when the pair was set apart.
    """
    last = Link.objects.select_for_update().filter(
        source_record_id=source_record_id, ended_at=None
    ).first()  # fmt: skip
    if last is None:
        raise NotInScope("source_record")
    if last.customer_id == customer_id:
        return last
    _refuse_pairs_apart(source_record_id, customer_id)
    last.ended_at, last.ended_by = at, by
    last.save(update_fields=["ended_at", "ended_by"])
    link = Link.objects.create(
        source_record_id=source_record_id, customer_id=customer_id, linked_at=at,
        linked_by=by, weight=weight,
    )  # fmt: skip
    project([last.customer_id, customer_id], at=at)
    _redirect_if_empty(last.customer_id, customer_id)
    record_event(
        act="records.record.linked",
        at=at,
        subject=("records.SourceRecord", source_record_id),
        customer_ids=[last.customer_id, customer_id],
        before={"customer": last.customer_id},
        after={"customer": customer_id, "weight": weight},
    )
    return link


@transaction.atomic
def set_apart(*, one: int, other: int, by: str, at: datetime, reason: str = "") -> ApartPair:
    """Say that two source records are not the same party. Raises Invalid for one with itself."""
    if one == other:
        raise Invalid(Reason(code="pair_of_one"))
    pair, created = ApartPair.objects.get_or_create(
        one_id=min(one, other),
        other_id=max(one, other),
        ended_at=None,
        defaults={"set_at": at, "set_by": by, "reason": reason},
    )
    if created:
        record_event(
            act="records.pair.set_apart",
            at=at,
            subject=("records.ApartPair", pair.pk),
            after={"one": pair.one_id, "other": pair.other_id},
        )
    return pair


def _refuse_pairs_apart(source_record_id: int, customer_id: int) -> None:
    members = Link.objects.filter(customer_id=customer_id, ended_at=None)
    others = members.values_list("source_record_id", flat=True)
    apart = ApartPair.objects.filter(ended_at=None)
    if (
        apart.filter(one_id=source_record_id, other_id__in=others).exists()
        or apart.filter(other_id=source_record_id, one_id__in=others).exists()
    ):
        raise Invalid(Reason(code="records_set_apart"))


def _redirect_if_empty(customer_id: int, into: int) -> None:
    if not Link.objects.filter(customer_id=customer_id, ended_at=None).exists():
        Customer.objects.filter(pk=customer_id).update(merged_into_id=into)
