"""What people type: versions of the customer's record in the source `desk`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from clientela.audit.services import record_event
from clientela.kernel.days import FIRST_DAY
from clientela.kernel.reasons import Conflict, Invalid, NotPermitted, Reason, Refused
from clientela.records.attributes import ATTRIBUTES, CONTACT, attribute_of, fault_of_item
from clientela.records.models import Customer, Kind, Stage
from clientela.records.results import Statement
from clientela.records.selectors import customer_by_public_id, taken_back
from clientela.records.services.sources import DESK, DESK_TRUST, ensure_source
from clientela.records.services.standing import changed_since, standing_of
from clientela.records.services.statements import state
from clientela.security.permits import Access
from clientela.store.bulk import reserve_ids
from clientela.store.context import system_context
from clientela.store.sealing import digest

DESK_KEY = "customer:{}"
LONGEST = 2000  # characters of one value
_APART = frozenset(("org_node", "owner"))  # said by files of customers, never typed as a fact


class FileTakenBack(Refused):
    """Nothing is left of this file to work on: its imports were taken back."""


class RecordElsewhere(Conflict):
    """What is typed for this customer would be another's: the desk's record is linked there."""


@transaction.atomic
def add_customer(
    *, access: Access, kind: str, attributes: Mapping[str, Any], node_id: int, at: datetime
) -> Customer:
    """Open a file for a new party. Raises NotPermitted; Invalid naming each bad attribute.

    A salesperson's new customer is the salesperson's own.
    """
    owner = access.user_id if access.reach("customer.write").own_nodes else None
    if not access.reach("customer.write").covers(node_id=node_id, owner_id=access.user_id):
        raise NotPermitted(access.lacks("customer.write"))
    if kind not in Kind.values:
        params = {"kind": kind[:40], "known": ", ".join(Kind.values)}
        raise Invalid(Reason(code="customer_kind_unknown", params=params))
    if not str(attributes.get("name") or "").strip():
        raise Invalid(Reason(code="customer_needs_kind_and_name"))
    country = attributes.get("country")
    stated = _checked(kind, attributes, country, access.day_at(at)) | {
        "org_node": node_id,
        "owner": owner,
    }
    (customer_id,) = reserve_ids("records_customer", 1)
    _state(customer_id, kind, stated, access=access, at=at, true_from=None, reason="")
    customer = Customer.objects.get(pk=customer_id)
    _event("records.customer.added", customer, kind, {}, stated, at)
    return customer


@transaction.atomic
def correct_customer(
    *,
    access: Access,
    public_id: str,
    changes: Mapping[str, Any],
    at: datetime,
    true_from: date | None = None,
    reason: str = "",
    seen: Mapping[str, str] | None = None,
) -> Customer:
    """State other values for some attributes of a customer (None: it has none).

    What was known before stays known; `true_from` back-dates the change.
    :param seen: key -> imprint of the value that the user was shown (see `standing`); what is as
        it was shown is then not stated.

    Raises NotInScope, NotPermitted, FileTakenBack, RecordElsewhere; Invalid naming each bad
    attribute; ChangedMeanwhile naming each that is no longer what was shown.
    """
    customer = _held(customer_by_public_id(access, public_id))
    day = access.day_at(at)
    _demand_change(access, customer, changes)
    _demand_day(true_from, day)
    demand_alive(customer)
    country = changes.get("country", customer.country)
    stated = _checked(customer.kind, changes, country, day, standing=customer.facts)
    if seen is not None:
        stated = changed_since(standing_of(access, customer, at=at), stated, seen)
    if not stated:
        raise Invalid(Reason(code="nothing_changed"))
    if "name" in stated and not stated["name"]:
        raise Invalid(Reason(code="customer_needs_kind_and_name"))
    before = {name: customer.facts.get(name) for name in stated}
    _state(
        customer.pk, customer.kind, stated, access=access, at=at, true_from=true_from, reason=reason
    )
    customer.refresh_from_db()
    _event("records.customer.corrected", customer, customer.kind, before, stated, at)
    return customer


@transaction.atomic
def archive_customer(*, access: Access, public_id: str, archived: bool, at: datetime) -> Customer:
    """Put a file away, or take it out again. Nothing is deleted; of a file that lies where it
    should, nothing is changed.

    What a person put away stays away, whatever sources tell of it, until a person takes it out.
    """
    customer = _held(customer_by_public_id(access, public_id))
    reach = access.reach("customer.write")
    if not reach.covers(node_id=customer.org_node_id, owner_id=customer.owner_id):
        raise NotPermitted(access.lacks("customer.write"))
    demand_alive(customer)
    if archived is (customer.archived_at is not None) and not customer.is_emptied:
        return customer
    customer.archived_at = at if archived else None
    customer.is_emptied = False
    customer.save(update_fields=["archived_at", "is_emptied"])
    act = "records.customer.archived" if archived else "records.customer.reopened"
    _event(act, customer, customer.kind, {}, {}, at)
    return customer


def _held(customer: Customer) -> Customer:
    """Return a customer as it stands now, while nobody else writes it: an import that is being
    taken back may empty it. Before the desk is held, so that other customers need not wait."""
    return Customer.objects.select_for_update().get(pk=customer.pk)


def _demand_day(true_from: date | None, today: date) -> None:
    """Refuse a day on which nothing that is said today can have become true. Raises Invalid."""
    if true_from is not None and true_from > today:
        raise Invalid(Reason(code="date_in_the_future", params={"field": "true_from"}))
    if true_from is not None and true_from < FIRST_DAY:
        raise Invalid(Reason(code="date_too_early", params={"field": "true_from"}))


def _demand_change(access: Access, customer: Customer, changes: Mapping[str, Any]) -> None:
    """Refuse who may not change what is to be changed. Raises NotPermitted, naming the right."""
    keys = changes.keys()
    contact = bool(keys) and {key.partition("#")[0] for key in keys} <= CONTACT
    act = "customer.contact" if contact else "customer.write"
    reach = access.reach(act)
    if not reach.covers(node_id=customer.org_node_id, owner_id=customer.owner_id):
        raise NotPermitted(access.lacks(act))


def demand_alive(customer: Customer) -> None:
    """Refuse to work on a file that was emptied: the next import of its records revives it."""
    if taken_back(customer) is not None:
        raise FileTakenBack(Reason(code="customer_taken_back"))


def _checked(
    kind: str,
    given: Mapping[str, Any],
    country: object,
    day: date,
    standing: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return values as they are kept, or raise Invalid with a reason for each bad one.

    Read by the rules of an import, which the composition root names: those stand above.
    :param standing: the facts of the file by key, whatever their items are called.
    """
    read = import_string(settings.ATTRIBUTE_RULES)
    place = read("country", country, country=None, as_of=day)
    place = place if isinstance(place, str) else None
    reasons: list[Reason] = []
    clean: dict[str, Any] = {}
    for name, value in given.items():
        attribute = ATTRIBUTES.get(name.partition("#")[0])
        if attribute is None or attribute.field_class(kind) is None or attribute.name in _APART:
            code = "attribute_not_set_here" if name in _APART else "attribute_unknown"
            reasons.append(Reason(code=code, params={"field": name[:60]}))
            continue
        if name not in standing and (fault := _fault_of_new(name, standing, clean)) is not None:
            reasons.append(fault)
            continue
        text = " ".join(value.split()) if isinstance(value, str) else value
        if isinstance(text, str) and (len(text) > LONGEST or not text.isprintable()):
            reasons.append(Reason(code="value_not_storable", params={"field": name}))
            continue
        kept = read(attribute.name, text or None, country=place, as_of=day)
        if attribute.name == "stage" and kept is not None and kept not in Stage.values:
            kept = Reason(code="not_a_choice", params={"known": ", ".join(Stage.values)})
        if isinstance(kept, Reason):
            reasons.append(Reason(code=kept.code, params={**kept.params, "field": name}))
            continue
        clean[name] = kept
    if reasons:
        raise Invalid(*reasons)
    return clean


def _fault_of_new(name: str, *there: Mapping[str, Any]) -> Reason | None:
    """Return why a key cannot be added: its item is no name, or in another spelling is one."""
    alike = next((k for keys in there for k in keys if k.casefold() == name.casefold()), None)
    if alike is None:
        return fault_of_item(name)
    params = {"field": name[:60], "given": alike.partition("#")[2]}
    return Reason(code="item_stands_already", params=params)


def _state(
    customer_id: int,
    kind: str,
    stated: Mapping[str, Any],
    *,
    access: Access,
    at: datetime,
    true_from: date | None,
    reason: str,
) -> None:
    source = ensure_source(DESK, at=at, by="system", trust=DESK_TRUST)
    said = Statement(
        key=DESK_KEY.format(customer_id), kind=kind, attributes=stated,
        # a day that has begun for the person and for the ledger, whose days are those of UTC
        true_from=true_from or min(access.day_at(at), at.astimezone(UTC).date()),
    )  # fmt: skip
    # The desk's record of this customer may be linked elsewhere: after a merge, or by a file that
    # somebody brought into the desk. What is said then is undone, for it would be said of that one.
    # And the projection reads every version of the customer, also those other branches brought.
    with system_context("a correction reads all versions of its customer"):
        (answer,) = state(
            [said], source_id=source.pk, author=access.username, at=at,
            linked_to=customer_id, reason=reason,
        )  # fmt: skip
        if answer.customer_id != customer_id:
            if Customer.objects.filter(pk=customer_id, merged_into__isnull=False).exists():
                raise Invalid(Reason(code="customer_was_merged"))
            raise RecordElsewhere(Reason(code="desk_record_elsewhere"))


def _event(
    act: str,
    customer: Customer,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    at: datetime,
) -> None:
    record_event(
        act=act,
        at=at,
        subject=("records.Customer", customer.public_id),
        customer_ids=[customer.pk],
        before=_shown(kind, before),
        after=_shown(kind, after),
    )


def _shown(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as an event may hold them: S2 and higher as keyed digests."""
    shown = {}
    for name, value in values.items():
        hidden = (attribute_of(name).field_class(kind) or "S0") >= "S2" and value is not None
        if isinstance(value, dict):
            shown[name] = {"digest": value.get("digest")}
        else:
            shown[name] = {"digest": digest(name, value)} if hidden else value
    return shown
