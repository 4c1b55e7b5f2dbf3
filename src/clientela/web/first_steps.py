"""What a new installation still lacks, each step for those who may take it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientela.records.selectors import reaches_any_customer
from clientela.security.permits import Access
from clientela.security.selectors import places_are_set, roles_are_given


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: what to do, what follows from it, where, and whether that was done."""

    text: str | Promise
    hint: str | Promise
    url: str
    done: bool


def first_steps(access: Access) -> list[Step]:
    """Return the steps that `access` may take, in their order; none once all are done."""
    steps = []
    if access.may("organisation.write"):
        steps.append(_places())
    if access.may("user.write"):
        steps.append(_people())
    if access.may("grant.approve"):
        steps.append(_roles())
    if access.may("import.run"):
        steps.append(_data(access))
    return [] if all(step.done for step in steps) else steps


def _places() -> Step:
    return Step(
        text=_("Set the time zone of the group, and add its companies and branches"),
        hint=_("Days begin by the zone of a place, and people reach customers by their places."),
        url=reverse("admin:organisation"),
        done=places_are_set(),
    )


def _people() -> Step:
    return Step(
        text=_("Add the people who will work here, and propose a role for each"),
        hint=_(
            "A data steward brings the files in, so propose that one first. Propose a second "
            "security officer too: one helps the other who loses the second factor."
        ),
        url=reverse("admin:users"),
        done=roles_are_given(),
    )


def _roles() -> Step:
    return Step(
        text=_("Approve the first roles"),
        hint=_("An administrator proposes them, and they count once you have approved them."),
        url=reverse("admin:approvals"),
        done=roles_are_given(),
    )


def _data(access: Access) -> Step:
    return Step(
        text=_("Bring in a first file: sales lines, invoices or customers"),
        hint=_("You may try it first: a trial checks every row and stores none."),
        url=reverse("imports:new"),
        done=reaches_any_customer(access),
    )
