"""Contacts, cases, surveys, promotions and contracts on a customer's page and in the API."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientela.records.models import SourceRecord
from clientela.records.services import link_record
from clientela.store.context import system_context
from tests.factories import NOON, give
from tests.records.entries import Books
from tests.web.world import World

# kind -> its tab, and what the row of the world shows there to sales
SHOWN = {
    "contact": ("contacts", ["Offer", "proactive", "Phone", "to the customer"]),
    "case": ("cases", ["N-own", "Complaint", "High", "New"]),
    "survey": ("surveys", ["Spring", "Recommend us?", "3"]),
    "promotion": ("promotions", ["P1", "12 %", "Treated", "Bought", "14 Apr 2026"]),
    "contract": (
        "contracts",
        ["N-own", "Supply contract", "In force", "€12,000.50", "31 Jan 2027"],
    ),
}


def page(world: World, who: str, tab: str, record: str = "own", **query: str) -> str:
    url = reverse(f"customers:{tab}", args=[world.customers[record].public_id])
    answer = world.client(who).get(url, query)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


@pytest.mark.parametrize("kind", sorted(SHOWN))
class TestTab:
    def test_shows_what_is_kept(self, world: World, kind: str) -> None:
        tab, words = SHOWN[kind]
        seen = page(world, "sales", tab)
        assert [word for word in words if word not in seen] == []

    def test_is_in_the_readers_language(self, world: World, kind: str) -> None:
        tab, words = SHOWN[kind]
        for language in ("es", "zh-hans"):
            world.company.users["sales"].language = language
            world.company.users["sales"].save()
            seen = page(world, "sales", tab)
            assert all(word not in seen for word in words if word.isalpha() and len(word) > 4
                       and word not in ("Spring", "proactive"))  # fmt: skip

    def test_says_where_there_is_nothing(self, world: World, kind: str) -> None:
        tab = SHOWN[kind][0]
        assert "empty-state" in page(world, "auditor", tab, "colleague")

    def test_pages_over_every_row_once(
        self, world: World, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tab = SHOWN[kind][0]
        with system_context("rows for tests"):
            books = Books(world.company)
            for number in range(3):
                key = f"more-{number}"
                _more(world, key)
                getattr(books, kind)(f"N-{number}", key)
        seen, url = [], reverse(f"customers:{tab}", args=[world.customers["own"].public_id])
        monkeypatch.setattr("clientela.web.lists.listed.__kwdefaults__", {"size": 3})
        for rows in (3, 1):
            text = world.client("sales").get(url).content.decode()
            body = text.partition("<tbody>")[2].partition("</tbody>")[0]
            seen += body.split("</tr>")[:-1]
            assert body.count("<tr>") == rows
            forward = re.search(r'rel="next" href="([^"]+)"', text)
            url = url.partition("?")[0] + (forward[1].replace("&amp;", "&") if forward else "")
        assert len(seen) == 4
        assert 'rel="next"' not in text

    def test_asks_no_question_for_each_row(self, world: World, kind: str) -> None:
        tab = SHOWN[kind][0]
        client = world.client("sales")
        url = reverse(f"customers:{tab}", args=[world.customers["own"].public_id])
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        with system_context("rows for tests"):
            books = Books(world.company)
            for number in range(5):
                _more(world, f"more-{number}")
                getattr(books, kind)(f"N-{number}", f"more-{number}")
        with CaptureQueriesContext(connection) as many:
            client.get(url)
        assert len(many) == len(one)


def _more(world: World, key: str) -> None:
    """Give the own customer one more account."""
    from tests.factories import add_customer

    add_customer(world.company, node="madrid", owner="sales", name=key, key=key)
    record = SourceRecord.objects.get(key=key)
    link_record(
        source_record_id=record.pk, customer_id=world.customers["own"].pk, by="test",
        at=NOON + timedelta(days=1),
    )  # fmt: skip


class TestTabs:
    @pytest.mark.parametrize(
        ("who", "tabs"),
        [
            ("sales", {"contacts", "cases", "surveys", "promotions", "contracts"}),
            ("credit_controller", {"contacts", "cases", "contracts"}),
            ("marketing", {"contacts", "surveys", "promotions"}),
            ("service", {"contacts", "cases", "surveys"}),
            ("data_steward", {"contacts", "cases", "contracts"}),
            ("auditor", {"contacts", "cases", "surveys", "promotions", "contracts"}),
        ],
    )
    def test_are_those_that_the_role_may_open(self, world: World, who: str, tabs: set[str]) -> None:
        url = reverse("customers:file", args=[world.customers["own"].public_id])
        seen = world.client(who).get(url).content.decode()
        assert {tab for tab, _ in SHOWN.values() if f'{url}/{tab}"' in seen} == tabs


class TestApi:
    @pytest.mark.parametrize("kind", sorted(SHOWN))
    def test_gives_the_same_rows_with_codes(self, world: World, kind: str) -> None:
        tab = SHOWN[kind][0]
        url = f"/api/v1/customers/{world.customers['own'].public_id}/{tab}"
        answer = world.client("sales").get(url)
        assert answer.status_code == 200, answer.content
        (row,) = answer.json()["items"]
        expected = {
            "contact": {"department": "sales", "proactive": True, "kind": "offer", "staff": None},
            "case": {"number": "N-own", "kind": "complaint", "state": "new", "outcome": None},
            "survey": {"survey": "S1", "invited_on": "2026-04-02"},
            "promotion": {"promotion": "P1", "cut_bp": 1200, "response": "bought", "reason": None},
            "contract": {
                "number": "N-own", "valid_to": "2027-02-01", "payment_days": 30,
                "value": {"amount": "12000.50", "currency": "EUR"},
            },
        }[kind]  # fmt: skip
        assert {name: row[name] for name in expected} == expected
        if kind == "survey":
            assert [(a["question"], a["score"]) for a in row["answers"]] == [("nps", 3)]
        assert world.client("stranger").get(url).status_code == 404


class TestRolesHeldAtTwoPlaces:
    """A tab is of a customer that the right to see it reaches, not of any that the roles know."""

    @pytest.mark.parametrize("tab", ["payments", "promotions"])
    def test_do_not_show_here_what_is_seen_there(self, world: World, tab: str) -> None:
        user, sevilla = world.company.users["service"], world.company.nodes["sevilla"]
        for role in ("credit_controller", "marketing"):
            give(user, role, sevilla)
        there = reverse(f"customers:{tab}", args=[world.customers["other_branch"].public_id])
        assert world.client("service").get(there).status_code == 200
        here = reverse(f"customers:{tab}", args=[world.customers["own"].public_id])
        refused = world.client("service").get(here)
        assert refused.status_code == 403
        assert "Your roles allow this in other places, and not here" in refused.content.decode()
