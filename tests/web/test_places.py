"""Places of the organisation that are there: seen as they are, and corrected."""

import pytest
from django.urls import reverse

from clientela.audit.models import Event
from clientela.security.models import OrgNode
from clientela.security.selectors import edition_of
from clientela.store.context import system_context
from clientela.trade.models import Delivery, Invoice, Order, Payment
from tests.web.world import World

ACT = "security.org_node.corrected"


def place(code: str) -> OrgNode:
    return OrgNode.objects.get(code=code)


def send(world: World, code: str, **given: str):
    node = place(code)
    body = {"name": node.name, "time_zone": "", "seen": edition_of(node)}
    if node.kind in ("group", "company"):
        body["base_currency"] = node.base_currency
    client = world.client("administrator")
    return client.post(reverse("admin:place", args=[node.public_id]), body | given)


class TestAPlaceThatIsThere:
    def test_is_shown_with_what_it_has(self, world: World) -> None:
        OrgNode.objects.filter(code="madrid").update(name="Madrid Sur", time_zone="Europe/Madrid")
        url = reverse("admin:place", args=[place("madrid").public_id])
        text = world.client("administrator").get(url).content.decode()
        assert 'value="Madrid Sur"' in text
        assert '<option value="Europe/Madrid" selected>' in text
        assert "base_currency" not in text  # a branch keeps no books

    def test_says_that_no_zone_was_set(self, world: World) -> None:
        OrgNode.objects.filter(code="madrid").update(time_zone="UTC")
        client = world.client("administrator")
        url = reverse("admin:place", args=[place("madrid").public_id])
        assert "not set: UTC" in client.get("/admin/organisation").content.decode()
        assert "not set: UTC" in client.get(url).content.decode()
        assert url in client.get("/admin/organisation").content.decode()
        assert url not in world.client("auditor").get("/admin/organisation").content.decode()

    def test_takes_another_name_and_zone_and_leaves_an_event(self, world: World) -> None:
        OrgNode.objects.filter(code="madrid").update(time_zone="UTC")
        answer = send(world, "madrid", name="Madrid Centro", time_zone="Europe/Madrid")
        assert answer.status_code == 302
        assert (place("madrid").name, place("madrid").time_zone) == (
            "Madrid Centro", "Europe/Madrid",
        )  # fmt: skip
        event = Event.objects.get(act=ACT)
        assert event.after == {"name": "Madrid Centro", "time_zone": "Europe/Madrid"}
        assert event.before["time_zone"] == "UTC"

    def test_gives_its_first_zone_to_the_places_below_that_have_none(self, world: World) -> None:
        OrgNode.objects.update(time_zone="UTC")
        OrgNode.objects.filter(code="sevilla").update(time_zone="Atlantic/Canary")
        assert send(world, "iberia", time_zone="Europe/Madrid").status_code == 302
        assert place("madrid").time_zone == "Europe/Madrid"
        assert place("sevilla").time_zone == "Atlantic/Canary"
        assert Event.objects.get(act=ACT).rows >= 2
        assert send(world, "iberia", time_zone="Europe/Lisbon").status_code == 302
        assert place("madrid").time_zone == "Europe/Madrid"

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"name": ""}, "A place needs a code and a name."),
            ({"time_zone": "Europe/Toledo"}, "There is no such time zone."),
            ({"seen": "another"}, "Somebody changed this place meanwhile."),
            ({"seen": ""}, "Somebody changed this place meanwhile."),
            ({"base_currency": "EUR"}, "Only a company has a currency of its own."),
        ],
    )
    def test_stays_as_it_is_where_that_cannot_be(self, world: World, given, said) -> None:
        before = edition_of(place("madrid"))
        answer = send(world, "madrid", **({"name": "Other"} | given))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert edition_of(place("madrid")) == before
        assert not Event.objects.filter(act=ACT).exists()

    def test_is_not_overwritten_by_who_saw_it_as_it_was_before(self, world: World) -> None:
        seen = edition_of(place("madrid"))
        assert send(world, "madrid", name="First").status_code == 302
        answer = send(world, "madrid", name="Second", seen=seen)
        assert answer.status_code == 422
        assert place("madrid").name == "First"

    def test_is_said_to_be_unchanged_where_nothing_is(self, world: World) -> None:
        OrgNode.objects.filter(code="madrid").update(time_zone="UTC")
        answer = send(world, "madrid")
        assert answer.status_code == 422
        assert "Nothing was changed." in answer.content.decode()


class TestTheCurrencyOfACompany:
    @pytest.fixture
    def empty(self, world: World) -> OrgNode:
        group = OrgNode.objects.get(kind="group")
        node = OrgNode.objects.create(
            parent=group, kind="company", code="new", name="New", path="", base_currency="EUR"
        )
        node.path = f"{group.path}{node.pk}/"
        node.save(update_fields=["path"])
        return node

    def test_can_be_corrected_before_anything_is_booked(self, world: World, empty) -> None:
        assert send(world, "new", base_currency="MXN").status_code == 302
        assert place("new").base_currency == "MXN"

    @pytest.mark.parametrize("currency", ["", "ZZZ", "DEM"])
    def test_is_one_that_there_is(self, world: World, empty, currency) -> None:
        assert send(world, "new", base_currency=currency).status_code == 422
        assert place("new").base_currency == "EUR"

    def test_stays_once_documents_were_booked_below_it(self, world: World) -> None:
        company = OrgNode.objects.filter(kind="company").exclude(code="new").first()
        OrgNode.objects.filter(pk=company.pk).update(base_currency="EUR")
        answer = send(world, company.code, base_currency="MXN")
        assert answer.status_code == 422
        assert "Amounts of documents are kept here in EUR" in answer.content.decode()
        assert place(company.code).base_currency == "EUR"

    def test_of_the_group_stays_as_well(self, world: World) -> None:
        OrgNode.objects.filter(kind="group").update(base_currency="EUR")
        assert send(world, "group", base_currency="MXN").status_code == 422

    def test_of_the_group_stays_where_documents_were_converted_to_it(self, world: World) -> None:
        OrgNode.objects.filter(kind="group").update(base_currency="USD")
        with system_context("documents with a rate"):
            Invoice.objects.update(currency="GBP")  # their amounts in dollars stay
        answer = send(world, "group", base_currency="EUR")
        assert "Amounts of documents are kept here in USD" in answer.content.decode()
        assert place("group").base_currency == "USD"

    @pytest.fixture
    def unconverted(self, world: World) -> World:
        """A group in dollars, said before any document came in: all are in euros."""
        OrgNode.objects.filter(kind__in=("group", "company")).update(base_currency="USD")
        with system_context("documents without a rate"):
            Invoice.objects.update(net_base_minor=None, gross_base_minor=None)
            for model in (Order, Payment, Delivery):
                model.objects.update(currency="EUR")
            Order.objects.update(net_base_minor=None)
            Payment.objects.update(amount_base_minor=None)
        return world

    def test_of_the_group_can_be_corrected_while_nothing_is_in_it(self, unconverted) -> None:
        assert send(unconverted, "group", base_currency="EUR").status_code == 302
        assert place("group").base_currency == "EUR"
        with system_context("looking at invoices"):
            pairs = Invoice.objects.values_list("net_minor", "net_base_minor")
            assert {net == base for net, base in pairs} == {True}

    def test_of_a_company_can_be_corrected_while_nothing_is_in_it(self, unconverted) -> None:
        assert send(unconverted, "spain", base_currency="EUR").status_code == 302
        answer = send(unconverted, "spain", base_currency="MXN")
        assert answer.status_code == 422
        assert place("spain").base_currency == "EUR"
