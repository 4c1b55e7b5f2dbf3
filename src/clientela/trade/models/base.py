"""What every document has in common.

Scope columns: `customer_id`, `org_node_id` and `owner_id` follow the account's link and the
customer's row by trigger (migration 0002), so that row security compares columns of the row
itself. `sold_by` is the node that sold, and never moves. A document of a source record
whose customer is unknown (an anonymous sale) has the scope of the node that sold.

References carry no foreign key: statement triggers check them (`store.rowsecurity.RefersTo`).
"""

import uuid
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientela.records.models import Customer, Source, SourceRecord
from clientela.security.models import OrgNode


class Document(models.Model):
    """An abstract document of one account of one source."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(
        Source, models.PROTECT, db_index=False, db_constraint=False, verbose_name=_("source")
    )
    number = models.TextField(_("number"))
    account = models.ForeignKey(
        SourceRecord, models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    org_node = models.ForeignKey(
        OrgNode, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    owner_id = models.BigIntegerField(null=True)
    sold_by = models.ForeignKey(
        OrgNode,
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("sold by"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    run_id = models.BigIntegerField(null=True)
    digest = models.BinaryField()  # of the content as given: is the same document sent again?
    recorded_at = models.DateTimeField(_("recorded"))
    voided_at = models.DateTimeField(_("voided"), null=True)
    void_reason = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


def money() -> "models.DecimalField[Decimal, Decimal]":
    """Return a column for an amount of money: four decimals, rounded once when written."""
    return models.DecimalField(max_digits=20, decimal_places=4)


def minor() -> "models.BigIntegerField[int, int]":
    """Return a column for an amount in minor units, which filters and copies use."""
    return models.BigIntegerField()
