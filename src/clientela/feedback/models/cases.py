"""One row for each complaint, fault report, inquiry and suggestion."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.records.documents import Entry, entry_indexes, entry_rules
from clientela.security.models import User
from clientela.trade.models import Product


class Case(Entry):
    """Something a customer reported, from its coming in to its end."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        FAULT = "fault", _("Fault report")
        INQUIRY = "inquiry", _("Inquiry")
        SUGGESTION = "suggestion", _("Suggestion")

    class Priority(models.TextChoices):
        LOW = "low", _("Low")
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")
        URGENT = "urgent", _("Urgent")

    class State(models.TextChoices):
        NEW = "new", _("New")
        ANSWERED = "answered", _("Answered")
        RESOLVED = "resolved", _("Resolved")

    class Cause(models.TextChoices):
        GOODS = "goods", _("Goods")
        DELIVERY = "delivery", _("Delivery")
        INVOICE = "invoice", _("Invoice")
        PRICE = "price", _("Price")
        SERVICE = "service", _("Service")
        HANDLING = "handling", _("Handling by the customer")
        INFORMATION = "information", _("Missing information")

    class Outcome(models.TextChoices):
        REPAIRED = "repaired", _("Repaired")
        REPLACED = "replaced", _("Replaced")
        REFUNDED = "refunded", _("Refunded")
        EXPLAINED = "explained", _("Explained")
        ADOPTED = "adopted", _("Adopted")
        REFUSED = "refused", _("Refused")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    lot = models.CharField(_("lot"), max_length=40, blank=True, default="")
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("handled by"),
    )  # fmt: skip
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"), null=True)
    first_answer_at = models.DateTimeField(_("first answer"), null=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State)
    cause = models.CharField(_("cause"), max_length=11, choices=Cause, blank=True, default="")
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True, default="")

    class Meta:
        verbose_name = _("case")
        constraints = [
            *entry_rules("case"),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=F("received_at")),
                name="case_is_due_after_it_came",
            ),
            models.CheckConstraint(
                condition=Q(first_answer_at=None) | Q(first_answer_at__gte=F("received_at")),
                name="case_is_answered_no_earlier_than_it_came",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("first_answer_at")),
                name="case_is_resolved_no_earlier_than_answered",
            ),
            models.CheckConstraint(
                condition=Q(state="new", first_answer_at=None, resolved_at=None)
                | Q(state="answered", first_answer_at__isnull=False, resolved_at=None)
                | Q(state="resolved", first_answer_at__isnull=False, resolved_at__isnull=False),
                name="case_state_is_that_of_its_times",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved") | Q(outcome=""),
                name="case_has_an_outcome_when_it_is_resolved",
            ),
            models.CheckConstraint(
                condition=Q(lot="") | Q(product__isnull=False), name="case_lot_is_of_a_product"
            ),
        ]
        indexes = entry_indexes("case", "received_at")
