"""The classes on customers' rows: when they were worked out, by which limits, what they wait for."""

from collections.abc import Mapping

from django.db.models import QuerySet

from clientela.records.models import ClassRun


def last_class_run() -> ClassRun | None:
    """Return the last time that classes were worked out, or None."""
    return _newest_first().filter(waits_for__isnull=True).first()


def classes_wait_for() -> Mapping[str, int]:
    """Return currency -> documents without a rate, where the classes wait for these."""
    newest = _newest_first().first()
    return (newest.waits_for or {}) if newest else {}


def _newest_first() -> QuerySet[ClassRun]:
    return ClassRun.objects.order_by("-recorded_at", "-id")
