"""Orders and what was delivered of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientela.trade.models.base import Document, minor, money, without_rate
from clientela.trade.models.catalogue import Product


class Order(Document):
    """What a customer asked for."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        HELD = "held", _("Held")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    ordered_on = models.DateField(_("ordered"))
    due_on = models.DateField(_("wanted by"), null=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    net = money()
    net_minor = minor()
    net_base_minor = models.BigIntegerField(null=True)

    class Meta(Document.Meta):
        verbose_name = _("order")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                condition=Q(voided_at=None),
                name="order_is_known_by_source_and_number",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-ordered_on", "-id"], name="order_by_customer"),
            models.Index(fields=["account"], name="order_by_account"),
            models.Index(fields=["run_id"], name="order_by_run"),
            models.Index(fields=["-ordered_on", "-id"], name="order_by_day"),
            without_rate("net_base_minor", "ordered_on", name="order_without_rate"),
        ]


class OrderLine(models.Model):
    """One product of an order. `line` is its number within the order."""

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, db_index=False, db_constraint=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=3)
    unit_price = models.DecimalField(max_digits=20, decimal_places=6)
    net_minor = minor()
    # Scope of the order, kept by trigger, for row security.
    org_node_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="order_line_has_one_number"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line}"


class Delivery(Document):
    """Goods handed over, for an order or without one."""

    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="deliveries", db_constraint=False
    )
    delivered_on = models.DateField(_("delivered"))

    class Meta(Document.Meta):
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                condition=Q(voided_at=None),
                name="delivery_is_known_by_source_and_number",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-delivered_on", "-id"], name="delivery_by_customer"),
            models.Index(fields=["account"], name="delivery_by_account"),
            models.Index(fields=["run_id"], name="delivery_by_run"),
        ]


class DeliveryLine(models.Model):
    """How much of one order line was delivered."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, db_index=False, db_constraint=False)
    order_line = models.ForeignKey(OrderLine, models.PROTECT, null=True, db_constraint=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=3)
    org_node_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "line"], name="delivery_line_has_one_number"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="delivery_quantity_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.line}"
