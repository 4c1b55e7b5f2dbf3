"""Reading cases and surveys: scoped to the user, newest first."""

from django.db.models import Prefetch, QuerySet

from clientela.feedback.models import Case, SurveyAnswer, SurveyInvitation
from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.selectors import in_reach

BY_RECEIPT = ["-received_at", "-id"]
BY_INVITATION = ["-invited_on", "-id"]


def cases_of(access: Access, customer: Customer) -> QuerySet[Case]:
    """Return a customer's cases; the caller pages by BY_RECEIPT."""
    access.demand("case.read")
    reach = in_reach(access.reach("case.read"))
    rows = Case.objects.filter(reach, customer=customer, voided_at=None)
    return rows.select_related("product", "handler")


def surveys_of(access: Access, customer: Customer) -> QuerySet[SurveyInvitation]:
    """Return what a customer was asked, with its answers; the caller pages by BY_INVITATION."""
    access.demand("survey.read")
    reach = in_reach(access.reach("survey.read"))
    rows = SurveyInvitation.objects.filter(reach, customer=customer, voided_at=None)
    answers = Prefetch("answers", SurveyAnswer.objects.filter(voided_at=None).order_by("id"))
    return rows.select_related("survey").prefetch_related(answers)
