"""The classes on customers' rows: when they were worked out, and by which limits."""

from clientela.records.models import ClassRun


def last_class_run() -> ClassRun | None:
    """Return the last time that classes were worked out, or None."""
    return ClassRun.objects.order_by("-recorded_at", "-id").first()
