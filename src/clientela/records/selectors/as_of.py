"""What stood at the top of a customer's file on a day, as known at an instant.

From the facts in force then, as the reader may see them, and from the classes that had been given
by then; None for what was not known. Nothing of today shows through: whoever looks back would take
it for what was believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from clientela.records.models import Classification, Customer, Stage
from clientela.records.selectors.customers import name_of
from clientela.records.selectors.file import FileFact, outer_values
from clientela.security.permits import Access


@dataclass(frozen=True, kw_only=True)
class Head:
    """The fields of a customer that lists and headings show, as of then."""

    stage: str | None
    name: str | None
    branch: str | None  # its code
    country: str | None
    city: str | None
    industry: str | None
    abc_class: str | None
    segment: str | None
    first_known_on: date | None
    archived: bool | None


def head_of(
    access: Access,
    customer: Customer,
    facts: Sequence[FileFact],
    *,
    true_on: date,
    known_on: datetime,
) -> Head:
    """Return the head of a customer's file as of then.

    :param facts: the facts as of then, from `file_of`.
    """
    said = {f.key: v for f, v in zip(facts, outer_values(facts), strict=True)}
    day = known_on.astimezone(UTC).date()
    learned = customer.first_known_on
    by_key = not customer.facts and learned is not None and learned <= min(day, true_on)
    known = bool(facts) or by_key
    name, own = said.get("name"), "name" not in customer.facts  # goes by its key to this day
    branch = said.get("org_node")
    if branch is None and known and "org_node" not in customer.facts:
        branch = customer.org_node.code  # that of its source
    classes = _classes(customer, true_on, known_on)
    return Head(
        stage=said.get("stage") or (Stage.CUSTOMER.value if known else None),
        name=str(name_of(access, customer)) if name is None and known and own else _text(name),
        branch=branch,
        country=_text(said.get("country")),
        city=_text(said.get("city")),
        industry=_text(said.get("industry")),
        abc_class=classes.get("abc"),
        segment=classes.get("rfm"),
        first_known_on=learned if learned is not None and learned <= day else None,
        archived=_archived(customer, known_on),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _classes(customer: Customer, true_on: date, known_on: datetime) -> dict[str, str | None]:
    """Return scheme -> the class that the customer had been given last by then, or None."""
    given = Classification.objects.filter(
        customer=customer, recorded_at__lte=known_on, as_of__lte=true_on
    )
    last = given.order_by("scheme", "-recorded_at", "-pk").distinct("scheme")
    return {one.scheme: one.value or None for one in last}


def _archived(customer: Customer, known_on: datetime) -> bool | None:
    """Tell whether the file lay away then; None where the ledger does not tell: it may have been
    put away and taken out again since."""
    put = customer.archived_at
    away = put is not None and put <= known_on and not customer.is_emptied
    return True if away else None
