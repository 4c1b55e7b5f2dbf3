"""Sources, and how far each is trusted."""

import unicodedata
from datetime import datetime

from django.db import IntegrityError, transaction

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason
from clientela.records.models import Source, TrustRule
from clientela.records.rules import USUAL_TRUST
from clientela.security.models import OrgNode
from clientela.security.permits import Access

DESK = "desk"  # what people type on the customer's page
KEPT = frozenset((DESK,))  # names that no file may come from
DESK_TRUST = 90


class NameTaken(Invalid):
    """There is a source of this name."""


@transaction.atomic
def add_source(
    *,
    access: Access,
    name: str,
    node_id: int,
    at: datetime,
    title: str = "",
    settlement: str = Source.Settlement.UNKNOWN,
    origin: str = "",
    legal_basis: str = "",
    trust: int = USUAL_TRUST,
) -> Source:
    """Add a source of records for a node that the user reaches.

    Raises NotPermitted; Invalid for a name that is taken, kept or not usable.
    """
    demand_of_files(name)
    if not access.reach("source.write").covers(node_id=node_id, owner_id=access.user_id):
        raise NotPermitted(access.lacks("source.write"))
    return make_source(
        name=name, node_id=node_id, at=at, by=access.username, title=title,
        settlement=settlement, origin=origin, legal_basis=legal_basis, trust=trust,
    )  # fmt: skip


@transaction.atomic
def make_source(
    *,
    name: str,
    node_id: int,
    at: datetime,
    by: str,
    title: str = "",
    settlement: str = Source.Settlement.UNKNOWN,
    origin: str = "",
    legal_basis: str = "",
    trust: int = USUAL_TRUST,
) -> Source:
    """Add a source on behalf of the system. Raises Invalid as `add_source`."""
    code = _code_of(name)
    try:
        with transaction.atomic():  # a name is taken by whoever writes it first
            source = Source.objects.create(
                name=code, title=title or code, org_node_id=node_id, settlement=settlement,
                origin=origin, legal_basis=legal_basis, created_at=at, created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise NameTaken(Reason(code="source_name_taken", params={"name": code})) from error
    TrustRule.objects.create(source=source, trust=trust, set_at=at, set_by=by)
    record_event(
        act="records.source.added",
        at=at,
        subject=("records.Source", source.public_id),
        after={"name": code, "settlement": settlement, "trust": trust},
    )
    return source


def demand_of_files(name: str) -> None:
    """Refuse a name that is kept for what people type: no file is of it. Raises Invalid.

    Its records are known by numbers of our own, so that a file's would be taken for these.
    """
    code = unicodedata.normalize("NFKC", name).strip().lower()
    if code in KEPT:
        raise Invalid(Reason(code="source_name_kept", params={"name": code}))


def _code_of(name: str) -> str:
    """Return the name by which a source is kept. Raises Invalid for one that is not usable."""
    code = name.strip().lower()
    letters = code.replace("-", "").replace("_", "")
    if not code or len(code) > 60 or not letters.isalnum() or not code.isascii():
        raise Invalid(Reason(code="source_name_invalid", params={"name": name[:60]}))
    return code


def source_to_be(
    *, access: Access, name: str, node_id: int, settlement: str = Source.Settlement.UNKNOWN
) -> Source:
    """Return the source that `add_source` would add, and keep nothing: for a trial.

    Raises as `add_source`.
    """
    demand_of_files(name)
    if not access.reach("source.write").covers(node_id=node_id, owner_id=access.user_id):
        raise NotPermitted(access.lacks("source.write"))
    code = _code_of(name)
    if Source.objects.filter(name=code).exists():
        raise Invalid(Reason(code="source_name_taken", params={"name": code}))
    return Source(name=code, title=code, org_node_id=node_id, settlement=settlement)


@transaction.atomic
def ensure_source(name: str, *, at: datetime, by: str, trust: int = USUAL_TRUST) -> Source:
    """Return the source of this name, made at the top of the organisation if there is none.

    Of several who make it at once the first does, and the others get that one.
    """
    found = Source.objects.filter(name=name).first()
    if found is not None:
        return found
    group = OrgNode.objects.get(kind=OrgNode.Kind.GROUP)
    try:
        return make_source(name=name, node_id=group.pk, at=at, by=by, trust=trust)
    except NameTaken:
        return Source.objects.get(name=name)


@transaction.atomic
def source_for_import(*, access: Access, name: str, at: datetime, trial: bool = False) -> Source:
    """Return the source of this name that the user reaches, made at the user's node if it is new.

    :param trial: one that is new is not kept.

    Raises NotInScope when it is another's; NotPermitted, Invalid as `add_source`.
    """
    access.demand("import.run")
    demand_of_files(name)
    found = Source.objects.filter(name=name.strip().lower()).first()
    if found is None:
        reach = access.reach("source.write")
        group = OrgNode.objects.get(kind=OrgNode.Kind.GROUP)
        node = group.pk if reach.everything else min(reach.nodes, default=group.pk)
        if trial:
            return source_to_be(access=access, name=name, node_id=node)
        try:
            return add_source(access=access, name=name, node_id=node, at=at)
        except NameTaken:  # somebody made it at the same moment
            found = Source.objects.get(name=name.strip().lower())
    if not access.reach("import.run").covers(node_id=found.org_node_id, owner_id=None):
        raise NotInScope("source")
    return found


@transaction.atomic
def set_trust(*, access: Access, source_id: int, attribute: str, trust: int, at: datetime) -> None:
    """Trust a source more or less from now on, for one attribute or (empty) for all.

    Customers change with their next projection; what was known before stays as it was.
    """
    source = Source.objects.get(pk=source_id)
    reach = access.reach("source.write")
    if not reach.covers(node_id=source.org_node_id, owner_id=access.user_id):
        raise NotPermitted(access.lacks("source.write"))
    if not 0 <= trust <= 100:
        raise Invalid(Reason(code="trust_out_of_range"))
    held = TrustRule.objects.filter(source=source, attribute=attribute).order_by("set_at", "id")
    before = held.values_list("trust", flat=True).last()
    TrustRule.objects.create(
        source=source, attribute=attribute, trust=trust, set_at=at, set_by=access.username
    )
    record_event(
        act="records.source.trust_set",
        at=at,
        subject=("records.Source", source.public_id),
        before={"attribute": attribute, "trust": before},
        after={"attribute": attribute, "trust": trust},
    )
