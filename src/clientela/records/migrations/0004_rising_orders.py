"""Indexes for the customers with the lowest sales, or the oldest last purchase, first.

Customers without a figure stand last both ways, so no falling index can be read backwards
for it. Built concurrently: an older release reads and writes on meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("records", "0003_indexes_by_use")]
    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                F("net_sales_base_minor").asc(nulls_last=True),
                F("id"),
                name="customer_by_rising_sales",
            ),
        ),
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                F("last_purchase_on").asc(nulls_last=True),
                F("id"),
                name="customer_by_oldest_purchase",
            ),
        ),
    ]
