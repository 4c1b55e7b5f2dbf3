"""Classes of a customer are seen by whoever sees the customer, in the database as on the page.

Safe beside an older release, which reads them by customers that it was let see.
"""

from django.db import migrations

from clientela.store.rowsecurity import ProtectRows

OF_A_CUSTOMER = """(select scope.sees_all()) or exists (
    select 1 from records_customer c where c.id = records_classification.customer_id)"""


class Migration(migrations.Migration):
    dependencies = [("records", "0009_mentions")]
    operations = [ProtectRows("records_classification", using=OF_A_CUSTOMER)]
