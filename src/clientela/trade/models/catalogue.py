"""What is sold, and what one currency is worth in another."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.records.models import Source


class Category(models.Model):
    """A node of the category tree of products; three levels are copied to analyses."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(_("name"), max_length=120)
    depth = models.PositiveSmallIntegerField()  # 1 at the top

    class Meta:
        verbose_name = _("product category")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], nulls_distinct=False, name="category_is_named_once_there"
            ),
            models.CheckConstraint(
                condition=Q(depth=1, parent=None) | Q(depth__gt=1, parent__isnull=False),
                name="category_under_the_top_has_a_parent",
            ),
            models.CheckConstraint(condition=~Q(id=F("parent")), name="category_is_not_its_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something that is sold, under the code that one source gives it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, db_index=False)  # its code leads to it
    code = models.TextField(_("code"))
    name = models.TextField(_("name"), blank=True, default="")
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("category"))
    # The path is kept here as well: a contract view reads one table.
    category_1 = models.CharField(max_length=120, null=True, editable=False)
    category_2 = models.CharField(max_length=120, null=True, editable=False)
    category_3 = models.CharField(max_length=120, null=True, editable=False)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    list_price = models.DecimalField(_("price"), max_digits=20, decimal_places=6, null=True)
    currency = models.CharField(_("currency"), max_length=3, null=True)
    launched_on = models.DateField(_("launched"), null=True)
    run_id = models.BigIntegerField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code"], name="product_is_known_by_source_and_code"
            ),
            models.CheckConstraint(
                condition=Q(list_price=None) | Q(currency__isnull=False),
                name="product_price_has_a_currency",
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="product_by_name")]

    def __str__(self) -> str:
        return self.name or self.code


class ExchangeRate(models.Model):
    """What one unit of `currency` was worth in `base` on a day; a corrected one stays as it was."""

    currency = models.CharField(max_length=3)
    base = models.CharField(max_length=3)
    on_day = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    origin = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.TextField(default="", db_default="")  # of older ones nobody is known
    replaced_at = models.DateTimeField(null=True)  # by another for the same day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "base", "on_day"],
                condition=Q(replaced_at=None),
                name="exchange_rate_holds_once_a_day",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_is_positive"),
            models.CheckConstraint(
                condition=~Q(currency=F("base")), name="exchange_rate_is_between_two_currencies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency}/{self.base} {self.on_day}"
