"""Whoever is shown something of a customer leaves one event that says of whom, of what, and where."""

import pytest
from django.apps import apps
from django.urls import reverse
from typer.testing import CliRunner

from clientela.analysis.services import refresh_copy
from clientela.audit.models import Event
from clientela.cli.ledger import app as records
from clientela.records.models import Customer
from clientela.security.services.reading import ACT, CLASSES
from clientela.store.context import system_context
from tests.web.test_analyses import Trade
from tests.web.world import World


def readings() -> list[Event]:
    with system_context("a test looks"):
        return list(Event.objects.filter(act=ACT).order_by("recorded_at", "id"))


def reading(world: World, who: str, url: str) -> tuple[list[int], dict[str, str], str]:
    """Ask for a page; return of whom the one event that it left is, of which kinds, and where."""
    before = len(readings())
    assert world.client(who).get(url).status_code == 200, url
    (event,) = readings()[before:]
    assert (event.actor, event.rows) == (who, len(event.customer_ids))
    return event.customer_ids, event.fields_read, event.object_id


class TestPages:
    def test_leave_one_event_with_the_customers_that_they_show(self, world: World) -> None:
        own, invoice = world.customers["own"], world.invoices["own"]
        file = {"records.Customer": "S2"}
        for name, args, kinds in (
            ("customers:file", [own.public_id], file),
            ("customers:invoices", [own.public_id], file | {"trade.Invoice": "S3"}),
            ("customers:contacts", [own.public_id], file | {"contacts.Contact": "S2"}),
            ("trade:invoice", [invoice.public_id], {"trade.Invoice": "S3"}),
        ):
            found = reading(world, "credit_manager", reverse(name, args=args))
            assert found == ([own.pk], kinds, name)

    def test_that_are_lists_name_every_customer_of_the_page_and_no_other(
        self, world: World
    ) -> None:
        seen = {world.customers[name].pk for name in ("own", "colleague")}
        ids, kinds, _ = reading(world, "credit_manager", reverse("customers:list"))
        assert (set(ids), kinds) == (seen, {"records.Customer": "S2"})
        ids, kinds, _ = reading(world, "credit_manager", reverse("trade:invoices"))
        assert kinds == {"trade.Invoice": "S3"}
        assert seen <= set(ids)
        assert world.customers["other_branch"].pk not in ids

    def test_leave_none_where_nothing_of_a_customer_is_shown(self, world: World) -> None:
        foreign = reverse("customers:file", args=[world.customers["other_branch"].public_id])
        assert world.client("credit_manager").get(foreign).status_code == 404
        for who, url in (("administrator", "/admin/users"), ("data_steward", "/imports/")):
            assert world.client(who).get(url).status_code == 200
        assert readings() == []

    def test_by_program_leave_the_same(self, world: World) -> None:
        own = world.customers["own"]
        url = f"/api/v1/customers/{own.public_id}"
        ids, kinds, where = reading(world, "credit_manager", url)
        assert (ids, kinds) == ([own.pk], {"records.Customer": "S2"})
        assert "customer" in where
        assert readings()[-1].channel == "api"

    def test_are_found_in_the_trail_by_the_customer(self, world: World) -> None:
        own = world.customers["own"]
        reading(world, "credit_manager", reverse("customers:file", args=[own.public_id]))
        asked = {"customer": str(own.public_id), "act": ACT}
        text = world.client("auditor").get(reverse("admin:events"), asked).content.decode()
        assert "read of customers" in text
        assert "credit_manager" in text
        assert "1 customer" in text


class TestAnswers(Trade):
    def test_leave_one_event_with_the_customers_of_their_rows(self, trade: World) -> None:
        refresh_copy()
        with system_context("a test looks"):
            madrid = set(
                Customer.objects.filter(org_node__code="madrid").values_list("id", flat=True)
            )
        for url in ("/analyses/abc?as_of=2026-05-01", "/api/v1/analyses/abc?as_of=2026-05-01"):
            ids, kinds, _ = reading(trade, "credit_manager", url)
            assert (set(ids), kinds) == (madrid, {"analysis": "S3"})

    def test_in_groups_leave_none(self, trade: World) -> None:
        page = trade.client("executive").get("/analyses/abc", {"as_of": "2026-05-01"})
        assert page.status_code == 200
        assert readings() == []


class TestCommands(Trade):
    def test_leave_one_event_as_pages_do(self, trade: World) -> None:
        with system_context("a test looks"):
            customer = Customer.objects.get(name="Client 0")
        ended = CliRunner().invoke(records, ["show", str(customer.public_id), "--as", "sales"])
        assert ended.exit_code == 0, ended.output
        (event,) = readings()
        assert (event.customer_ids, event.channel, event.actor) == ([customer.pk], "cli", "sales")


def test_every_record_of_a_customer_has_a_class() -> None:
    about = {
        model._meta.label
        for model in apps.get_models()
        if any(getattr(field, "attname", "") == "customer_id" for field in model._meta.get_fields())
    }
    assert about - CLASSES.keys() == {"records.Link"}  # which is never listed


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_page_that_is_only_asked_about_counts_as_read(world: World, method: str) -> None:
    url = reverse("customers:file", args=[world.customers["own"].public_id])
    world.client("sales").generic(method, url)
    assert len(readings()) == 1
