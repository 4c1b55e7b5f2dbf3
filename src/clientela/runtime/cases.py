"""How the company writes the number of a case, so that a note can be held against it.

A value that is shown for a case alone is shown to who names one. The cases themselves are kept
elsewhere (a ticket system, a file of claims, the auditor's list), so that nobody here can look
whether a case is there: what is checked is that the note begins with something that is written as
its number is, and the number is kept with the event for who can look.
"""

import os
import re
import unicodedata
from functools import lru_cache

from clientela.runtime.refusals import refuse

USUAL = ("Case 2026/17", "INC0012345")  # what is told where the company set no form
# A word for a case and its number (Case no. 17), or a number that is told from days, amounts and
# floors as it stands: behind a #, of a year (2026/17), or of letters and two digits in one piece.
_WORDS = (
    "case|claim|ticket|incident|complaint|matter|dossier|file|caso|expediente|exp|asunto|incidencia|"
    "reclamación|reclamacion|siniestro|案件|案号|案|工单|投诉"
)
_COUNTED = (
    r"(?:[ .:：-]*(?:no|nr|nº|n°|n|num|núm|number|número|numero|id|编号|号码|号))?[ .:：#№-]{0,4}"
)
_PIECE = r"[^\W_](?:[-/.:#]?[^\W_]){0,39}"
_NUMBER = re.compile(
    rf"\W*(?P<all>(?:{_WORDS}){_COUNTED}(?P<said>{_PIECE})|(?P<own>(?=[^\W\d_]{{2}}){_PIECE})"
    r"|(?<=#)\d{2,12}(?![\w/])|\d{4}/\d{1,8}(?![\w/-]))",
    re.IGNORECASE,
)


@lru_cache(maxsize=8)
def _forms(told: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the forms that a setting names, each with its pattern. Raises CannotStart."""
    forms = [one.strip() for one in told.split(",") if one.strip()]
    for form in forms:
        if "#" not in form or len(form) > 60:
            raise refuse("case_numbers_unreadable", form=form[:80])
    return tuple((form, _pattern(form)) for form in forms)


def _pattern(form: str) -> re.Pattern[str]:
    signs = {"#": r"\d", "@": r"[^\W\d_]"}
    text = "".join(signs.get(sign, re.escape(sign)) for sign in form)
    return re.compile(rf"{text}(?![^\W_])", re.IGNORECASE)


def forms() -> tuple[str, ...]:
    """Return how numbers of cases are written here: # a digit, @ a letter; empty: any usual way.

    Raises CannotStart where a form names no digit.
    """
    return tuple(form for form, _ in _forms(os.environ.get("CLIENTELA_CASE_NUMBERS", "")))


def examples() -> str:
    """Return numbers as they are written here, for a sentence that asks for one."""
    shown = [_example(form) for form in forms()] or list(USUAL)
    return ", ".join(shown)


def _example(form: str) -> str:
    digits = iter(str(n % 10) for n in range(1, len(form) + 1))
    return "".join(next(digits) if sign == "#" else "A" if sign == "@" else sign for sign in form)


def case_in(note: str) -> str:
    """Return the number of the case that a note begins with, empty where it begins with none."""
    note = unicodedata.normalize("NFKC", note)  # full-width signs are the same number
    known = _forms(os.environ.get("CLIENTELA_CASE_NUMBERS", ""))
    if known:
        text = re.sub(r"^[\W_]+", "", note)
        found = next((m for _, pattern in known if (m := pattern.match(text))), None)
        return found[0] if found else ""
    usual = _NUMBER.match(note)
    if usual is None:
        return ""
    least, number = (2, usual["own"]) if usual["own"] else (1, usual["said"] or usual["all"])
    return usual["all"] if sum(sign.isdigit() for sign in number) >= least else ""
