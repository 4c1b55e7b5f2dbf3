"""Reasons in words, in the reader's language."""

from django.utils.translation import gettext as _

from clientela.kernel.reasons import Reason


def sentence(reason: Reason) -> str:
    """Return the sentence for a reason. Raises KeyError for an unknown code."""
    return {
        "not_found": _("There is nothing here that you can see."),
        "act_not_permitted": _("Your roles do not allow this (%(act)s)."),
    }[reason.code] % reason.params
