"""Questionnaires, who was asked, and what each answered.

Questions are data: a list of `{"code", "kind": "score" | "choice", "low", "high",
"choices", "labels", "text": {language: words}}`. An invitation without answers is a non-response.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientela.records.documents import Entry, entry_indexes, entry_rules
from clientela.records.models import Source


class Survey(models.Model):
    """A questionnaire for some days, under the code that one source gives it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT)
    code = models.TextField(_("code"))
    name = models.TextField(_("name"))
    questions = models.JSONField(_("questions"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"))  # the day after the last
    run_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(_("recorded"))
    voided_at = models.DateTimeField(_("voided"), null=True)
    void_reason = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("survey")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code"],
                condition=Q(voided_at=None),
                name="survey_is_known_by_source_and_code",
            ),
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")), name="survey_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SurveyInvitation(Entry):
    """One customer asked to answer one survey."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="invitations", db_constraint=False
    )
    invited_on = models.DateField(_("asked"))

    class Meta:
        verbose_name = _("survey invitation")
        constraints = [
            *entry_rules("survey_invitation"),
            models.UniqueConstraint(
                fields=["survey", "account"],
                condition=Q(voided_at=None),
                name="survey_invitation_is_sent_to_an_account_once",
            ),
        ]
        indexes = entry_indexes("survey_invitation", "invited_on")


class SurveyAnswer(models.Model):
    """The answer to one question. Survey, customer and scope of the invitation stand here too."""

    invitation = models.ForeignKey(
        SurveyInvitation, models.PROTECT, related_name="answers", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+", db_constraint=False)
    question = models.CharField(_("question"), max_length=40)
    score = models.SmallIntegerField(_("score"), null=True)
    choice = models.CharField(_("choice"), max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(_("answered"))
    customer_id = models.BigIntegerField()
    org_node_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "question"],
                condition=Q(voided_at=None),
                name="survey_question_is_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False, choice="") | (Q(score=None) & ~Q(choice="")),
                name="survey_answer_is_a_score_or_a_choice",
            ),
        ]
        indexes = [models.Index(fields=["run_id"], name="survey_answer_by_run")]

    def __str__(self) -> str:
        return f"{self.invitation_id}/{self.question}"
