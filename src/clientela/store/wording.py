"""The words of a reason or a question, for the interfaces that may not reach over to the pages.

The words are the pages'; the composition root says where they are.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from clientela.kernel.reasons import Reason


def sentence(reason: Reason) -> str:
    """Return the reason in the reader's language."""
    return str(_found("REASON_SENTENCES")(reason))


def told(code: str, params: Mapping[str, str]) -> str:
    """Return the sentence of a stored reason; of one of another release, its code."""
    return str(_found("STORED_REASON_SENTENCES")(code, params))


def question_words(code: str, params: dict[str, str]) -> str:
    """Return what a question of an import asks, in the reader's language."""
    words = _found("QUESTION_WORDS")
    return str(words[code]) % params if code in words else code


@cache
def _found(setting: str) -> Any:
    return import_string(getattr(settings, setting))
