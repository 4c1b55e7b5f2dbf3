"""The page of exchange rates: what is missing, what holds, one to enter, a file to bring in."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clientela.audit.models import Event
from clientela.store.context import system_context
from clientela.trade.models import ExchangeRate, Invoice
from tests.web.world import World

RATE = {"from": "USD", "day": "2026-03-01", "rate": "0,92"}
HEADER = "day,from,to,rate\n"


@pytest.fixture
def world(world: World) -> World:
    with system_context("an invoice that lacks a rate"):
        Invoice.objects.filter(number="N-own").update(
            currency="USD", net_base_minor=None, gross_base_minor=None
        )
    return world


def page(world: World, role: str) -> str:
    return world.client(role).get(reverse("admin:rates")).content.decode()


class TestThePage:
    def test_says_first_which_currency_lacks_rates_and_to_whom_to_go(self, world: World) -> None:
        text = page(world, "data_steward")
        missing = text[text.index('id="missing"') :]
        assert "<td>USD</td>" in missing
        assert '<td class="num">1</td>' in missing
        assert "No rates yet" in text
        assert 'name="rate"' in text
        for role in ("auditor", "administrator", "analyst", "credit_controller"):
            text = page(world, role)
            assert 'name="rate"' not in text
            assert "A data steward or a credit manager enters rates." in text

    def test_takes_a_rate_and_documents_follow(self, world: World) -> None:
        client = world.client("credit_manager")
        answer = client.post(reverse("admin:rates"), RATE, follow=True)
        text = answer.content.decode()
        assert 'id="missing"' not in text
        assert '<td class="num">0.92</td>' in text
        with system_context("looking at an invoice"):
            assert Invoice.objects.get(number="N-own").net_base_minor == 113574
        event = Event.objects.get(act="trade.rates.set")
        assert (event.after["added"], event.after["rate"]) == (1, "0.92")

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"rate": "many"}, "This is not a number."),
            ({"rate": "0"}, "A rate is greater than zero"),
            ({"rate": ""}, "Fill in this field."),
            ({"rate": "1.234,5"}, "This is not a number."),
            ({"day": "2999-01-01"}, "This day is still to come"),
            ({"from": "EUR"}, "so it needs no rate"),
            ({"from": "ZZZ"}, "This is no currency"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, world: World, given, said) -> None:
        answer = world.client("data_steward").post(reverse("admin:rates"), RATE | given)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not ExchangeRate.objects.exists()

    def test_asks_whether_a_rate_far_from_the_one_beside_it_is_right(self, world: World) -> None:
        client, far = world.client("data_steward"), RATE | {"day": "2026-03-04", "rate": "9,2"}
        assert 'name="confirmed"' not in client.post(reverse("admin:rates"), RATE, follow=True).content.decode()  # fmt: skip
        answer = client.post(reverse("admin:rates"), far)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "One USD is said to be worth 9.2 on 4 Mar 2026, and 0.92 on 1 Mar 2026" in text
        assert 'name="confirmed"' in text
        assert 'value="9,2"' in text
        assert ExchangeRate.objects.count() == 1
        assert client.post(reverse("admin:rates"), far | {"confirmed": "1"}).status_code == 302
        assert ExchangeRate.objects.count() == 2

    def test_asks_the_same_of_a_file(self, world: World) -> None:
        rows = HEADER + "2026-03-01,USD,EUR,0.92\n2026-03-02,USD,EUR,0.93\n2026-03-03,USD,EUR,92\n"
        answer = self.send(world, rows)
        assert [(one["line"], one["column"]) for one in answer.context["bad"]] == [(4, "rate")]
        assert 'name="confirmed"' in answer.content.decode()
        assert not ExchangeRate.objects.exists()
        assert self.send(world, rows, confirmed="1").status_code == 302
        assert ExchangeRate.objects.count() == 3

    def test_turns_its_pages(self, world: World) -> None:
        rows = "".join(f"2025-{m:02}-{d:02},USD,EUR,0.9\n" for m in (1, 2) for d in range(1, 29))
        self.send(world, HEADER + rows)
        client = world.client("auditor")
        first = client.get(reverse("admin:rates"))
        assert len(first.context["rows"].items) == 50
        second = client.get(reverse("admin:rates"), first.context["rows"].forward)
        assert len(second.context["rows"].items) == 6

    def send(self, world: World, text: str, **more: str):
        file = SimpleUploadedFile("ecb.csv", text.encode())
        client = world.client("data_steward")
        return client.post(reverse("admin:rates_file"), {"file": file, **more})

    def test_takes_a_file_whole(self, world: World) -> None:
        assert self.send(world, HEADER + "2026-03-01,USD,EUR,0.92\n").status_code == 302
        assert ExchangeRate.objects.get().origin == "ecb.csv"

    def test_tries_a_file_without_changing_anything(self, world: World) -> None:
        answer = self.send(world, HEADER + "2026-03-01,USD,EUR,0.92\n", dry_run="1")
        assert answer.status_code == 302
        assert not ExchangeRate.objects.exists()

    def test_tells_every_row_of_a_file_that_is_wrong(self, world: World) -> None:
        answer = self.send(world, HEADER + "2026-03-01,USD,EUR,0.92\n2026-03-99,USD,EUR,x\n")
        text = answer.content.decode()
        assert answer.status_code == 422
        assert [(one["line"], one["column"]) for one in answer.context["bad"]] == [
            (3, "day"), (3, "rate"),
        ]  # fmt: skip
        assert "One row cannot be taken, so nothing of the file was." in text
        assert not ExchangeRate.objects.exists()


class TestWhatWaits:
    """Who enters rates is told on My work, and nobody that nothing waits."""

    def work(self, world: World, role: str) -> str:
        return world.client(role).get(reverse("work:mine")).content.decode()

    def test_is_said_on_my_work_to_who_enters_rates(self, world: World) -> None:
        for role in ("data_steward", "credit_manager"):
            text = self.work(world, role)
            assert "Documents have no exchange rate (USD: 1)" in text, role
            assert "Nothing waits for you" not in text
        for role in ("sales", "auditor", "analyst"):
            text = self.work(world, role)
            assert "Documents have no exchange rate" not in text, role
            assert "Nothing waits for you" in text

    def test_is_not_said_beside_a_proposal_that_waits(self, world: World) -> None:
        text = self.work(world, "security_officer")
        assert "wait for your approval" in text
        assert "Nothing waits for you" not in text

    def test_is_no_document_of_a_coming_day(self, world: World) -> None:
        with system_context("a slip of the pen"):
            Invoice.objects.filter(number="N-own").update(issued_on=date(2099, 1, 1), due_on=None)
        assert "Documents have no exchange rate" not in self.work(world, "data_steward")
        assert 'id="missing"' not in page(world, "data_steward")


class TestACorrectedRate:
    def test_shows_who_entered_it_and_what_it_took_the_place_of(self, world: World) -> None:
        steward = world.client("data_steward")
        for rate in ("0.9", "0.92"):
            given = {"from": "USD", "day": "2026-04-01", "rate": rate}
            assert steward.post(reverse("admin:rates"), given).status_code == 302
        text = page(world, "data_steward")
        assert "data_steward · Page" in text
        cells = re.findall(r'<td class="num">([\d.]+)</td>', text)
        assert cells[-2:] == ["0.92", "0.9"]

    def test_is_told_in_the_trail(self, world: World) -> None:
        for rate in ("0.9", "0.92"):
            given = {"from": "USD", "day": "2026-04-01", "rate": rate}
            world.client("data_steward").post(reverse("admin:rates"), given)
        trail = world.client("data_steward").get(reverse("own_events")).content.decode()
        assert "USD 2026-04-01 – 2026-04-01 0.9 → 0.92" in trail
