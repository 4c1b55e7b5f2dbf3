"""A small company with a user for each role, customers in and out of reach, and documents."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from allauth.mfa.models import Authenticator
from django.test import Client

from clientela.analysis.services.proposing import digest
from clientela.records.models import Customer, Source
from clientela.security.models import FactorReset, Grant, Purpose, Token, User
from clientela.security.selectors import edition_of
from clientela.security.services.founding import _PURPOSES
from clientela.store.context import system_context
from clientela.store.models import ParameterProposal, SavedView
from clientela.trade.models import Invoice, InvoiceLine
from tests.factories import NOON, Company, add_customer, make_company
from tests.records.entries import TABLES, Books

LONG_AFTER = datetime(2099, 1, 1, tzinfo=UTC)
# name -> where, whose (None: nobody's)
RECORDS = {
    "own": ("madrid", "sales"),
    "colleague": ("madrid", "colleague"),
    "archived": ("madrid", "sales"),
    "other_branch": ("sevilla", None),
    "other_region": ("shanghai", None),
}


@dataclass
class World:
    """What tests of pages stand on. `customers` and `invoices` by the names of RECORDS."""

    company: Company
    customers: dict[str, Customer] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    objects: dict[str, object] = field(default_factory=dict)

    def client(self, name: str | None) -> Client:
        """Return a browser in which this user is signed in; None: nobody."""
        client = Client()
        if name is not None:
            client.force_login(self.company.users[name])
        return client


def make_world() -> World:
    """Make it all, in the transaction of the test."""
    world = World(company=make_company())
    with system_context("a world for tests"):
        Grant.objects.update(valid_to=LONG_AFTER)
        for code, names, classes, roles, basis, needs_note in _PURPOSES:
            Purpose.objects.create(
                code=code, name=names, classes=classes, roles=roles, legal_basis=basis,
                needs_note=needs_note,
            )  # fmt: skip
        users = world.company.users
        users["disabled"] = User.objects.create(username="disabled", created_at=NOON)
        for user in users.values():
            second_factor(user)
        for name, (node, owner) in RECORDS.items():
            kind = "person" if name == "own" else "company"
            more = {"phone": "+34600123456", "identity_number": "12345678Z"}
            ident = add_customer(
                world.company, node=node, owner=owner, kind=kind, name=f"Name {name}", key=name,
                country="ES", **(more if kind == "person" else {}),
            )  # fmt: skip
            world.customers[name] = Customer.objects.get(pk=ident)
            world.invoices[name] = _invoice(world.customers[name], name)
        Customer.objects.filter(pk=world.customers["archived"].pk).update(archived_at=NOON)
        books = Books(world.company)
        for kind in TABLES:
            getattr(books, kind)("N-own", "own")
        _things(world)
        _passwords(world)
    return world


def second_factor(user: User) -> None:
    """Give a user an authenticator app."""
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "kept elsewhere"}
    )


def _invoice(customer: Customer, number: str) -> Invoice:
    source = Source.objects.get(name="erp")
    scope = {
        "customer_id": customer.pk, "org_node_id": customer.org_node_id,
        "owner_id": customer.owner_id, "sold_by_id": customer.org_node_id, "currency": "EUR",
    }  # fmt: skip
    invoice = Invoice.objects.create(
        source=source, account=customer.links.get().source_record, number=f"N-{number}",
        digest=b"x", recorded_at=NOON, settlement="known", issued_on=date(2026, 3, 1),
        due_on=date(2026, 3, 31), net=Decimal("1234.50"), tax=0, net_minor=123450,
        gross_minor=123450, net_base_minor=123450, gross_base_minor=123450, lines_count=1, **scope,
    )  # fmt: skip
    InvoiceLine.objects.create(
        invoice=invoice, line=1, quantity=3, unit_price=Decimal("411.5"), net_minor=123450,
        kind="invoice", issued_on=invoice.issued_on, source_id=source.pk, **scope,
    )  # fmt: skip
    return invoice


def _passwords(world: World) -> None:
    """Give one user none, so that the first link can be made, and another one a password."""
    users = world.company.users
    users["colleague"].set_unusable_password()
    users["colleague"].save()
    users["stranger"].set_password("a password of their own")
    users["stranger"].save()
    world.objects["has_password"] = users["stranger"].public_id


def _things(world: World) -> None:
    company, users = world.company, world.company.users
    service = User.objects.create(username="program", kind="service", created_at=NOON)
    grant = Grant.objects.create(
        user=users["stranger"], role="marketing", node=company.nodes["madrid"],
        valid_from=NOON, valid_to=LONG_AFTER, proposed_by="administrator", proposed_at=NOON,
    )  # fmt: skip
    now = datetime.now(UTC)
    reset = FactorReset.objects.create(
        user=users["stranger"], reason="lost at sea", asked_by="administrator", asked_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    proposal = ParameterProposal.objects.create(
        name="analysis.sales.months", value=24, replaces=12, proposed_by="administrator",
        proposed_through="page", proposed_at=now, expires_at=now + timedelta(days=7),
    )  # fmt: skip
    tokens = _tokens(service)
    views = {
        name: SavedView.objects.create(
            user_id=user.pk, page="customers", name="kept", query={}, created_at=NOON
        ).public_id
        for name, user in users.items()
    }
    world.objects = {
        "user": users["colleague"].public_id, "grant": grant.public_id, "source": "erp",
        "reset": reset.public_id, "proposal": proposal.public_id, "digest": digest(proposal),
        "place": company.nodes["madrid"].public_id, "edition": edition_of(company.nodes["madrid"]),
        "proposed_token": tokens["proposed"].public_id,
        "approved_token": tokens["approved"].public_id,
        "nothing": uuid.UUID(int=1), "service": service.username, "views": views,
        "madrid": "madrid", "disabled_user": users["disabled"].public_id,
        "last_day": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(),
    }  # fmt: skip


def _tokens(service: User) -> dict[str, Token]:
    """Make a token that was proposed, and one that was approved."""
    tokens = {}
    for name, approved in (("proposed", False), ("approved", True)):
        tokens[name] = Token.objects.create(
            user=service, name=name, acts=["customer.read"], expires_at=LONG_AFTER,
            proposed_by="administrator", proposed_at=NOON,
            approved_by="security_officer" if approved else "",
            approved_at=NOON if approved else None,
        )  # fmt: skip
    return tokens
