"""Things that a person must do."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientela.security.models import ROLE_LABELS, OrgNode, User


class WorkItem(models.Model):
    """One thing to do, for a person or for whoever holds a role at a node."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("No longer needed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)  # "import_questions", "grant_approval"
    subject_type = models.CharField(max_length=40)
    subject_id = models.TextField()
    params = models.JSONField(default=dict)  # of the sentence, never S2 or higher
    owner = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("for"))
    role = models.CharField(
        _("for the role"), max_length=20, choices=ROLE_LABELS, blank=True, default=""
    )
    org_node = models.ForeignKey(OrgNode, models.PROTECT, verbose_name=_("where"))
    due_at = models.DateTimeField(_("due"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("work item")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, role="") | Q(owner=None) & ~Q(role=""),
                name="work_item_is_for_a_person_or_a_role",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by="")
                | ~Q(state="open") & Q(closed_at__isnull=False) & ~Q(closed_by=""),
                name="work_item_is_closed_by_somebody_at_some_time",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(state="open"),
                name="work_item_is_open_once_for_its_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_at", "id"], name="work_by_owner"),
            models.Index(fields=["role", "state", "due_at", "id"], name="work_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
