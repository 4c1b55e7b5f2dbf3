"""A second telephone number or e-mail address of a customer, from the form of its facts."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from clientela.records.models import Customer
from clientela.store.context import system_context
from tests.web.editing import as_shown, opened
from tests.web.test_customers import page
from tests.web.test_edited_beside import COMPANY, address, edited, facts, form, send
from tests.web.world import World

__all__ = ["edited"]  # a fixture of this module too

MOBILE = {"add:phone": "+34 600 111 222", "as:phone": " Móvil  de Ana "}


def file_of(world: World, record: str = "colleague") -> str:
    return reverse("customers:file", args=[world.customers[record].public_id])


def errors_at(answer: HttpResponse) -> set[str]:
    """Return the keys of the fields that a page shows something wrong of."""
    text = answer.content.decode()
    return {part.partition('"')[0] for part in text.split('id="e-')[1:]}


class TestAnother:
    def test_stands_beside_the_first_under_its_name(self, edited: World) -> None:
        more = MOBILE | {"add:email": "ventas@ejemplo.example", "as:email": "ventas"}
        assert send(edited, "data_steward", form(edited) | more).status_code == 302
        now = facts(edited)
        assert now["phone"] == COMPANY["phone"]
        assert now["phone#Móvil de Ana"] == "+34600111222"
        assert now["email#ventas"] == "ventas@ejemplo.example"
        text = page(edited, "data_steward", file_of(edited))
        assert "(Móvil de Ana)" in text

    def test_is_changed_and_removed_in_a_field_of_its_own(self, edited: World) -> None:
        send(edited, "data_steward", form(edited) | MOBILE)
        again = form(edited)
        assert again["phone#Móvil de Ana"] == "+34600111222"
        assert (again["add:phone"], again["as:phone"]) == ("", "")
        send(edited, "data_steward", again | {"phone#Móvil de Ana": "+34600333444"})
        assert facts(edited)["phone#Móvil de Ana"] == "+34600333444"
        send(edited, "data_steward", form(edited) | {"phone#Móvil de Ana": ""})
        assert facts(edited).get("phone#Móvil de Ana") is None

    @pytest.mark.parametrize(
        ("typed", "at"),
        [
            ({"as:phone": "office"}, "add:phone"),
            ({"add:phone": "+34600111222"}, "as:phone"),
            ({"add:phone": "+34600111222", "as:phone": "<b>"}, "as:phone"),
            ({"add:phone": "+34600111222", "as:phone": "a#b"}, "as:phone"),
            ({"add:phone": "+34600111222", "as:phone": "x" * 31}, "as:phone"),
            ({"add:phone": "call me", "as:phone": "office"}, "add:phone"),
        ],
    )
    def test_that_cannot_be_is_refused_at_its_field_and_stays_typed(
        self, edited: World, typed: dict[str, str], at: str
    ) -> None:
        before = facts(edited)
        answer = send(edited, "data_steward", form(edited) | {"city": "Toledo"} | typed)
        assert answer.status_code == 422
        assert errors_at(answer) == {at}
        kept = as_shown(answer)
        assert {name: kept[name] for name in (*typed, "city")} == typed | {"city": "Toledo"}
        assert facts(edited) == before

    def test_of_a_name_that_stands_is_not_written_over(self, edited: World) -> None:
        send(edited, "data_steward", form(edited) | MOBILE)
        typed = {"add:phone": "+34600999999", "as:phone": "móvil de ana"}
        answer = send(edited, "data_steward", form(edited) | typed)
        assert (answer.status_code, errors_at(answer)) == (422, {"as:phone"})
        assert facts(edited)["phone#Móvil de Ana"] == "+34600111222"

    def test_that_was_removed_leaves_no_line_in_the_file(self, edited: World) -> None:
        send(edited, "data_steward", form(edited) | MOBILE)
        send(edited, "data_steward", form(edited) | {"phone#Móvil de Ana": ""})
        assert "(Móvil de Ana)" not in page(edited, "data_steward", file_of(edited))
        assert send(edited, "data_steward", form(edited) | MOBILE).status_code == 302
        assert facts(edited)["phone#Móvil de Ana"] == "+34600111222"

    def test_that_a_colleague_added_meanwhile_stands(self, edited: World) -> None:
        mine, theirs = form(edited), form(edited, "colleague")
        assert send(edited, "colleague", theirs | MOBILE).status_code == 302
        answer = send(edited, "data_steward", mine | MOBILE | {"add:phone": "+34600999999"})
        assert (answer.status_code, errors_at(answer)) == (422, {"as:phone"})
        kept = as_shown(answer)
        assert kept["phone#Móvil de Ana"] == "+34600111222"  # theirs, to be seen beside
        assert kept["add:phone"] == "+34600999999"
        assert facts(edited)["phone#Móvil de Ana"] == "+34600111222"

    def test_is_masked_of_a_person(self, world: World) -> None:
        url = address(world, "own")
        client = world.client("sales")
        assert client.post(url, opened(client, url) | MOBILE).status_code == 302
        text = page(world, "data_steward", file_of(world, "own"))
        assert "Móvil de Ana" in text
        assert "600111222" not in text

    def test_comes_with_a_new_file(self, world: World) -> None:
        body = {"kind": "company", "name": "Bodegas Ribera", "node": world.objects["madrid"],
                "phone": "+34911234567"}  # fmt: skip
        refused = world.client("sales").post("/customers/new", body | {"add:phone": "600111222"})
        assert (refused.status_code, errors_at(refused)) == (422, {"as:phone"})
        answer = world.client("sales").post("/customers/new", body | MOBILE | {"country": "ES"})
        assert answer.status_code == 302
        with system_context("a look"):
            made = Customer.objects.get(name="Bodegas Ribera")
        assert made.facts["phone#Móvil de Ana"] == "+34600111222"
