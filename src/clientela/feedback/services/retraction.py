"""Voiding what a run brought of cases and surveys."""

from datetime import datetime

from django.db import transaction

from clientela.records.services.entries import void_entries
from clientela.store.bulk import execute


@transaction.atomic
def void_run(*, run_id: int, at: datetime, reason: str) -> dict[str, int]:
    """Void a run's cases, surveys, invitations and answers, and whoever its surveys asked.

    Answers follow their invitation by trigger.
    """
    answers = execute(
        """update feedback_surveyanswer set voided_at = %(at)s
           where run_id = %(run)s and voided_at is null""",
        {"run": run_id, "at": at},
    )
    execute(
        """update feedback_surveyinvitation set voided_at = %(at)s, void_reason = %(reason)s
           where voided_at is null and run_id is distinct from %(run)s and survey_id in (
               select id from feedback_survey where run_id = %(run)s)""",
        {"run": run_id, "at": at, "reason": reason},
    )
    tables = ["feedback_case", "feedback_surveyinvitation", "feedback_survey"]
    voided = void_entries(tables, run_id=run_id, at=at, reason=reason)
    return voided | {"surveyanswer": answers}
