"""One customer's file: its facts with their origin, now or as of a day, and its history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from clientela.audit.presenters import instant
from clientela.kernel.masked import (
    Masked,
    mask_all,
    mask_email,
    mask_name,
    mask_phone,
    mask_tail,
)
from clientela.records.attributes import ATTRIBUTES, Attribute, attribute_of
from clientela.records.models import Customer, Link, RecordVersion
from clientela.records.results import Fact
from clientela.records.selectors.sealed import open_value
from clientela.security.permits import Access
from clientela.security.roles import NAMES, View
from clientela.security.selectors import organisation, usernames
from clientela.store.bulk import fetch
from clientela.store.sealing import SealBroken, is_sealed

MASKS = {
    "name": mask_name, "phone": mask_phone, "email": mask_email, "tail": mask_tail, "all": mask_all,
}  # fmt: skip
ERASED = "erased"
BY_LEARNING = ["-known_at", "-id"]


@dataclass(frozen=True, kw_only=True)
class FileFact:
    """One attribute as the user may see it, and where it comes from."""

    key: str  # with its item, as `phone#office`
    attribute: Attribute
    field_class: str
    value: Any  # plain, or Masked
    may_reveal: bool
    source: str  # its title
    source_name: str
    true_from: date
    known_at: datetime
    author: str = ""  # who stated it, and why: told by the history
    reason: str = ""

    @property
    def item(self) -> str:
        """What tells it from others of its attribute, `office`; nothing where it is the only one."""
        return self.key.partition("#")[2]

    @property
    def at_once(self) -> bool:
        """Whether the fact was known on the day from which it is true."""
        return self.true_from == self.known_at.date()


def current_day(access: Access, at: datetime) -> date:
    """Return the day as of which a file is shown where none is asked for.

    The reader's, or that of the ledger, whose days are those of UTC, where it is a day ahead:
    else what was learned a minute ago would be true from tomorrow only, west of Greenwich.
    """
    return max(access.day_at(at), at.astimezone(UTC).date())


def file_of(
    access: Access, customer: Customer, *, true_on: date, known_on: datetime
) -> list[FileFact]:
    """Return the facts of a customer as of a day, as known at an instant, in file order.

    Facts of a class that the user is not shown at all are left out.
    """
    return shown_facts(
        access, customer, ledger_facts(customer.pk, true_on=true_on, known_on=known_on)
    )


def shown_facts(access: Access, customer: Customer, facts: Iterable[Fact]) -> list[FileFact]:
    """Return these facts of a customer as the user may see them, in file order."""
    order = {name: place for place, name in enumerate(ATTRIBUTES)}
    names = {
        pk: (title, name) for pk, title, name in fetch("select id, title, name from records_source")
    }
    shown = [
        _shown(access, customer, fact, names[fact.source_id])
        for fact in sorted(facts, key=lambda f: (order[f.attribute.partition("#")[0]], f.attribute))
    ]
    return [one for one in shown if one is not None]


def outer_values(facts: Sequence[FileFact]) -> list[Any]:
    """Return the values of facts as they leave: a branch by its code, a user by the name.

    Their numbers are of this database alone, and are never shown.
    """
    kinds = {fact.attribute.name for fact in facts}
    nodes = {node.pk: node.code for node in organisation()} if "org_node" in kinds else {}
    owners = [f.value for f in facts if f.attribute.name == "owner" and isinstance(f.value, int)]
    names: dict[str, dict[Any, str]] = {
        "org_node": nodes,
        "owner": usernames(owners) if owners else {},
    }
    return [
        names[fact.attribute.name].get(fact.value)
        if fact.attribute.name in names and isinstance(fact.value, int)
        else fact.value
        for fact in facts
    ]


def ledger_facts(customer_id: int, *, true_on: date, known_on: datetime) -> list[Fact]:
    """Return the winning fact of each attribute, as the ledger has it (sealed where it is)."""
    rows = fetch(
        """select attribute, value, version_id, source_id, true_from, known_at, trust
           from ledger.facts_as_of(%s, %s, %s)""",
        [[customer_id], true_on, known_on],
    )
    return [
        Fact(attribute=a, value=v, version_id=i, source_id=s, true_from=t, known_at=k, trust=w)
        for a, v, i, s, t, k, w in rows
    ]


def versions_of(access: Access, customer: Customer) -> QuerySet[RecordVersion]:
    """Return all that was ever stated of a customer; the caller pages by BY_LEARNING."""
    access.demand("customer.read")
    linked = Link.objects.filter(customer=customer, ended_at=None).values("source_record")
    found = RecordVersion.objects.filter(source_record__in=linked)
    return found.select_related("source_record__source").defer("raw")


def statements_of(
    access: Access, customer: Customer, versions: Iterable[RecordVersion]
) -> list[FileFact]:
    """Return what each of these versions stated, fact by fact, as the user sees it."""
    stated = []
    for version in versions:
        source = version.source_record.source
        for key, value in sorted(version.attributes.items()):
            fact = Fact(
                attribute=key, value=value, version_id=version.pk, source_id=source.pk,
                true_from=version.true_from, known_at=version.known_at, trust=0,
            )  # fmt: skip
            shown = _shown(access, customer, fact, (source.title, source.name))
            if shown is not None:
                stated.append(replace(shown, author=version.author, reason=version.reason))
    return stated


def log_of(access: Access, customer: Customer) -> Iterator[dict[str, Any]]:
    """Yield what a customer follows from as `whole_log`, as far as the user is shown its fields.

    Values of a class that the user sees masked are their masks; those of a class that is not
    shown at all are left out. Nothing is sealed: a digest would tell who has the same value.
    """
    for entry in whole_log(customer.pk):
        if entry["what"] == "version":
            entry["attributes"] = {
                key: str(value) if isinstance(value, Masked) else value
                for key, said in entry["attributes"].items()
                if (value := _as_seen(access, customer, key, said)) is not _HIDDEN
            }
        yield entry


def whole_log(customer_id: int) -> Iterator[dict[str, Any]]:
    """Yield links, versions, trust rules and retractions that a customer follows from.

    Those of its own sources and of the imports that told of it, in the order of their instants, as
    JSON values, so that anyone can replay them (`clientela records log`). Sealed values stay sealed; nothing is masked.
    """
    query = """
        with members as (select * from records_link where customer_id = %(id)s),
        told as (select distinct v.run_id, r.source_id from members m
            join records_sourcerecord r on r.id = m.source_record_id
            left join records_recordversion v on v.source_record_id = r.id)
        select linked_at, 'link', jsonb_build_object('source_record', source_record_id,
            'customer', customer_id, 'by', linked_by, 'weight', weight, 'ended_at', ended_at)
        from members
        union all
        select v.known_at, 'version', jsonb_build_object('id', v.id, 'source_record',
            v.source_record_id, 'source', s.name, 'key', r.key, 'true_from', v.true_from,
            'run', v.run_id, 'author', v.author, 'attributes', v.attributes)
        from records_recordversion v
        join records_sourcerecord r on r.id = v.source_record_id
        join records_source s on s.id = r.source_id
        where v.source_record_id in (select source_record_id from members)
        union all
        select t.set_at, 'trust', jsonb_build_object('source', s.name, 'attribute', t.attribute,
            'trust', t.trust)
        from records_trustrule t join records_source s on s.id = t.source_id
        where t.source_id in (select source_id from told)
        union all
        select x.at, 'retraction', jsonb_build_object('run', x.run_id)
        from records_retraction x where x.run_id in (select run_id from told)
        order by 1, 2"""
    for at, kind, said in fetch(query, {"id": customer_id}):
        if kind == "link" and said["ended_at"]:
            said["ended_at"] = instant(datetime.fromisoformat(said["ended_at"]))
        yield {"at": instant(at), "what": kind, **said}


_HIDDEN = object()  # stands for a value of a class that the user is not shown


def _as_seen(access: Access, customer: Customer, key: str, value: Any) -> Any:
    """Return a value as the user sees it: plain, Masked, ERASED or _HIDDEN."""
    attribute = attribute_of(key)
    field_class = attribute.field_class(customer.kind) or "S1"
    asked = NAMES if attribute.mask == "name" and field_class == "S2" else field_class
    view = access.view(asked, node_id=customer.org_node_id, owner_id=customer.owner_id)
    if view is View.NONE:
        return _HIDDEN
    try:
        if is_sealed(value):
            value = open_value(key, value)  # as it was sealed: with its item
    except SealBroken:
        return ERASED
    if view is View.MASKED and value is not None:
        plain = str(value)
        return Masked(MASKS[attribute.mask](plain), lambda: plain)
    return value


def _shown(
    access: Access, customer: Customer, fact: Fact, source: tuple[str, str]
) -> FileFact | None:
    """Return a fact as the user may see it, None where not at all. `source`: its title and name."""
    value = _as_seen(access, customer, fact.attribute, fact.value)
    if value is _HIDDEN:
        return None
    attribute = attribute_of(fact.attribute)
    field_class = attribute.field_class(customer.kind) or "S1"
    node, owner = customer.org_node_id, customer.owner_id
    return FileFact(
        key=fact.attribute,
        attribute=attribute,
        field_class=field_class,
        value=value,
        may_reveal=isinstance(value, Masked)
        and bool(access.may_reveal(field_class, node_id=node, owner_id=owner)),
        source=source[0],
        source_name=source[1],
        true_from=fact.true_from,
        known_at=fact.known_at,
    )
