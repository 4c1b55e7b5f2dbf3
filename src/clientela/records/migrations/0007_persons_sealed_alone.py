"""Sex, age band, income band and size of the household go from the customer's row.

They are of class S2: a version keeps them sealed, and the file opens them for a purpose. Nothing
read the columns but the copy, whose view was changed before.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_names_from_keys"),
        ("trade", "0005_customers_without_persons"),
    ]
    operations = [
        migrations.RemoveField(model_name="customer", name=name)
        for name in ("sex", "age_band", "income_band", "household_size")
    ]
