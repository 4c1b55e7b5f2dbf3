"""A form of facts that lies open while others correct the same customer: it takes nothing back."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from clientela.audit.models import Event
from clientela.records.models import Customer, RecordVersion, Source
from clientela.records.results import Statement
from clientela.records.services import state
from clientela.records.services.desk import DESK_KEY
from clientela.records.services.sources import DESK, ensure_source
from clientela.store.context import system_context
from tests.factories import NOON
from tests.web.editing import as_shown, opened
from tests.web.world import World

COMPANY = {"city": "Madrid", "phone": "+34911234567", "website": "https://old.example"}


def address(world: World, record: str = "colleague") -> str:
    return reverse("customers:edit", args=[world.customers[record].public_id])


def send(world: World, who: str, body: dict[str, str], record: str = "colleague") -> HttpResponse:
    return world.client(who).post(address(world, record), body)


def facts(world: World, record: str = "colleague") -> dict[str, object]:
    with system_context("a look"):
        return dict(Customer.objects.get(pk=world.customers[record].pk).facts)


def versions(world: World) -> int:
    with system_context("a look"):
        return RecordVersion.objects.count()


def told(world: World, record: str = "colleague", **attributes: object) -> None:
    """Let the source `erp` tell something else of a customer, as an import does."""
    with system_context("an import"):
        source = Source.objects.get(name="erp")
        kind = world.customers[record].kind
        said = {"name": f"Name {record}", "country": "ES", **attributes}
        said["org_node"] = world.company.nodes["madrid"].pk
        said["owner"] = world.customers[record].owner_id
        one = Statement(key=record, kind=kind, attributes=said)
        state([one], source_id=source.pk, author="erp", at=NOON)


@pytest.fixture
def edited(world: World) -> World:
    """A company with a city, a telephone number and a web site."""
    body = opened(world.client("data_steward"), address(world)) | COMPANY
    assert send(world, "data_steward", body).status_code == 302
    return world


def form(world: World, who: str = "data_steward", record: str = "colleague") -> dict[str, str]:
    return opened(world.client(who), address(world, record))


class TestWhatNobodyTouched:
    def test_stays_as_others_made_it(self, edited: World) -> None:
        first, second = form(edited, "colleague"), form(edited)
        other = second | {"city": "Toledo", "phone": "+34911111111"}
        assert send(edited, "data_steward", other).status_code == 302
        own = first | {"website": "https://new.example"}
        assert send(edited, "colleague", own).status_code == 302
        now = facts(edited)
        assert (now["city"], now["phone"]) == ("Toledo", "+34911111111")
        assert now["website"] == "https://new.example"
        with system_context("a look"):
            last = RecordVersion.objects.order_by("-id")[0]
        assert last.attributes == {"website": "https://new.example"}

    def test_stays_as_an_import_made_it(self, world: World) -> None:
        told(world, city="Madrid")
        first = form(world)
        told(world, city="Getafe", phone="+34911222333")
        assert send(world, "data_steward", first | {"note": "calls"}).status_code == 302
        assert (facts(world)["city"], facts(world)["phone"]) == ("Getafe", "+34911222333")

    def test_stays_masked_and_unsent(self, world: World) -> None:
        first = form(world, record="own")
        told(world, "own", phone="+34600999999")
        assert send(world, "data_steward", first | {"city": "Toledo"}, "own").status_code == 302
        with system_context("a look"):
            assert RecordVersion.objects.order_by("-id")[0].attributes == {"city": "Toledo"}

    def test_may_vanish_or_come_meanwhile(self, world: World) -> None:
        first = form(world)
        told(world, **{"phone#office": "+34911222333"})
        assert "phone" in first
        body = first | {"city": "Toledo", "phone": "+34911000000"}
        assert send(world, "data_steward", body).status_code == 302
        later = form(world)
        assert later["phone#office"] == "+34911222333"
        told(world, **{"phone#office": None})
        assert send(world, "data_steward", later | {"city": "Soria"}).status_code == 302
        assert facts(world)["city"] == "Soria"
        assert not facts(world)["phone#office"]
        assert facts(world)["phone"] == "+34911000000"

    def test_of_several_values_stays_each_by_itself(self, world: World) -> None:
        told(world, "own", **{"phone#home": "+34600111111", "phone#office": "+34600222222"})
        client = world.client("sales")
        text = client.get(address(world, "own")).content.decode()
        assert "346****1111" in text
        assert "346****2222" in text
        first = form(world, "sales", "own")
        told(world, "own", **{"phone#home": "+34600333333", "phone#office": "+34600222222"})
        assert (
            send(world, "sales", first | {"phone#office": "+34600444444"}, "own").status_code == 302
        )
        with system_context("a look"):
            said = RecordVersion.objects.order_by("-id")[0].attributes
        assert list(said) == ["phone#office"]
        answer = send(world, "sales", first | {"phone#home": "+34600555555"}, "own")
        assert answer.status_code == 422
        assert "It is now 346****3333" in answer.content.decode()

    def test_and_was_written_otherwise_is_not_stated(self, edited: World) -> None:
        told(edited, tags=["a", "b"], note="two\nlines")
        body = form(edited) | {"phone": " 0034 911 234 567 ", "city": "Soria"}
        assert send(edited, "data_steward", body).status_code == 302
        with system_context("a look"):
            assert RecordVersion.objects.order_by("-id")[0].attributes == {"city": "Soria"}


class TestWhatBothChanged:
    def test_is_not_written_and_says_what_it_is_now(self, edited: World) -> None:
        first = form(edited, "colleague")
        assert send(edited, "data_steward", form(edited) | {"city": "Toledo"}).status_code == 302
        before = versions(edited)
        typed = first | {"city": "Soria", "note": "moved", "reason": "a call"}
        answer = send(edited, "colleague", typed)
        assert answer.status_code == 422
        assert versions(edited) == before
        back, text = as_shown(answer), answer.content.decode()
        assert (back["city"], back["note"], back["reason"]) == ("Soria", "moved", "a call")
        assert "Somebody changed this" in text
        assert "It is now Toledo" in text
        assert "desk" in text
        refused = Event.objects.filter(act="web.request.refused").latest("id")
        assert [one["code"] for one in refused.reasons] == ["value_changed_meanwhile"]
        assert "Toledo" not in str(refused.reasons)
        assert send(edited, "colleague", back).status_code == 302
        assert (facts(edited)["city"], facts(edited)["note"]) == ("Soria", "moved")

    def test_is_refused_again_where_it_changed_again(self, edited: World) -> None:
        body = form(edited, "colleague") | {"city": "Soria"}
        for city in ("Toledo", "Lugo"):
            assert send(edited, "data_steward", form(edited) | {"city": city}).status_code == 302
            answer = send(edited, "colleague", body)
            assert answer.status_code == 422
            assert f"It is now {city}" in answer.content.decode()
            body = as_shown(answer)

    def test_to_the_same_is_no_matter(self, edited: World) -> None:
        first = form(edited)
        assert send(edited, "data_steward", form(edited) | {"city": "Toledo"}).status_code == 302
        assert send(edited, "data_steward", first | {"city": "Toledo"}).status_code == 302
        assert facts(edited)["city"] == "Toledo"

    def test_and_was_emptied_says_so(self, edited: World) -> None:
        first = form(edited)
        assert send(edited, "data_steward", form(edited) | {"website": ""}).status_code == 302
        answer = send(edited, "data_steward", first | {"website": "https://x.example"})
        assert answer.status_code == 422
        assert "It has no value now" in answer.content.decode()

    @pytest.mark.parametrize("change", [{"phone": "+34600888888"}, {"remove:phone": "1"}])
    def test_is_told_by_its_mask_alone(self, world: World, change: dict[str, str]) -> None:
        first = form(world, "sales", "own")
        told(world, "own", phone="+34600999999")
        before = versions(world)
        answer = send(world, "sales", first | change, "own")
        assert answer.status_code == 422
        assert versions(world) == before
        text = answer.content.decode()
        assert "600999999" not in text
        assert "It is now 346****9999" in text
        back = as_shown(answer)
        assert {name: back.get(name) for name in change} == change
        assert send(world, "sales", back, "own").status_code == 302
        assert versions(world) == before + 1

    def test_answers_no_guess_of_a_masked_value(self, world: World) -> None:
        first = form(world, "sales", "own")
        told(world, "own", phone="+34600999999")
        answers = [
            send(world, "sales", first | {"phone": guess}, "own")
            for guess in ("+34600888888", "+34600999999")
        ]
        assert [one.status_code for one in answers] == [422, 422]

    def test_of_a_choice_is_told_in_words(self, edited: World) -> None:
        first = form(edited)
        body = form(edited) | {"stage": "former"}
        assert send(edited, "data_steward", body).status_code == 302
        answer = send(edited, "data_steward", first | {"stage": "prospect"})
        assert answer.status_code == 422
        assert "It is now Former customer" in answer.content.decode()

    def test_beside_another_fault_is_told_afterwards(self, edited: World) -> None:
        """What was refused for something else has not shown what others changed."""
        first = form(edited)
        assert send(edited, "data_steward", form(edited) | {"city": "Toledo"}).status_code == 302
        answer = send(edited, "data_steward", first | {"city": "Soria", "true_from": "soon"})
        assert "It is now" not in answer.content.decode()
        back = as_shown(answer) | {"true_from": ""}
        assert send(edited, "data_steward", back).status_code == 422
        assert facts(edited)["city"] == "Toledo"


class TestWhatWouldBeAnothersCustomers:
    def test_is_refused_with_all_that_was_typed(self, world: World) -> None:
        """Somebody brought a record into the desk that bears this customer's key there."""
        one = world.customers["colleague"]
        with system_context("a file for the desk"):
            desk = ensure_source(DESK, at=NOON, by="system")
            said = Statement(
                key=DESK_KEY.format(one.pk), kind="company", attributes={"name": "Stranger"}
            )
            state([said], source_id=desk.pk, author="x", at=NOON)
        before = versions(world)
        client = world.client("data_steward")
        answer = client.post(address(world), form(world) | {"city": "Soria"})
        assert answer.status_code == 409
        assert "another customer" in answer.content.decode()
        assert as_shown(answer)["city"] == "Soria"
        patch = client.patch(
            f"/api/v1/customers/{one.public_id}", {"changes": {"city": "Soria"}},
            content_type="application/json", headers={"Idempotency-Key": "k1"},
        )  # fmt: skip
        assert patch.status_code == 409
        assert patch.json()["reasons"][0]["code"] == "desk_record_elsewhere"
        assert versions(world) == before


class TestWhatItShowed:
    def test_is_told_by_no_page(self, world: World) -> None:
        carried = form(world, "sales", "own")["seen"]
        told(world, "own", phone="+34600999999")
        assert form(world, "sales", "own")["seen"] != carried
        assert "600" not in carried

    @pytest.mark.parametrize("how", ["none", "broken", "customer", "user"])
    def test_is_taken_from_this_user_and_customer_alone(self, edited: World, how: str) -> None:
        own = form(edited) | {"city": "Soria"}
        if how == "none":
            del own["seen"]
        elif how == "broken":
            own["seen"] = own["seen"][:-2]
        else:
            who, record = (
                ("data_steward", "archived") if how == "customer" else ("colleague", "colleague")
            )
            own["seen"] = form(edited, who, record)["seen"]
        before = versions(edited)
        answer = send(edited, "data_steward", own)
        assert answer.status_code == 422
        assert versions(edited) == before
        text = answer.content.decode()
        assert "Open the page again" in text
        assert as_shown(answer)["city"] == "Soria"
        assert as_shown(answer)["seen"] == ""
