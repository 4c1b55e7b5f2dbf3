"""Keeping customers' rows at what is true today."""

from django.utils import timezone
from procrastinate.contrib.django import app

from clientela.records.services import bring_due


@app.periodic(cron="*/5 * * * *")
@app.task(queue="records", queueing_lock="bring_due", pass_context=False)
def bring_due_facts(timestamp: int | None = None) -> None:
    """Bring in what was stated for a day that has come. Looks at nothing when there is none."""
    bring_due(at=timezone.now())
