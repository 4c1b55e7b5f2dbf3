"""The language of messages: that of the terminal, else of the user on whose behalf it works."""

import os

from django.conf import settings
from django.utils import translation

_SAID_BY = ("LC_ALL", "LC_MESSAGES", "LANG")  # as POSIX ranks them


def of_terminal() -> str | None:
    """Return the language that the terminal asks for, where we speak it."""
    said = next((text for name in _SAID_BY if (text := os.environ.get(name, ""))), "")
    language = said.partition(".")[0].partition("_")[0].lower()
    spoken = [code for code, _ in settings.LANGUAGES]
    return next((code for code in spoken if code.partition("-")[0] == language), None)


def speak(language: str = "") -> None:
    """Speak the terminal's language from now on, else the one given, else English."""
    translation.activate(of_terminal() or language or settings.LANGUAGE_CODE)
