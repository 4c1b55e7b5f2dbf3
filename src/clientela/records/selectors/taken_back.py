"""Customers of whom nothing is left to say: every import that told of them was taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from clientela.records.models import Customer, Link, RecordVersion, Retraction


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """The last of the retractions that emptied a file."""

    at: datetime
    by: str
    run_id: int


def taken_back(customer: Customer) -> TakenBack | None:
    """Return when and by whom the file was emptied, or None for a file that has a fact, or of
    which a statement without any counts."""
    if customer.facts:
        return None
    records = Link.objects.filter(customer=customer, ended_at=None).values("source_record")
    retracted = Exists(Retraction.objects.filter(run_id=OuterRef("run_id")))
    if RecordVersion.objects.filter(~retracted, source_record__in=records).exists():
        return None
    runs = RecordVersion.objects.filter(source_record__in=records, run_id__isnull=False)
    last = Retraction.objects.filter(run_id__in=runs.values("run_id")).order_by("-at").first()
    return TakenBack(at=last.at, by=last.by, run_id=last.run_id) if last else None
