"""Customers of whom no source tells a name stand under the key that staff know them by."""

import re

from django.urls import reverse

from clientela.analysis.services import refresh_copy
from clientela.records.models import Customer, Source
from clientela.records.results import Statement
from clientela.records.services import rebuild, state
from clientela.store.context import system_context
from tests.factories import NOON
from tests.web.test_analyses import Trade
from tests.web.world import World

KEY = "12347"


def nameless(world: World, key: str = KEY, *, kind: str = "company", **more: object) -> Customer:
    """Let a sales file tell of an account by its key alone."""
    owner = world.company.users["sales"].pk
    said = {"org_node": world.company.nodes["madrid"].pk, "owner": owner, **more}
    with system_context("an account of a sales file"):
        source = Source.objects.get(name="erp")
        (answer,) = state(
            [Statement(key=key, kind=kind, attributes=said)], source_id=source.pk, author="t",
            at=NOON,
        )  # fmt: skip
        return Customer.objects.get(pk=answer.customer_id)


def names(text: str) -> list[str]:
    return re.findall(r'<td><a href="/customers/[0-9a-f-]{36}">([^<]*)</a>', text)


class TestCustomerWithoutAName:
    def test_stands_under_its_key_in_list_file_titles_and_api(self, world: World) -> None:
        customer, client = nameless(world), world.client("sales")
        assert f"erp {KEY}" in names(client.get("/customers/").content.decode())
        url = reverse("customers:file", args=[customer.public_id])
        file = client.get(url).content.decode()
        assert f"<h1>erp {KEY}</h1>" in file.replace("\n", "")
        assert f"<title>erp {KEY} · Clientela</title>" in file
        for page in ("customers:edit", "customers:history", "customers:invoices"):
            shown = client.get(reverse(page, args=[customer.public_id])).content.decode()
            assert f"erp {KEY}" in shown, page
        told = client.get(f"/api/v1/customers/{customer.public_id}").json()
        assert told["name"] == f"erp {KEY}"
        assert str(customer.public_id) not in re.sub(r'(href|action|value)="[^"]*"', "", file)

    def test_is_sorted_and_found_by_it(self, world: World) -> None:
        nameless(world, "A-1")
        nameless(world, "ñ 7")
        nameless(world)
        client = world.client("sales")
        shown = names(client.get("/customers/?order=name").content.decode())
        assert shown == ["erp 12347", "erp A-1", "erp ñ 7", "Name own"]
        for typed in ("erp 123", "ERP 12347", "12347", " 12347 "):
            found = names(client.get("/customers/", {"name": typed}).content.decode())
            assert found == ["erp 12347"], typed
        assert names(client.get("/customers/?name=1234").content.decode()) == []

    def test_is_found_by_nobody_who_does_not_reach_it(self, world: World) -> None:
        nameless(world)
        assert names(world.client("stranger").get("/customers/?name=12347").content.decode()) == []

    def test_shows_a_persons_key_plainly_and_a_persons_name_masked(self, world: World) -> None:
        nameless(world, "P-1", kind="person")
        shown = names(world.client("marketing").get("/customers/").content.decode())
        assert "erp P-1" in shown
        assert "Name own" not in shown

    def test_gets_its_name_when_one_is_told(self, world: World) -> None:
        customer = nameless(world)
        nameless(world, name="Aceros del Norte")
        with system_context("a look"):
            customer.refresh_from_db()
        assert (customer.name, customer.sort_key) == ("Aceros del Norte", "aceros del norte")

    def test_is_what_a_rebuild_says(self, world: World) -> None:
        nameless(world)
        with system_context("a look"):
            source = Source.objects.get(name="erp")
            said = [Statement(key="bare", kind="company", attributes={})]
            state(said, source_id=source.pk, author="t", at=NOON)
            assert rebuild(at=NOON, check_only=True).differences == 0

    def test_has_a_form_that_asks_for_the_name(self, world: World) -> None:
        customer = nameless(world)
        url = reverse("customers:edit", args=[customer.public_id])
        field = re.search(
            r'<input[^>]*name="name"[^>]*>', world.client("sales").get(url).content.decode()
        )
        assert field is not None
        assert KEY not in field.group(0)


class TestRowOfACustomerWithoutAName(Trade):
    def test_names_it_on_page_file_and_api(self, trade: World) -> None:
        customer = nameless(trade)
        with system_context("a sale"):
            self.sell(trade, customer.pk, "madrid", 700_00, 9)
        refresh_copy()
        client, query = trade.client("credit_manager"), {"as_of": "2026-05-01"}
        for name, more in (("abc", {}), ("rfm", {}), ("sales", {"by": "customer"}), ("dso", {})):
            page = client.get(f"/analyses/{name}", query | more).content.decode()
            assert f">erp {KEY}<" in page, name
        told = client.get("/api/v1/analyses/abc", query).json()["rows"]
        assert told[0]["name"] == f"erp {KEY}"
        taken = trade.client("data_steward").post("/analyses/abc/download?as_of=2026-05-01")
        assert f"erp {KEY}" in taken.content.decode()
        assert (
            "erp 12347" not in trade.client("analyst").get("/analyses/abc", query).content.decode()
        )
