"""What an event changed, in words: each name with its value before and after."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from clientela.web import formats, words
from clientela.web import import_words as imports

if TYPE_CHECKING:
    from clientela.audit.models import Event

MOST, LONGEST = 12, 120
# Keys of rows and numbers of copies, of which nobody knows anything.
INNER = frozenset({"customer", "one", "other", "snapshot", "subject"})
MASK = "***"  # the trail keeps a digest of what is masked
_WORDS: dict[str, words.Words] = {
    "settlement": words.SETTLEMENTS, "role": words.ROLES, "acts": words.ACTS,
    "written": imports.WRITTEN, "state": imports.STATES, "kind": {**words.NODES, **words.KINDS},
}  # fmt: skip

# What an event says, beside the fields of files and filters.
_NAMES: words.Words = {
    "trust": _("Trust"), "settlement": _("Knows of payment"), "role": _("Role"), "user": _("User"),
    "acts": _("May"), "username": _("User name"), "code": _("Code"), "base_currency": _("Currency"),
    "time_zone": _("Time zone"), "theme": _("Appearance"), "language": _("Language"), "read": _("Read"), "accepted": _("Accepted"),
    "rejected": _("Rejected"), "skipped": _("Skipped"), "written": _("Written"),
    "file": _("File"), "source": _("Source"), "reason": _("Reason"), "state": _("State"),
    "as_of": _("As of"), "parameters": _("Settings"), "invoices": _("Invoices"),
    "documents_without_rate": _("Documents without a rate"),
    "customers": _("Customers"), "proposed_by": _("Proposed by"), "expires_at": _("Ends"), "valid_from": _("From"), "valid_to": _("Until"),
}  # fmt: skip


def changes(event: "Event") -> list[str]:
    """Return "name: before → after" for each thing that the event says, at most `MOST`."""
    before, after = event.before or {}, event.after or {}
    told = [
        _told(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*after, *before))
        if name not in INNER and (before.get(name), after.get(name)) != (None, None)
    ]
    more = len(told) - MOST
    return [*told[:MOST], *([f"+ {formats.number(more)}"] if more > 0 else [])]


def _told(name: str, before: Any, after: Any) -> str:
    values = [_value(name, value) for value in (before, after) if value not in (None, "")]
    if before == after or not values:
        values = values[:1] or ["–"]
    elif after in (None, ""):
        values.append("–")
    return f"{_named(name)}: {' → '.join(values)}"


def _named(name: str) -> str:
    return words.word(_NAMES, name) if name in _NAMES else words.of_param("field", name)


def _value(name: str, value: Any) -> str:
    """Return a value as text: codes in words, digests as a mask, figures as they are written."""
    known = _WORDS.get(name, {})
    if isinstance(value, Mapping):
        if set(value) == {"digest"}:
            return MASK
        pairs = (f"{words.word(known, str(k))} {_value('', v)}" for k, v in value.items())
        return _short(", ".join(pairs))
    if isinstance(value, list):
        return _short(", ".join(_value(name, one) for one in value))
    if isinstance(value, int) and not isinstance(value, bool):
        return formats.number(value)
    return _short(words.word(known, str(value)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
