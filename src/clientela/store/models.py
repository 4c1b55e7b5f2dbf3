"""What belongs to no part alone: settings with a history, write keys, saved views."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Parameter(models.Model):
    """One value of one setting from an instant on. A new value is a new row.

    Of two that hold from the same instant the later one counts: so what is to come is corrected.
    """

    name = models.TextField()  # dotted: "analysis.abc.a_until_percent"
    value = models.JSONField()
    valid_from = models.DateTimeField()
    set_by = models.TextField()
    approved_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name__startswith="analysis.")
                | ~Q(approved_by="") & ~Q(approved_by=F("set_by")),
                name="default_of_figures_is_set_by_two",
            ),
        ]
        indexes = [models.Index(fields=["name", "valid_from"], name="parameter_by_instant")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} from {self.valid_from:%Y-%m-%d}"


class ParameterProposal(models.Model):
    """One person proposes a value, another approves exactly that one while it stands.

    What was proposed never changes (a trigger holds it): another value is another proposal.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.TextField()
    value = models.JSONField()
    replaces = models.JSONField()  # what held, or was to hold, when this was proposed
    valid_from = models.DateTimeField(null=True)  # null: from the approval on
    proposed_by = models.TextField()
    proposed_through = models.TextField()  # page, command line: see `may_approve_parameter`
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approved_by = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")  # withdrawn or declined
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(_("reason"), max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")),
                name="parameter_is_approved_by_another_than_who_proposed",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None)
                | ~Q(approved_by="") & Q(approved_at__isnull=False),
                name="parameter_is_approved_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", ended_at=None)
                | ~Q(ended_by="") & Q(ended_at__isnull=False),
                name="parameter_proposal_is_ended_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__in=("", F("proposed_by"))) | ~Q(ended_reason=""),
                name="parameter_proposal_is_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(approved_at__lt=F("expires_at"), ended_at=None),
                name="parameter_is_approved_in_time_and_while_it_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class IdempotencyKey(models.Model):
    """A write that a client may send again: the same key gives the same answer.

    The row is written in the transaction of the effect, so there is never one
    without the other; a second request waits on the unique key and reads the answer.
    """

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "key"], name="idempotency_key_is_used_once_by_a_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of user {self.user_id}"


class SavedView(models.Model):
    """The filters, order and columns of a list, under a name, for one user."""

    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    user_id = models.BigIntegerField()
    page = models.CharField(_("page"), max_length=50)
    name = models.CharField(_("name"), max_length=80)
    query = models.JSONField(_("filters, order and columns"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "page", "name"], name="saved_view_has_one_name_a_page"
            ),
        ]

    def __str__(self) -> str:
        return self.name
