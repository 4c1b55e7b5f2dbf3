"""Tables of feedback."""

from clientela.feedback.models.cases import Case
from clientela.feedback.models.surveys import Survey, SurveyAnswer, SurveyInvitation

__all__ = ["Case", "Survey", "SurveyAnswer", "SurveyInvitation"]
