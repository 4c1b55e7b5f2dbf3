"""The sentence of a reason. The words are the pages'; the composition root says where."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from clientela.kernel.reasons import Reason


def sentence(reason: Reason) -> str:
    """Return the reason in the reader's language."""
    return str(_sentences()(reason))


@cache
def _sentences() -> Any:
    return import_string(getattr(settings, "REASON_SENTENCES"))  # noqa: B009 - ours, unknown to stubs
