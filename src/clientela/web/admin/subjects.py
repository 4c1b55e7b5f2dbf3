"""What the events of a page were about: by name, and with a way there, as the reader may see.

A fixed number of queries for a page, however many events stand on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from clientela.analysis.defaults import STANDING
from clientela.analysis.services.company import names_of_proposals
from clientela.intake.selectors.trail import files_by_public_id
from clientela.kernel.masked import Masked
from clientela.records.selectors.trail import names_by_public_id, titles_by_public_id
from clientela.security.permits import Access
from clientela.security.trail import whose
from clientela.web.admin.parameters import label_of
from clientela.web.reading_words import place

if TYPE_CHECKING:
    from clientela.audit.models import Event

PEOPLE = {"security.User", "security.Grant", "security.Token", "security.FactorReset"}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The object of an event in words. `url`: its page, empty where it has none."""

    name: str | Masked
    url: str


def subjects(access: Access, events: Sequence["Event"]) -> dict[str, Subject]:
    """Return the objects that this reader may know, by the identifier that events keep."""
    found: dict[str, Subject] = {}
    for event in events:
        if event.object_type == "reading":
            found[event.object_id] = Subject(name=place(event.object_id), url="")
    if people := _ids(events, *PEOPLE):
        found |= _people(access, people)
    if customers := _ids(events, "records.Customer"):
        for key, name in names_by_public_id(access, customers).items():
            found[key] = Subject(name=name, url=reverse("customers:file", args=[key]))
    if runs := _ids(events, "intake.Run"):
        for key, file_name in files_by_public_id(access, runs).items():
            found[key] = Subject(name=file_name, url=reverse("imports:run", args=[key]))
    if told := _ids(events, "records.Source"):
        for key, title in titles_by_public_id(access, told).items():
            found[key] = Subject(name=title, url=reverse("admin:sources"))
    if settings := _ids(events, "store.ParameterProposal"):
        for key, name in names_of_proposals(access, settings).items():
            url = reverse("admin:parameter", args=[name])
            found[key] = Subject(name=label_of(STANDING[name]), url=url)
    return found


def _people(access: Access, ids: set[UUID]) -> dict[str, Subject]:
    """Return who users are; whoever may not look at users knows the own name alone."""
    may = bool(access.may("user.read"))
    return {
        key: Subject(name=name, url=reverse("admin:user", args=[user]) if may else "")
        for key, (name, user) in whose(ids).items()
        if may or name == access.username
    }


def _ids(events: Sequence["Event"], *types: str) -> set[UUID]:
    return {found for e in events if e.object_type in types and (found := _uuid(e.object_id))}


def _uuid(text: str) -> UUID | None:
    """Return an identifier; None for what another release wrote in its place."""
    try:
        return UUID(text)
    except ValueError:
        return None
