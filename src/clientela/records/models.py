"""The ledger of sources, and the customer row that is its projection.

Invariant: versions are never changed or deleted; a link changes once, when it ends; a
customer row equals `ledger.facts_as_of(customer, today, now)` (see migration 0002) and can
be thrown away and rebuilt. `clientela records rebuild --check` says whether that holds.
"""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.records.folded import folded
from clientela.security.models import OrgNode


class Kind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Stage(models.TextChoices):
    RELATED = "related", _("Related party")
    PROSPECT = "prospect", _("Prospect")
    CUSTOMER = "customer", _("Customer")
    FORMER = "former", _("Former customer")


@pghistory.track()
class Source(models.Model):
    """Where records come from: a system, a file series, a desk."""

    class Settlement(models.TextChoices):
        KNOWN = "known", _("Invoices and payments")
        UNKNOWN = "unknown", _("Sales without payments")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.SlugField(_("name"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    org_node = models.ForeignKey(OrgNode, models.PROTECT, verbose_name=_("branch"))
    settlement = models.CharField(
        _("what it knows of payment"), max_length=8, choices=Settlement, default=Settlement.UNKNOWN
    )
    origin = models.CharField(_("origin of the data"), max_length=200, blank=True, default="")
    legal_basis = models.CharField(_("legal basis"), max_length=40, blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    created_by = models.TextField()

    class Meta:
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.title


class TrustRule(models.Model):
    """How far a source is trusted for an attribute (empty: for all) from an instant on."""

    source = models.ForeignKey(Source, models.PROTECT)
    attribute = models.CharField(max_length=60, blank=True, default="")
    trust = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "attribute", "set_at"], name="trust_changes_once_an_instant"
            ),
            models.CheckConstraint(condition=Q(trust__lte=100), name="trust_is_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.attribute or '*'} {self.trust}"


class SourceRecord(models.Model):
    """One row of one source, known by the source's own key. It never changes identity."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, db_constraint=False)
    key = models.TextField()
    folded = folded("key")  # the key however it is written
    kind = models.CharField(max_length=8, choices=Kind)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["folded"], name="source_record_by_folded_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"], name="source_record_is_known_by_source_and_key"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="source_record_has_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.key}"


class SealKey(models.Model):
    """The wrapped data key of a person's source record. Emptied, it erases the person."""

    source_record = models.OneToOneField(SourceRecord, models.PROTECT, primary_key=True)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrapped=None, destroyed_at__isnull=False)
                | Q(wrapped__isnull=False, destroyed_at=None),
                name="seal_key_is_there_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"key of {self.source_record_id}"


class RecordVersion(models.Model):
    """What one source record said at one time. Append-only.

    `attributes` holds what was stated, normalised: key absent = silent, null = "has none".
    `raw` holds it as it was given. Values of class S2 and higher of a person are sealed.
    """

    source_record = models.ForeignKey(
        SourceRecord, models.PROTECT, related_name="versions", db_index=False, db_constraint=False
    )
    run_id = models.BigIntegerField(null=True)  # import run that brought it
    true_from = models.DateField()
    known_at = models.DateTimeField()
    attributes = models.JSONField()
    raw = models.JSONField(null=True)
    digest = models.CharField(max_length=24)  # of the attributes, keyed: is it said again?
    author = models.TextField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["source_record", "-known_at", "-id"], name="version_latest_of_a_record"
            ),
            models.Index(
                fields=["run_id"], condition=Q(run_id__isnull=False), name="version_by_run"
            ),
            models.Index(
                fields=["known_at"], condition=Q(run_id__isnull=True), name="version_by_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_record_id} from {self.true_from}"


class Mention(models.Model):
    """What was said of a source record and made no version: it stood already, or sales said it in
    passing. Append-only. Made a version when what stood then is taken back (see
    `services.mentions`).

    `attributes` as in a version, null where a version or another mention of the record has them
    under the same digest.
    """

    source_record = models.ForeignKey(
        SourceRecord, models.PROTECT, related_name="mentions", db_index=False, db_constraint=False
    )
    run_id = models.BigIntegerField(null=True)  # import run that said it
    true_from = models.DateField()
    said_at = models.DateTimeField()
    digest = models.CharField(max_length=24)  # as of a version
    in_passing = models.BooleanField()
    attributes = models.JSONField(null=True)
    author = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_record", "run_id", "digest"], name="content_is_mentioned_once_a_run",
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source_record_id} by {self.run_id}"


class ComingFact(models.Model):
    """A version that was not true yet, or not known, when it was written: its customer's row
    has to be made anew when the time comes (see `services.coming`). Gone once that is done."""

    source_record = models.ForeignKey(
        SourceRecord, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="coming_fact_by_time")]

    def __str__(self) -> str:
        return f"{self.source_record_id} at {self.due_at}"


class Customer(models.Model):
    """Any party with a file: the best of what its sources say, each fact with its origin."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, default=Stage.CUSTOMER)
    org_node = models.ForeignKey(OrgNode, models.PROTECT, db_index=False, verbose_name=_("branch"))
    owner_id = models.BigIntegerField(_("account manager"), null=True)
    name = models.TextField(_("name"), blank=True, default="")
    sort_key = models.TextField(editable=False, default="")  # pinyin, accents folded
    country = models.CharField(_("country"), max_length=2, null=True)
    region = models.TextField(_("province or state"), null=True)
    city = models.TextField(_("city"), null=True)
    industry = models.TextField(_("industry"), null=True)
    sex = models.TextField(_("sex"), null=True)
    age_band = models.TextField(_("age band"), null=True)
    income_band = models.TextField(_("income band"), null=True)
    household_size = models.TextField(_("household size"), null=True)
    facts = models.JSONField(default=dict)  # every attribute that won, sealed where it is
    provenance = models.JSONField(default=dict)  # attribute -> id of the version it came from
    first_known_on = models.DateField(_("known since"))
    # Written by the classification job from the columnar copy, not by the projection.
    abc_class = models.CharField(_("ABC class"), max_length=1, null=True)
    rfm_segment = models.CharField(_("segment"), max_length=30, null=True)
    net_sales_base_minor = models.BigIntegerField(_("net sales, 12 months"), null=True)
    last_purchase_on = models.DateField(_("last purchase"), null=True)
    classified_on = models.DateField(null=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, db_index=False
    )
    archived_at = models.DateTimeField(_("archived"), null=True)
    # Lies away since nothing is left to say of it, and no longer than that; what a person put away
    # stays away. Said by the projection.
    is_emptied = models.BooleanField(default=False, db_default=False, editable=False)
    projected_at = models.DateTimeField(editable=False, null=True)

    class Meta:
        verbose_name = _("customer")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_emptied=False) | Q(archived_at__isnull=False),
                name="customer_that_is_emptied_lies_away",
            ),
        ]
        indexes = [
            models.Index(F("sort_key"), F("id"), name="customer_by_name"),
            models.Index(fields=["org_node", "sort_key", "id"], name="customer_by_branch"),
            models.Index(fields=["owner_id", "sort_key", "id"], name="customer_by_owner"),
            models.Index(fields=["country", "sort_key", "id"], name="customer_by_country"),
            models.Index(fields=["first_known_on", "id"], name="customer_by_first_known"),
            models.Index(
                fields=["is_emptied", "sort_key", "id"],
                condition=Q(archived_at__isnull=False),
                name="customer_that_lies_away",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customer_by_survivor",
            ),
            models.Index(F("net_sales_base_minor").desc(nulls_last=True), F("id").desc(),
                         name="customer_by_falling_sales"),
            models.Index(F("last_purchase_on").desc(nulls_last=True), F("id").desc(),
                         name="customer_by_last_purchase"),
            # Nulls stand last both ways, so neither order is the other read backwards.
            models.Index(F("net_sales_base_minor").asc(nulls_last=True), F("id"),
                         name="customer_by_rising_sales"),
            models.Index(F("last_purchase_on").asc(nulls_last=True), F("id"),
                         name="customer_by_oldest_purchase"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.public_id)


class Classification(models.Model):
    """A class that a customer got from an analysis: kept each time it changes."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="classifications", db_index=False
    )
    scheme = models.CharField(max_length=20)  # abc, rfm
    value = models.CharField(max_length=30, blank=True)  # empty: has none any more
    as_of = models.DateField()
    snapshot = models.BigIntegerField()  # of the columnar copy that it was computed on
    parameters = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["customer", "scheme", "-recorded_at"], name="classification_of_a_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.scheme} {self.value}"


class ClassRun(models.Model):
    """One time that classes were worked out over the whole company, and by which limits.

    With `waits_for` they could not be: documents of these currencies have no rate.
    """

    as_of = models.DateField()
    snapshot = models.BigIntegerField()
    parameters = models.JSONField()  # scheme -> name -> value
    customers = models.BigIntegerField()  # that were looked at
    currency = models.CharField(
        max_length=3, default="", db_default=""
    )  # of net sales; empty: the group's
    waits_for = models.JSONField(null=True)  # currency -> documents
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-recorded_at"], name="class_run_newest_first")]

    def __str__(self) -> str:
        return f"classes as of {self.as_of}"


class Link(models.Model):
    """Which customer a source record belongs to, since when, and who or what said so."""

    source_record = models.ForeignKey(
        SourceRecord, models.PROTECT, related_name="links", db_constraint=False
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="links")
    linked_at = models.DateTimeField()
    linked_by = models.TextField()  # user name, or the rule: "first_seen"
    weight = models.FloatField(null=True)  # bits, where a match decided
    run_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_record"],
                condition=Q(ended_at=None),
                name="source_record_has_one_open_link",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", ended_at=None)
                | ~Q(ended_by="") & Q(ended_at__isnull=False),
                name="link_is_ended_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_record_id} → {self.customer_id}"


class ApartPair(models.Model):
    """Two source records that a person said are not the same party."""

    one = models.ForeignKey(SourceRecord, models.PROTECT, related_name="+")
    other = models.ForeignKey(SourceRecord, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    set_by = models.TextField()
    reason = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="apart_pair_is_kept_smaller_first"
            ),
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=Q(ended_at=None),
                name="pair_is_set_apart_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", ended_at=None)
                | ~Q(ended_by="") & Q(ended_at__isnull=False),
                name="apart_pair_is_ended_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class Retraction(models.Model):
    """An import run that was taken back: from `at` on, its versions count no more."""

    run_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.TextField()
    reason = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"run {self.run_id} taken back"
