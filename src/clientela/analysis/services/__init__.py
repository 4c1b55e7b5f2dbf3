"""Asking analyses on behalf of a user, and keeping what they say of customers."""

from clientela.analysis.services.asking import ask
from clientela.analysis.services.behind import documents_behind
from clientela.analysis.services.classifying import bring_up_to_date, classify
from clientela.analysis.services.copy import copy_folder, ensure_copy, refresh_copy
from clientela.analysis.services.downloading import (
    answer_for_program,
    answer_to_take,
    may_download,
    record_download,
    takes_groups,
)
from clientela.analysis.services.question import as_allowed

__all__ = [
    "answer_for_program",
    "answer_to_take",
    "as_allowed",
    "ask",
    "bring_up_to_date",
    "classify",
    "copy_folder",
    "documents_behind",
    "ensure_copy",
    "may_download",
    "record_download",
    "refresh_copy",
    "takes_groups",
]
