"""A file on its way in: received, staged, checked, loaded, and taken back."""

from clientela.intake.services.breaking_off import cancel_run, end_broken, told_if_failed
from clientela.intake.services.mappings import save_mapping
from clientela.intake.services.receiving import answer_questions, receive_file
from clientela.intake.services.repeats import hold_name
from clientela.intake.services.running import advance, confirm_run
from clientela.intake.services.taking_back import take_back

__all__ = [
    "advance",
    "answer_questions",
    "cancel_run",
    "confirm_run",
    "end_broken",
    "hold_name",
    "receive_file",
    "save_mapping",
    "take_back",
    "told_if_failed",
]
