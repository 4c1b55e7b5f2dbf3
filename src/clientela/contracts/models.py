"""One row for each contract. Its term is half-open: `valid_to` is the day after the last.

A contract that follows another is named by the one that it renews, so a chain is read
forward; a customer of contract trade is lost when the last of its chain ended.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.records.documents import Entry, entry_indexes, entry_rules


class Contract(Entry):
    """What was agreed with one customer for a time."""

    class Kind(models.TextChoices):
        FRAMEWORK = "framework", _("Framework agreement")
        SUPPLY = "supply", _("Supply contract")
        SERVICE = "service", _("Service contract")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("In force")
        RENEWED = "renewed", _("Renewed")
        ENDED = "ended", _("Ended")
        TERMINATED = "terminated", _("Terminated")

    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    signed_on = models.DateField(_("signed"), null=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True)  # null: until somebody ends it
    currency = models.CharField(_("currency"), max_length=3)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)  # of the whole term
    value_minor = models.BigIntegerField()
    value_base_minor = models.BigIntegerField(null=True)  # at the rate of the first day
    payment_days = models.PositiveSmallIntegerField(_("days to pay"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    ended_on = models.DateField(_("ended"), null=True)
    renewed_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="renews", db_constraint=False
    )

    class Meta:
        verbose_name = _("contract")
        constraints = [
            *entry_rules("contract"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="contract_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(valid_to=None) | Q(signed_on__lt=F("valid_to")),
                name="contract_is_signed_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(signed_on__isnull=False),
                name="contract_beyond_a_draft_is_signed",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="contract_value_not_negative"),
            models.CheckConstraint(
                condition=Q(state="renewed", renewed_by__isnull=False)
                | (~Q(state="renewed") & Q(renewed_by=None)),
                name="contract_that_was_renewed_says_by_which",
            ),
            models.CheckConstraint(
                condition=Q(renewed_by=None) | ~Q(renewed_by=F("id")),
                name="contract_does_not_renew_itself",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("ended", "terminated"), ended_on__isnull=False)
                | (~Q(state__in=("ended", "terminated")) & Q(ended_on=None)),
                name="contract_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("valid_from")),
                name="contract_does_not_end_before_it_begins",
            ),
        ]
        indexes = entry_indexes("contract", "valid_from")

    @property
    def last_day(self) -> date | None:
        """The last day of the term, as people say it; None where there is none."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None
