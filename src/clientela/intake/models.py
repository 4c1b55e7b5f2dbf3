"""Import runs, saved mappings, and the rows that were set aside."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clientela.records.models import Source
from clientela.security.models import OrgNode
from clientela.trade.numbers import is_made


@pghistory.track()
class Mapping(models.Model):
    """How the columns of a kind of file become fields; saved under a name to use again."""

    name = models.SlugField(_("name"), max_length=60)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"))
    kind = models.CharField(_("kind of rows"), max_length=20)
    definition = models.JSONField()  # columns, constants, rules: see intake.mapping
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.TextField()

    class Meta:
        verbose_name = _("mapping")
        constraints = (
            models.UniqueConstraint(fields=["source", "name"], name="mapping_name_once_a_source"),
        )

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One file on its way in. `staged` and `loaded` say how far it came: a run resumes there."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        NEEDS_ANSWERS = "needs_answers", _("Needs answers")
        STAGING = "staging", _("Reading")
        READY = "ready", _("Ready to load")
        LOADING = "loading", _("Loading")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        TAKEN_BACK = "taken_back", _("Taken back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), null=True)
    new_source = models.CharField(
        max_length=60, blank=True, default="", db_default=""
    )  # a trial makes none
    org_node = models.ForeignKey(OrgNode, models.PROTECT, related_name="+", db_index=False)
    owner_id = models.BigIntegerField(null=True)  # who started it
    kind = models.CharField(_("kind of rows"), max_length=20, blank=True, default="")
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(_("size"))
    file_path = models.TextField()  # within the data folder, sealed; empty when it has ended
    description = models.JSONField(default=dict)  # encoding, separator, header, rows
    sheet = models.GeneratedField(
        expression=Coalesce(
            KT("description__layout__sheet"), Value("", output_field=models.TextField())
        ),
        output_field=models.TextField(_("sheet")),
        db_persist=True,
    )  # of a workbook
    definition = models.JSONField(default=dict)  # the mapping as used
    questions = models.JSONField(default=list)  # without what the data look like
    samples = models.JSONField(null=True)  # first rows and previews, sealed whole
    answers = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=13, choices=State, default=State.RECEIVED)
    dry_run = models.BooleanField(_("trial only"), default=False)
    staged = models.BigIntegerField(default=0)  # records read and staged
    loaded = models.BigIntegerField(default=0)  # documents or records loaded
    to_load = models.BigIntegerField(default=0)
    read = models.BigIntegerField(_("read"), default=0)
    accepted = models.BigIntegerField(_("accepted"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    skipped = models.BigIntegerField(_("skipped"), default=0)
    flagged = models.JSONField(default=dict)  # code -> rows
    written = models.JSONField(default=dict)  # table -> rows
    amounts = models.JSONField(default=dict)  # currency -> net, as text
    error = models.JSONField(null=True)  # a reason
    sealed_key = models.BinaryField(null=True)  # of its samples and rejected rows, wrapped
    staging_key = models.BinaryField(null=True)  # of its staged rows, wrapped; destroyed at its end
    started_by = models.TextField()
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    undone = models.JSONField(null=True)  # how much of it was taken back: customers, voided
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")
    # No longer so once an import is taken back for whose documents it left rows out.
    is_whole = models.BooleanField(default=True, db_default=True)

    class Meta:
        verbose_name = _("import")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "taken_back"])
                | Q(read=F("accepted") + F("rejected") + F("skipped")),
                name="run_accounts_for_every_row",
            ),
            models.UniqueConstraint(
                fields=["source", "sha256", "kind", "sheet"],
                condition=Q(state__in=["loading", "done"], dry_run=False, is_whole=True),
                name="file_is_imported_once_into_a_source",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False, new_source="")
                | Q(source=None, dry_run=True) & ~Q(new_source=""),
                name="only_a_trial_goes_without_a_source",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_by="", taken_back_at=None)
                | ~Q(taken_back_by="") & Q(taken_back_at__isnull=False),
                name="run_is_taken_back_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed", "cancelled", "taken_back"])
                | Q(staging_key=None),
                name="ended_run_has_no_key_of_its_rows",
            ),
        ]
        indexes = [models.Index(fields=["-started_at", "-id"], name="run_by_time")]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.source_title}"

    @property
    def into(self) -> Source:
        """The source that it loads into. A trial loads nothing, and may have none."""
        if self.source is None:
            raise ValueError(f"{self.public_id} is a trial for a source that is not there")
        return self.source

    @property
    def source_name(self) -> str:
        """The name of its source; of a trial's, the name that it would have."""
        return self.source.name if self.source else self.new_source

    @property
    def source_title(self) -> str:
        """The title of its source; of a trial's, the name that it would have."""
        return self.source.title if self.source else self.new_source


class RejectedRow(models.Model):
    """A row that was set aside, kept as it came, with the reason."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CORRECTED = "corrected", _("Corrected")  # its document or key came in by a later run

    run = models.ForeignKey(Run, models.PROTECT, related_name="rejected_rows", db_index=False)
    row_no = models.BigIntegerField(_("row"))
    line_no = models.BigIntegerField(_("line"))
    column = models.TextField(_("column"), blank=True, default="")
    value = models.TextField(_("value"), blank=True, default="")  # masked where sensitive
    code = models.CharField(_("reason"), max_length=60)
    params = models.JSONField(default=dict)
    unit = models.TextField(_("document or key"), blank=True, default="")
    raw = models.JSONField()  # the record as given, byte for byte, sealed whole
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    corrected_by = models.ForeignKey(
        Run, models.PROTECT, null=True, related_name="+", db_index=False
    )
    org_node_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("rejected row")
        constraints = [
            models.UniqueConstraint(fields=["run", "row_no"], name="row_is_rejected_once"),
            models.CheckConstraint(
                condition=Q(state="open", corrected_by=None)
                | Q(state="corrected", corrected_by__isnull=False),
                name="row_is_corrected_by_a_run",
            ),
        ]
        indexes = [
            models.Index(
                fields=["corrected_by"],
                condition=Q(corrected_by__isnull=False),
                name="rejected_row_by_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row_no} {self.code}"

    @property
    def given_unit(self) -> str:
        """Its document or key as the file gave it; empty where it gave none."""
        return "" if is_made(self.unit) else self.unit
