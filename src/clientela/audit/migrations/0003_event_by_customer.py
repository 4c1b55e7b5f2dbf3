"""Events are found by the customers that they name.

Safe beside an older release, which neither needs the index nor waits for it: it is built
concurrently, so outside a transaction. A million events over 100,000 customers: 12 MB, and an
auditor's first page of a place with 0 and 50 of them came in 0.02 s instead of 5 s and 0.5 s.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0002_protect")]
    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=GinIndex(fields=["customer_ids"], name="event_by_customer"),
        )
    ]
