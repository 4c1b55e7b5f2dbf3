"""Which documents lack an exchange rate is found without looking through all of them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEXES = (
    ("invoice", "net_base_minor", "issued_on"),
    ("payment", "amount_base_minor", "received_on"),
    ("order", "net_base_minor", "ordered_on"),
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("trade", "0006_rates_with_history")]

    operations = [
        AddIndexConcurrently(
            model_name=model,
            index=models.Index(
                fields=["currency", day],
                condition=models.Q(**{amount: None}, voided_at=None),
                name=f"{model}_without_rate",
            ),
        )
        for model, amount, day in INDEXES
    ]
