"""The audit trail. Rows are written once and refer to nothing by foreign key."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Channel(models.TextChoices):
    PAGE = "page"
    API = "api"
    CLI = "cli"
    JOB = "job"


class Result(models.TextChoices):
    DONE = "done"
    REFUSED = "refused"


class Event(models.Model):
    """One thing that one person or job did, or tried to. Labels, not keys: it outlives all.

    Values of class S2 and higher stand in `before` and `after` as keyed digests only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # version 7
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.TextField()
    on_behalf_of = models.TextField(blank=True, default="")
    channel = models.CharField(max_length=8, choices=Channel)
    session = models.CharField(max_length=64, blank=True, default="")  # digest of its key
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True, default="")
    request_id = models.CharField(max_length=36, blank=True, default="")
    act = models.TextField()  # dotted, past: "records.customer.corrected"
    object_type = models.TextField(blank=True, default="")  # "records.Customer"
    object_id = models.TextField(blank=True, default="")
    customer_ids = ArrayField(models.BigIntegerField(), default=list)
    purpose = models.TextField(blank=True, default="")
    fields_read = models.JSONField(default=dict)  # field -> class, never a value
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    rows = models.BigIntegerField(null=True)
    result = models.CharField(max_length=8, choices=Result, default=Result.DONE)
    reasons = models.JSONField(default=list)
    product_version = models.CharField(max_length=20)

    class Meta:
        indexes = [
            models.Index(fields=["recorded_at", "id"], name="event_by_time"),
            models.Index(fields=["actor_id", "recorded_at"], name="event_by_actor"),
            models.Index(fields=["object_type", "object_id"], name="event_by_object"),
            GinIndex(fields=["customer_ids"], name="event_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M:%S} {self.actor} {self.act} {self.object_id}"


class Seal(models.Model):
    """The place of one event in the chain: its digest, and that of all before it."""

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    leaf = models.BinaryField()  # SHA-256 of the event's canonical form
    chain = models.BinaryField()  # SHA-256 of the chain before and this leaf

    def __str__(self) -> str:
        return f"{self.seq}"


class Checkpoint(models.Model):
    """A signed statement of how the chain stood, also written outside the database."""

    size = models.BigIntegerField(primary_key=True)  # events sealed so far
    first = models.BigIntegerField()  # seq of the first event of this block
    root = models.BinaryField()  # Merkle root over the block's leaves
    chain = models.BinaryField()
    previous = models.BinaryField()  # root of the block before
    made_at = models.DateTimeField()
    database_id = models.TextField()
    key_id = models.CharField(max_length=16)
    signature = models.BinaryField()  # Ed25519 over the statement

    def __str__(self) -> str:
        return f"{self.size} events at {self.made_at:%Y-%m-%d %H:%M:%S}"
