"""Invoices, credit notes, payments, and which paid which.

A credit note is an invoice of kind `credit_note`: it has the same lines, dates and totals,
with the sign that lowers sales. Amounts are stated without tax (`net`), with it (`gross`),
and in minor units of the document's and of the group's currency.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.trade.models.base import Document, minor, money, without_rate
from clientela.trade.models.catalogue import Product
from clientela.trade.models.orders import Order
from clientela.trade.numbers import is_made

NOT_APPLIED = Q(voided_at=None) & ~Q(standing="applied")  # payments: few, whatever comes in
OF_NOBODY = Q(voided_at=None) & (Q(customer=None) | ~Q(customer_key=""))
# True of every payment. The list of a source says it, and may read the index of sources and days;
# a probe for a number in a source does not, and is left with the index of numbers: where the source
# is new the planner holds either for one row, and of all its payments each probe would read all.
OF_A_LIST = Q(received_on__gt=date.min)


class Invoice(Document):
    """What a customer owes for a sale, or, as a credit note, is owed back."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        ADJUSTMENT = "adjustment", _("Adjustment")

    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.INVOICE)
    settlement = models.CharField(max_length=8)  # of its source: known, unknown
    issued_on = models.DateField(_("issued"))
    issued_at = models.DateTimeField(_("issued at"), null=True)
    due_on = models.DateField(_("due"), null=True)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="invoices", db_constraint=False
    )
    credits = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="credited_by", db_index=False
    )
    # Number of the invoice that a credit note says it credits, known or not yet.
    credits_number = models.TextField(default="", db_default="")
    net = money()
    tax = money()
    net_minor = minor()
    gross_minor = minor()
    net_base_minor = models.BigIntegerField(null=True)
    gross_base_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    cost_base_minor = models.BigIntegerField(null=True)
    delay_is_ours = models.BooleanField(default=False)  # open through our delivery or goods
    disputed = models.BooleanField(
        _("disputed"), default=False, db_default=False
    )  # says its source
    lines_count = models.PositiveIntegerField(_("lines"), default=0)

    class Meta(Document.Meta):
        verbose_name = _("invoice")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                condition=Q(voided_at=None),
                name="invoice_is_known_by_source_and_number",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("issued_on")),
                name="invoice_is_due_no_earlier_than_issued",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-issued_on", "-id"], name="invoice_by_customer"),
            models.Index(fields=["account"], name="invoice_by_account"),
            models.Index(fields=["run_id"], name="invoice_by_run"),
            models.Index(fields=["-issued_on", "-id"], name="invoice_by_day"),
            models.Index(fields=["org_node", "-issued_on", "-id"], name="invoice_by_branch"),
            models.Index(
                fields=["credits"],
                condition=Q(credits__isnull=False),
                name="credit_note_by_invoice",
            ),
            models.Index(
                fields=["source", "credits_number"],
                condition=Q(voided_at=None) & ~Q(credits_number=""),
                name="credit_note_by_its_invoice",
            ),
            models.Index(
                fields=["kind", "-issued_on", "-id"],
                condition=~Q(kind="invoice"),
                name="invoice_of_rarer_kind",
            ),
            models.Index(fields=["net_base_minor"], name="invoice_by_amount"),
            without_rate("net_base_minor", "issued_on", name="invoice_without_rate"),
        ]


class InvoiceLine(models.Model):
    """One product of an invoice. Day, kind and scope of the invoice are kept here as well."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField()  # ordinal within the document
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    text = models.TextField(blank=True, default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=3)
    unit_price = models.DecimalField(max_digits=20, decimal_places=6)
    net_minor = minor()
    net_base_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    cost_base_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=11)
    issued_on = models.DateField()
    source_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    org_node_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    sold_by_id = models.BigIntegerField()
    voided_at = models.DateTimeField(null=True)
    flags = models.CharField(max_length=400, blank=True, default="")  # codes, by comma

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "line"], name="invoice_line_has_one_number"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.line}"


class Payment(Document):
    """Money received from a customer (negative: paid back)."""

    class Standing(models.TextChoices):
        APPLIED = "applied", _("Applied")
        PARTLY = "partly", _("Applied in part")
        WAITS = "waits", _("Waits for its invoice")
        OVER = "over", _("More than is open")
        OTHER_CURRENCY = "other_currency", _("Invoice in another currency")
        UNNAMED = "unnamed", _("Names no invoice")
        PAID_BACK = "paid_back", _("Paid back")

    received_on = models.DateField(_("received"))
    method = models.CharField(_("means"), max_length=40, blank=True, default="")
    amount = money()
    amount_minor = minor()
    amount_base_minor = models.BigIntegerField(null=True)
    # Number of the invoice that it says it is for, known or not yet.
    invoice_number = models.TextField(default="", db_default="")
    # Number of the customer that it names, for as long as its source does not know that customer:
    # found by trigger (migration 16). Until then its customer is that of its invoice, or nobody.
    customer_key = models.TextField(default="", db_default="")
    # What invoices took of it, and how that stands: kept by trigger (migration 11).
    applied_minor = models.BigIntegerField(default=0, db_default=0)
    standing = models.CharField(
        _("state"),
        max_length=14,
        choices=Standing,
        default=Standing.UNNAMED,
        db_default=Standing.UNNAMED.value,
    )

    class Meta(Document.Meta):
        verbose_name = _("payment")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                condition=Q(voided_at=None),
                name="payment_is_known_by_source_and_number",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_not_zero"),
        ]
        indexes = [
            models.Index(fields=["customer", "-received_on", "-id"], name="payment_by_customer"),
            models.Index(fields=["account"], name="payment_by_account"),
            models.Index(fields=["run_id", "-received_on", "-id"], name="payment_by_run_and_day"),
            models.Index(fields=["-received_on", "-id"], name="payment_by_day"),
            models.Index(fields=["org_node", "-received_on", "-id"], name="payment_by_branch"),
            models.Index(
                fields=["source", "-received_on", "-id"],
                condition=OF_A_LIST,
                name="payment_by_source",
            ),
            models.Index(fields=["currency", "-received_on", "-id"], name="payment_by_currency"),
            models.Index(
                fields=["standing", "-received_on", "-id"],
                condition=NOT_APPLIED,
                name="payment_by_standing",
            ),
            models.Index(
                fields=["-received_on", "-id"], condition=NOT_APPLIED, name="payment_not_applied"
            ),
            models.Index(
                fields=["customer", "-received_on", "-id"],
                condition=NOT_APPLIED,
                name="payment_not_applied_of_whom",
            ),
            models.Index(
                fields=["run_id", "standing", "-received_on", "-id"],
                condition=NOT_APPLIED,
                name="payment_not_applied_by_run",
            ),
            models.Index(
                fields=["source", "invoice_number"],
                condition=Q(voided_at=None) & ~Q(invoice_number=""),
                name="payment_by_its_invoice",
            ),
            models.Index(
                fields=["source", "customer_key"],
                condition=Q(voided_at=None) & ~Q(customer_key=""),
                name="payment_by_its_customer",
            ),
            models.Index(
                fields=["-received_on", "-id"], condition=OF_NOBODY, name="payment_of_nobody"
            ),
            models.Index(
                fields=["org_node", "-received_on", "-id"],
                condition=OF_NOBODY,
                name="payment_of_nobody_by_branch",
            ),
            models.Index(
                fields=["run_id", "-received_on", "-id"],
                condition=OF_NOBODY,
                name="payment_of_nobody_by_run",
            ),
            without_rate("amount_base_minor", "received_on", name="payment_without_rate"),
        ]

    @property
    def own_number(self) -> str:
        """The number that its source gave it; empty where it came without one."""
        return "" if is_made(self.number) else self.number


class Allocation(models.Model):
    """How much of a payment, or of a credit note, settles an invoice."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="allocations", db_constraint=False
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="allocations", db_constraint=False
    )
    credit_note = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        related_name="allocated",
        db_index=False,
        db_constraint=False,
    )
    allocated_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = minor()
    amount_base_minor = models.BigIntegerField(null=True)
    delay_reason = models.CharField(max_length=20, blank=True, default="")
    delay_is_ours = models.BooleanField(default=False)
    run_id = models.BigIntegerField(null=True)
    voided_at = models.DateTimeField(null=True)
    customer_id = models.BigIntegerField(null=True)
    org_node_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payment=None, credit_note__isnull=False)
                | Q(payment__isnull=False, credit_note=None),
                name="allocation_comes_from_a_payment_or_a_credit_note",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="allocation_is_positive"),
        ]
        indexes = [
            models.Index(fields=["run_id"], name="allocation_by_run"),
            models.Index(
                fields=["credit_note"],
                condition=Q(credit_note__isnull=False),
                name="allocation_by_credit_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.invoice_id}"
