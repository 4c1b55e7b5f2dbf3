"""Keeping the columnar copy, and the classes that follow from it, up to date."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="*/2 * * * *")
@app.task(queue="copy", queueing_lock="refresh", pass_context=False)
def refresh(timestamp: int | None = None) -> None:
    """Copy what changed, and classify customers when something did."""
    # The engines are loaded by the first job, not by every process that may enqueue one.
    from clientela.analysis.services import bring_up_to_date

    bring_up_to_date(at=timezone.now())
