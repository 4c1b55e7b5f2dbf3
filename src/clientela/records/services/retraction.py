"""Taking an import back: its versions stay, and count no more; what others said stands."""

from datetime import datetime

from django.db import transaction

from clientela.records.models import Retraction
from clientela.records.services.mentions import restate
from clientela.records.services.moments import moment_of_customers
from clientela.records.services.projection import project
from clientela.store.bulk import fetch

_TOUCHED = """
    select distinct l.customer_id
    from (select source_record_id from records_recordversion where run_id = %s offset 0) v
    join lateral (select k.customer_id, k.ended_at from records_link k
                  where k.source_record_id = v.source_record_id offset 0) l on l.ended_at is null"""


@transaction.atomic
def retract_run(*, run_id: int, by: str, at: datetime, reason: str = "") -> int:
    """Make the versions of a run count no more; return how many customers it touched.

    Customers that nothing else tells of are archived. The caller holds the run's source, and writes the
    event.
    """
    touched = [row[0] for row in fetch(_TOUCHED, [run_id])]
    at = moment_of_customers(touched, at)
    Retraction.objects.create(run_id=run_id, at=at, by=by, reason=reason)
    restate(run_id)
    project(touched, at=at)
    return len(touched)
