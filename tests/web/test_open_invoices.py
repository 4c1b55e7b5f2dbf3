"""A customer's invoices tell what is open of each and since when, to who may know it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clientela.records.models import Source
from clientela.store.context import system_context
from clientela.trade.models import Allocation, Invoice, Payment
from tests.factories import NOON
from tests.web.world import World


def today() -> date:
    """Return the day that it is, also in a run that began yesterday."""
    return timezone.now().date()


@pytest.fixture
def world(world: World) -> World:
    """One invoice of 1,234.50 in euro, overdue by 5 days, of which 1,000.00 were paid; one in
    yen, not due; one that is paid; one whose source tells no payments; and a credit note."""
    with system_context("invoices"):
        mine = world.invoices["own"]
        due = {"issued_on": today() - timedelta(days=40), "due_on": today() - timedelta(days=5)}
        Invoice.objects.filter(pk=mine.pk).update(**due)
        settle(world, mine, 100_000)
        settle(world, mine, 50, voided_at=NOON)
        settle(world, mine, 7, allocated_on=today() + timedelta(days=1))
        another(mine, "YEN", currency="JPY", gross_minor=5_000, due_on=today())
        settle(world, another(mine, "PAID", gross_minor=800), 800)
        another(mine, "SILENT", settlement="unknown", due_on=date(2026, 1, 2))
        another(mine, "CREDIT", kind="credit_note", gross_minor=-300, due_on=None)
    return world


def another(like: Invoice, number: str, **other) -> Invoice:
    fields = {f.attname: getattr(like, f.attname) for f in Invoice._meta.concrete_fields}
    del fields["id"], fields["public_id"]
    given = {"issued_on": date(2026, 1, 1), "due_on": date(2026, 2, 1), "number": number} | other
    return Invoice.objects.create(**fields | given)


def settle(world: World, invoice: Invoice, minor: int, **other) -> None:
    scope = {"customer_id": invoice.customer_id, "org_node_id": invoice.org_node_id,
             "owner_id": invoice.owner_id, "currency": invoice.currency}  # fmt: skip
    payment = Payment.objects.create(
        source=Source.objects.get(name="erp"), number=f"P{Payment.objects.count()}",
        account=invoice.account, digest=b"x", recorded_at=NOON, amount_minor=minor,
        amount=minor, received_on=date(2026, 1, 9), sold_by_id=invoice.sold_by_id, **scope,
    )  # fmt: skip
    given = {"allocated_on": date(2026, 1, 9)} | other
    Allocation.objects.create(
        invoice=invoice, payment=payment, amount_minor=minor, **scope, **given
    )


def rows(world: World, who: str = "sales", **query: str) -> dict[str, list[str]]:
    """Return the cells of the page by number of invoice."""
    url = reverse("customers:invoices", args=[world.customers["own"].public_id])
    page = world.client(who).get(url, query)
    assert page.status_code == 200, page.content.decode()[-900:]
    return {row.number: item for row, item in page.context["lines"]}


class TestOpenInvoices:
    def test_tell_amount_days_and_state_of_each(self, world: World) -> None:
        found = rows(world)
        mine = found["N-own"]
        assert (mine.open_minor, mine.days_past_due, mine.state) == (23_450, 5, "overdue")
        assert (found["YEN"].open_minor, found["YEN"].state) == (5_000, "open")
        assert found["PAID"].state == "paid"
        assert found["SILENT"] is None
        assert found["CREDIT"] is None

    def test_are_shown_in_their_own_currency(self, world: World) -> None:
        url = reverse("customers:invoices", args=[world.customers["own"].public_id])
        text = world.client("sales").get(url).content.decode()
        for said in ("€234.50", "JP¥5,000", "overdue", "payments not told"):
            assert said in text, said

    def test_alone_are_listed_when_asked_for(self, world: World) -> None:
        assert set(rows(world, open="1")) == {"N-own", "YEN"}

    def test_are_told_to_nobody_without_right_to_receivables(self, world: World) -> None:
        url = reverse("customers:invoices", args=[world.customers["own"].public_id])
        text = world.client("service").get(url).content.decode()
        for kept in ("overdue", "Open only", "Days overdue", "Due</th>"):
            assert kept not in text, kept
        assert world.client("service").get(url, {"open": "1"}).status_code == 422

    def test_are_summed_in_one_query_however_many(self, world: World) -> None:
        client = world.client("sales")
        url = reverse("customers:invoices", args=[world.customers["own"].public_id])
        counts = []
        for n in (0, 20):
            with system_context("more"):
                for at in range(n):
                    settle(world, another(world.invoices["own"], f"M{at}"), 10)
            with CaptureQueriesContext(
                connection,
            ) as caught:
                client.get(url)
            counts.append(len(caught))
        assert counts[0] == counts[1]

    def test_are_told_to_programs(self, world: World) -> None:
        url = "/api/v1/invoices?customer=" + str(world.customers["own"].public_id)
        found = {i["number"]: i for i in world.client("sales").get(url).json()["items"]}
        assert found["N-own"]["open"] == {"amount": "234.50", "currency": "EUR"}
        assert (found["N-own"]["state"], found["N-own"]["days_past_due"]) == ("overdue", 5)
        assert (found["PAID"]["state"], found["PAID"]["days_past_due"]) == ("paid", None)
        assert found["SILENT"]["state"] is None
        hidden = world.client("service").get(url).json()["items"]
        assert {(i["state"], i["open"]) for i in hidden} == {(None, None)}
