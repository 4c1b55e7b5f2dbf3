"""Room for every flag that one line may have at once; 80 characters were short by some.

Safe beside an older release: a longer limit rewrites nothing and refuses nothing.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trade", "0004_lighter_inserts")]
    operations = [
        migrations.AlterField(
            model_name="invoiceline",
            name="flags",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
    ]
