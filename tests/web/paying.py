"""Payments beside the documents of a test's world."""

from datetime import date, timedelta
from typing import Any

from clientela.records.models import Source
from clientela.store.context import system_context
from clientela.trade.models import Payment
from tests.factories import NOON
from tests.web.world import RECORDS, World

DAY = date(2026, 3, 20)


def pay(world: World, number: str, of: str | None, **other: Any) -> Payment:
    """Make a payment of 10.00 euro of one of the world's customers; None: of nobody known.

    One of nobody is of the branch `node`, as its row or its import says.
    """
    node = world.company.nodes[other.pop("node", "madrid")].pk
    scope: dict[str, Any] = {"org_node_id": node, "sold_by_id": node}
    if of is not None:
        like = world.invoices[of]
        names = ("account_id", "customer_id", "org_node_id", "owner_id", "sold_by_id")
        scope = {name: getattr(like, name) for name in names}
    fields = {
        "source": Source.objects.get(name="erp"), "number": number, "digest": b"x",
        "recorded_at": NOON, "received_on": DAY, "amount": 10, "amount_minor": 1000,
        "amount_base_minor": 1000, "currency": "EUR", "method": "transfer",
    }  # fmt: skip
    return Payment.objects.create(**fields | scope | other)


def give_payments(world: World) -> dict[str, Payment]:
    """Give a payment to each customer of the world; return them by the names of RECORDS."""
    with system_context("payments for tests"):
        return {
            name: pay(world, f"Z-{name}", name, received_on=DAY + timedelta(days=at))
            for at, name in enumerate(RECORDS)
        }
