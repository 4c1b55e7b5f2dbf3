"""Events are found by the customers that they name.

Safe beside an older release, which neither needs the index nor waits for it: it is built
concurrently, so outside a transaction.
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
