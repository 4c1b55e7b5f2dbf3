"""Promotions, and the customers that each was for or was held back from.

A promotion's days are half-open: `to_on` is the day after the last. A cut in price is in
basis points. Whoever is in the control group is not asked, so there is no answer to keep.
"""

import uuid
from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.records.documents import Entry, entry_indexes, entry_rules
from clientela.records.models import Source


class Promotion(models.Model):
    """A lower price for some goods and some days, under the code that one source gives it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT)
    code = models.TextField(_("code"))
    name = models.TextField(_("name"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"))
    category_1 = models.CharField(_("category"), max_length=120, null=True)
    category_2 = models.CharField(max_length=120, null=True)
    category_3 = models.CharField(max_length=120, null=True)
    cut_bp = models.PositiveIntegerField(_("cut"), default=0)  # 1,200: twelve per cent
    run_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(_("recorded"))
    voided_at = models.DateTimeField(_("voided"), null=True)
    void_reason = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("promotion")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code"],
                condition=Q(voided_at=None),
                name="promotion_is_known_by_source_and_code",
            ),
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")), name="promotion_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(cut_bp__lte=10_000), name="promotion_cuts_no_more_than_the_price"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date:
        """The last day on which it holds, as people say it."""
        return self.to_on - timedelta(days=1)

    @property
    def cut_percent(self) -> Decimal:
        return Decimal(self.cut_bp) / 100


class PromotionTarget(Entry):
    """One customer of one promotion: treated or held back, and what it answered."""

    class Group(models.TextChoices):
        TREATED = "treated", _("Treated")
        CONTROL = "control", _("Control group")

    class Response(models.TextChoices):
        BOUGHT = "bought", _("Bought")
        ASKED = "asked", _("Asked for more")
        REFUSED = "refused", _("Refused")
        UNSUBSCRIBED = "unsubscribed", _("Wants no more of these")
        COMPLAINED = "complained", _("Complained")

    class Reason(models.TextChoices):
        PRICE = "price", _("Price")
        NO_NEED = "no_need", _("No need")
        TOO_MANY = "too_many", _("Too many messages")
        COMPETITOR = "competitor", _("Buys elsewhere")
        DISSATISFIED = "dissatisfied", _("Not satisfied with us")

    promotion = models.ForeignKey(
        Promotion, models.PROTECT, related_name="targets", db_constraint=False
    )
    group = models.CharField(_("group"), max_length=7, choices=Group)
    begins_on = models.DateField(_("from"))  # of the promotion, for lists
    response = models.CharField(
        _("response"), max_length=12, choices=Response, blank=True, default=""
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True, default="")
    responded_on = models.DateField(_("answered"), null=True)

    class Meta:
        verbose_name = _("promotion target")
        constraints = [
            *entry_rules("promotion_target"),
            models.UniqueConstraint(
                fields=["promotion", "account"],
                condition=Q(voided_at=None),
                name="promotion_target_is_an_account_once",
            ),
            models.CheckConstraint(
                condition=Q(response="", responded_on=None)
                | (~Q(response="") & Q(responded_on__isnull=False)),
                name="promotion_response_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(response__in=("refused", "unsubscribed", "complained")),
                name="promotion_reason_is_of_a_refusal",
            ),
            models.CheckConstraint(
                condition=Q(group="treated") | Q(response=""),
                name="promotion_control_group_is_not_asked",
            ),
        ]
        indexes = entry_indexes("promotion_target", "begins_on")
