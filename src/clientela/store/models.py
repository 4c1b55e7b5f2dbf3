"""What belongs to no part alone: settings with a history, write keys, saved views."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _


class Parameter(models.Model):
    """One value of one setting from an instant on. A new value is a new row."""

    name = models.TextField()  # dotted: "analysis.abc.a_share"
    value = models.JSONField()
    valid_from = models.DateTimeField()
    set_by = models.TextField()
    approved_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"], name="parameter_changes_once_an_instant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} from {self.valid_from:%Y-%m-%d}"


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
