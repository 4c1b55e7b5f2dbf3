"""The demo company's organisation, people and sources, in an empty database."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from clientela.demo.lands import BASE, BRANCHES, GROUP, LANDS, SHOP, Branch, Land, erp
from clientela.demo.parties import Places
from clientela.demo.people import BEFORE, OWNERS
from clientela.demo.sign_ins import SignIn
from clientela.demo.world import World
from clientela.records.models import Source, TrustRule
from clientela.records.rules import USUAL_TRUST
from clientela.security.models import Grant, OrgNode, User
from clientela.security.roles import Role

VALID = timedelta(days=700)
# Where a role is held, if not over the whole group.
HELD_AT = {Role.SALES: "madrid", Role.CREDIT_CONTROLLER: "es", Role.SERVICE: "es"}


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who and what stands before the first customer."""

    places: Places
    sources: dict[str, Source]
    sign_ins: list[SignIn]


def make_organisation(world: World, *, at: datetime) -> Staff:
    """Make nodes, users, grants and sources; return them with the passwords just drawn."""
    group = OrgNode.objects.select_for_update().get(kind=OrgNode.Kind.GROUP)
    group.name, group.base_currency = GROUP, BASE
    group.save(update_fields=["name", "base_currency"])
    nodes = {"group": group}
    for land in LANDS:
        _company(nodes, land)
    sign_ins = [_sign_in(role, nodes, at) for role in Role]
    owners = {(b.code, n): _seller(b, n, nodes, at) for b in BRANCHES for n in range(OWNERS)}
    places = Places(nodes={b.code: nodes[b.code].pk for b in BRANCHES}, owners=owners)
    opened = datetime.combine(world.day(-BEFORE - 400), time(9), UTC)
    sources = {erp(land): _source(erp(land), nodes[land.code], "known", opened) for land in LANDS}
    sources[SHOP] = _source(SHOP, group, "unknown", opened)
    return Staff(places=places, sources=sources, sign_ins=sign_ins)


def _company(nodes: dict[str, OrgNode], land: Land) -> None:
    nodes[land.code] = _node(
        nodes["group"], "company", land.code, land.name, country=land.code.upper(),
        base_currency=land.currency,
    )  # fmt: skip
    for code, name in land.regions.items():
        nodes[code] = _node(nodes[land.code], "region", code, name, country=land.code.upper())
    for branch in land.branches:
        nodes[branch.code] = _node(
            nodes[branch.region], "branch", branch.code, branch.name, country=land.code.upper(),
            time_zone=branch.zone,
        )  # fmt: skip


def _node(parent: OrgNode, kind: str, code: str, name: str, **more: str) -> OrgNode:
    node = OrgNode.objects.create(
        parent=parent, kind=kind, code=code, name=name, path="", **{"time_zone": "UTC", **more}
    )
    node.path = f"{parent.path}{node.pk}/"
    node.save(update_fields=["path"])
    return node


def _sign_in(role: Role, nodes: dict[str, OrgNode], at: datetime) -> SignIn:
    """Make the user of a role, named for it, with a password that nobody knows yet."""
    node = nodes[HELD_AT.get(role, "group")]
    password = secrets.token_urlsafe(12)
    user = User(
        username=role.value.replace("_", "-"), full_name=role.value.replace("_", " ").capitalize(),
        email=f"{role.value.replace('_', '-')}@demo.example", created_at=at, created_by="demo",
    )  # fmt: skip
    user.set_password(password)
    user.save()
    _grant(user, role, node, at)
    return SignIn(role=role.value, username=user.username, password=password, where=node.name)


def _seller(branch: Branch, place: int, nodes: dict[str, OrgNode], at: datetime) -> int:
    """Return a sales person of a branch; the one who can sign in is the first of Madrid."""
    if branch.code == HELD_AT[Role.SALES] and place == 0:
        return User.objects.get(username=Role.SALES.value).pk
    user = User(
        username=f"sales-{branch.code}-{place + 1}", full_name=f"{branch.city} {place + 1}",
        time_zone=branch.zone, created_at=at, created_by="demo",
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    _grant(user, Role.SALES, nodes[branch.code], at)
    return user.pk


def _grant(user: User, role: Role, node: OrgNode, at: datetime) -> None:
    Grant.objects.create(
        user=user, role=role, node=node, valid_from=at, valid_to=at + VALID,
        proposed_by="set-up", proposed_at=at, approved_by="operator", approved_at=at,
    )  # fmt: skip


def _source(name: str, node: OrgNode, settlement: str, at: datetime) -> Source:
    source = Source.objects.create(
        name=name, title=name, org_node=node, settlement=settlement, origin="demo",
        legal_basis="contract", created_at=at, created_by="demo",
    )  # fmt: skip
    TrustRule.objects.create(source=source, trust=USUAL_TRUST, set_at=at, set_by="demo")
    return source
