"""What a row that belongs to one account has in common, whichever part keeps it.

An account is a source record. `customer_id`, `org_node_id` and `owner_id` follow the
account's link and the customer's row by trigger (`records.following`), so that row security
compares columns of the row itself. References carry no foreign key: statement triggers
check them (`store.rowsecurity.RefersTo`).
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientela.records.models import Customer, Source, SourceRecord
from clientela.security.models import OrgNode


class Accounted(models.Model):
    """An abstract row of one account of one source, known by its number there."""

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
    run_id = models.BigIntegerField(null=True)
    digest = models.BinaryField()  # of the content as given: is the same document sent again?
    recorded_at = models.DateTimeField(_("recorded"))
    voided_at = models.DateTimeField(_("voided"), null=True)
    void_reason = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Entry(Accounted):
    """An abstract row that is always some account's, and says which branch dealt with it."""

    account = models.ForeignKey(
        SourceRecord, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    branch = models.ForeignKey(  # stays, wherever the customer moves
        OrgNode,
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("branch"),
    )

    class Meta:
        abstract = True


def entry_rules(name: str) -> list[models.BaseConstraint]:
    """Return the constraint that every kind of entry has: one number is one row of a source."""
    return [
        models.UniqueConstraint(
            fields=["source", "number"],
            condition=models.Q(voided_at=None),
            name=f"{name}_is_known_by_source_and_number",
        )
    ]


def entry_indexes(name: str, day: str) -> list[models.Index]:
    """Return the indexes of every kind of entry: a customer's newest first, account and run."""
    return [
        models.Index(fields=["customer", f"-{day}", "-id"], name=f"{name}_by_customer"),
        models.Index(fields=["account"], name=f"{name}_by_account"),
        models.Index(fields=["run_id"], name=f"{name}_by_run"),
    ]
