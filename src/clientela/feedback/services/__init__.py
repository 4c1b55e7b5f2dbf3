"""Writing what customers tell us."""

from clientela.feedback.services.cases import load_cases
from clientela.feedback.services.retraction import void_run
from clientela.feedback.services.surveys import load_answers, load_invitations, load_surveys

__all__ = ["load_answers", "load_cases", "load_invitations", "load_surveys", "void_run"]
