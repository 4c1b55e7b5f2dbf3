"""A small organisation with one user for each role, and customers of its branches."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from clientela.records.results import Statement
from clientela.records.services import state
from clientela.records.services.sources import make_source
from clientela.security.models import Grant, OrgNode, User
from clientela.security.permits import Access
from clientela.security.roles import Role
from clientela.security.selectors import access_of
from clientela.store.context import system_context

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Company:
    """Group → two companies → a region each → two branches each, and who works there."""

    nodes: dict[str, OrgNode] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def access(self, name: str, at: datetime = NOON) -> Access:
        return access_of(self.users[name], at=at)


def make_company() -> Company:
    """Make the organisation. Each role is held at branch `madrid`, or where it must be whole."""
    company = Company()
    with system_context("a company for tests"):
        group = _node(company, "group", "group", None)
        for land, region, branches in (
            ("spain", "iberia", ("madrid", "sevilla")),
            ("china", "huadong", ("shanghai", "hangzhou")),
        ):
            top = _node(company, "company", land, group)
            middle = _node(company, "region", region, top)
            for branch in branches:
                _node(company, "branch", branch, middle)
        for role in Role:
            whole = role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER)
            user = _user(company, role.value)
            give(user, role, company.nodes["group" if whole else "madrid"])
        for name, node in (("boss", "iberia"), ("colleague", "madrid"), ("stranger", "shanghai")):
            give(
                _user(company, name),
                Role.CREDIT_MANAGER if name == "boss" else Role.SALES,
                company.nodes[node],
            )
    return company


def give(user: User, role: Role, node: OrgNode, *, until: datetime | None = None) -> Grant:
    """Give a role, proposed and approved long ago."""
    return Grant.objects.create(
        user=user, role=role, node=node, valid_from=NOON - timedelta(days=100),
        valid_to=until or NOON + timedelta(days=600), proposed_by="first", proposed_at=NOON,
        approved_by="second", approved_at=NOON,
    )  # fmt: skip


def add_customer(
    company: Company,
    *,
    node: str,
    owner: str | None = None,
    kind: str = "company",
    name: str = "Aceros Álvarez S.L.",
    key: str | None = None,
    **attributes: object,
) -> int:
    """Let the source `erp` tell of a customer; return the customer's id."""
    said = {"name": name, "org_node": company.nodes[node].pk, **attributes}
    if owner:
        said["owner"] = company.users[owner].pk
    statement = Statement(key=key or f"{node}-{name}", kind=kind, attributes=said)
    return _stated(company, [statement])[0]


def add_customers(company: Company, *names: str, node: str, owner: str) -> list[int]:
    """Let the source `erp` tell of many companies at once; return their ids."""
    said = {"org_node": company.nodes[node].pk, "owner": company.users[owner].pk}
    statements = [
        Statement(key=f"{node}-{name}", kind="company", attributes={"name": name, **said})
        for name in names
    ]
    return _stated(company, statements)


def _stated(company: Company, statements: list[Statement]) -> list[int]:
    from clientela.records.models import Source

    with system_context("customers for tests"):
        source = Source.objects.filter(name="erp").first() or make_source(
            name="erp", node_id=company.nodes["group"].pk, at=NOON - timedelta(days=90), by="test"
        )
        answers = state(
            statements, source_id=source.pk, author="test", at=NOON - timedelta(days=80)
        )
    return [answer.customer_id for answer in answers]


def _node(company: Company, kind: str, code: str, parent: OrgNode | None) -> OrgNode:
    node = OrgNode.objects.create(
        parent=parent, kind=kind, code=code, name=code.title(), path="",
        base_currency="EUR" if kind == "group" else "",
    )  # fmt: skip
    node.path = f"{parent.path if parent else '/'}{node.pk}/"
    node.save(update_fields=["path"])
    company.nodes[code] = node
    return node


def _user(company: Company, name: str) -> User:
    company.users[name] = User.objects.create(username=name, created_at=NOON)
    return company.users[name]
