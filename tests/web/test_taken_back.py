"""The file of a customer of whom every import was taken back: what happened, and no more."""

import re

import pytest
from django.urls import reverse

from clientela.intake.models import Run
from clientela.records.models import Customer
from clientela.records.selectors import taken_back
from clientela.trade.models import Invoice
from tests.web.test_imports import loaded, look, place
from tests.web.world import World


@pytest.fixture
def emptied(world: World) -> Customer:
    run = loaded(world)
    world.client("data_steward").post(place("take_back", run), {"reason": "wrong month"})
    with look():
        customer = Customer.objects.filter(facts={}).exclude(archived_at=None).first()
        assert customer is not None
        assert taken_back(customer).by == "data_steward"
    return customer


class TestRun:
    def test_says_how_much_was_taken_back(self, world: World, emptied: Customer) -> None:
        with look():
            run = Run.objects.get(state="taken_back")
            invoices = Invoice.objects.filter(run_id=run.pk).exclude(voided_at=None).count()
        text = world.client("data_steward").get(place("run", run)).content.decode()
        assert invoices > 0
        there = re.search(r"Taken back with it</h2>.*?</table>", text, re.DOTALL)
        assert there is not None
        rows = re.findall(r'row">(.*?)</th><td class="num">(\d+)', there[0])
        assert ("Invoices and credit notes", str(invoices)) in rows
        assert dict(rows)["Documents or records loaded"] == str(run.loaded)
        assert "What had been written" in text

    @pytest.mark.parametrize("act", ["cancel", "confirm", "take_back"])
    def test_is_done_nothing_more_with(self, world: World, emptied: Customer, act: str) -> None:
        with look():
            run = Run.objects.get(state="taken_back")
        answer = world.client("data_steward").post(
            place(act, run), {"reason": "again"} if act == "take_back" else {}
        )
        assert answer.status_code == 409
        assert "That is not possible now" in answer.content.decode()
        assert "(Taken back)" in answer.content.decode()


class TestArchive:
    def test_lists_what_people_put_away_and_nothing_that_was_emptied(
        self, world: World, emptied: Customer
    ) -> None:
        client, put = world.client("data_steward"), world.customers["colleague"]
        client.post(reverse("customers:archive", args=[put.public_id]))
        listed = {
            name: {one.pk for one in client.get(f"/customers/?{name}=true").context["rows"].items}
            for name in ("archived", "emptied")
        }
        with look():
            away = Customer.objects.exclude(archived_at=None)
            left = set(away.filter(is_emptied=True).values_list("pk", flat=True))
            assert listed == {"archived": {one.pk for one in away} - left, "emptied": left}
        assert put.pk in listed["archived"]
        assert emptied.pk in listed["emptied"]

    def test_tells_programs_the_two_apart(self, world: World, emptied: Customer) -> None:
        steward, path = world.client("data_steward"), "/api/v1/customers"
        listed = steward.get(path, {"emptied": "true", "limit": 200}).json()["items"]
        (row,) = [one for one in listed if one["id"] == str(emptied.public_id)]
        assert (row["archived"], row["emptied"]) == (False, True)
        file = steward.get(f"{path}/{emptied.public_id}").json()
        assert (file["archived"], file["emptied"]) == (False, True)

    def test_leads_from_an_empty_list_to_where_there_is_more(self, world: World) -> None:
        client = world.client("data_steward")
        hint = "look among the archived files"
        for query, told in (("name=zzzz", True), ("name=zzzz&archived=1", False)):
            text = client.get(f"/customers/?{query}").content.decode()
            assert ("Take a filter away" in text, hint in text) == (True, told)


class TestFile:
    def test_says_what_happened_to_who_may_see_imports(
        self, world: World, emptied: Customer
    ) -> None:
        url = reverse("customers:file", args=[emptied.public_id])
        text = world.client("data_steward").get(url).content.decode()
        assert emptied.name.startswith("till ")  # its source and key
        assert f"<h1>{emptied.name}</h1>" in text
        assert f"<title>{emptied.name} ·" in text
        assert "data_steward took back on" in text
        assert "sales.csv" in text
        assert ">Customer</span>" not in text
        assert "Nothing is known of this customer then" not in text

    def test_says_less_to_others(self, world: World, emptied: Customer) -> None:
        url = reverse("customers:file", args=[emptied.public_id])
        text = world.client("service").get(url).content.decode()
        assert "was taken back on" in text
        assert "sales.csv" not in text
        assert "data_steward" not in text

    def test_offers_nothing_that_does_not_work(self, world: World, emptied: Customer) -> None:
        client = world.client("data_steward")
        text = client.get(reverse("customers:file", args=[emptied.public_id])).content.decode()
        for name in ("edit", "reopen", "archive", "invoices", "contracts"):
            assert reverse(f"customers:{name}", args=[emptied.public_id]) not in text, name
        history = reverse("customers:history", args=[emptied.public_id])
        assert history in text
        assert client.get(history).status_code == 200
        for name in ("edit", "reopen", "archive"):
            body = {"city": "Toledo"} if name == "edit" else {}
            answer = client.post(reverse(f"customers:{name}", args=[emptied.public_id]), body)
            assert answer.status_code == 409, name
            assert "was taken back" in answer.content.decode()

    def test_is_named_by_its_id_in_the_list(self, world: World, emptied: Customer) -> None:
        client = world.client("data_steward")
        assert str(emptied.public_id) in client.get("/customers/?emptied=1").content.decode()

    def test_of_a_customer_with_facts_is_none(self, world: World) -> None:
        with look():
            assert taken_back(world.customers["own"]) is None
            assert taken_back(world.customers["archived"]) is None
