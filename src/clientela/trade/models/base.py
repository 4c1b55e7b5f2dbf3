"""What every document of trade has in common.

It belongs to an account, whose customer its scope columns follow (`records.documents`).
`sold_by` is the node that sold, and never moves. A document of a source record whose
customer is unknown (an anonymous sale) has the scope of the node that sold.
"""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientela.records.documents import Accounted
from clientela.security.models import OrgNode


class Document(Accounted):
    """An abstract document of one account of one source."""

    sold_by = models.ForeignKey(
        OrgNode,
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("sold by"),
    )
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        abstract = True


def money() -> "models.DecimalField[Decimal, Decimal]":
    """Return a column for an amount of money: four decimals, rounded once when written."""
    return models.DecimalField(max_digits=20, decimal_places=4)


def minor() -> "models.BigIntegerField[int, int]":
    """Return a column for an amount in minor units, which filters and copies use."""
    return models.BigIntegerField()


def without_rate(amount: str, day: str, *, name: str) -> models.Index:
    """Return the index of the documents that lack an amount in the group's currency: few, or none.

    :param amount: column of that amount; `day` is the one whose rate it wants.
    """
    return models.Index(
        fields=["currency", day], condition=models.Q(**{amount: None}, voided_at=None), name=name
    )
