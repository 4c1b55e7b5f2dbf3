"""An import of payments says how they stand now, and each line leads to the payments it counts."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from clientela.intake.models import Run
from clientela.security.models import Grant
from clientela.store.context import system_context
from tests.intake.bringing import Books, Row, content_of
from tests.web.world import World

FILES = {
    "invoices": [
        Row(number="A", day="2026-03-01", amount=10000),
        Row(number="B", day="2026-03-02", amount=5000),
    ],
    "payments": [
        Row(number="P1", day="2026-03-20", amount=10000, names="A"),
        Row(number="P2", day="2026-03-21", amount=7000, names="B", of=""),
        Row(number="P3", day="2026-03-22", amount=500, names="Q9", of=""),
        Row(number="P4", day="2026-03-23", amount=500, names="Q8"),
        Row(number="P5", day="2026-03-24", amount=500, names="B", currency="USD"),
    ],
    "payments-later": [Row(number="P6", day="2026-03-25", amount=500, names="Q7")],
}


@pytest.fixture
def books(world: World, tmp_path: Path) -> Books:
    files = {name: content_of(name, rows) for name, rows in FILES.items()}
    return Books(world.company, tmp_path, files, source="till")


def page(world: World, run: Run, who: str = "data_steward") -> str:
    answer = world.client(who).get(reverse("imports:run", args=[run.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def lines(text: str) -> dict[str, tuple[str, int]]:
    """Return state -> the address of its line, and how many payments it counts."""
    found = re.findall(
        r'<a href="(/payments/\?run=[^"]+state=(\w+))">[^<]+</a></th><td class="num">(\d+)', text
    )
    return {state: (unescape(url), int(count)) for url, state, count in found}


def test_counts_as_of_now_and_leads_to_what_it_counts(world: World, books: Books) -> None:
    run = books.bring("payments")
    books.bring("payments-later")
    counted = {state: n for state, (_, n) in lines(page(world, run)).items()}
    assert counted == {"waits": 5, "no_customer": 5}
    books.bring("invoices")
    now = lines(page(world, run))
    assert {state: n for state, (_, n) in now.items()} == {
        "waits": 2, "over": 1, "other_currency": 1, "no_customer": 1,
    }  # fmt: skip
    client = world.client("data_steward")
    for url, count in now.values():
        listed = client.get(url).context["lines"]
        assert len(listed) == count
    waiting = client.get(now["waits"][0])
    assert {line["payment"].number for line in waiting.context["lines"]} == {"P3", "P4"}
    assert f'href="{reverse("imports:run", args=[run.public_id])}"' in waiting.content.decode()


def test_says_apart_what_was_so_when_it_came_in(world: World, books: Books) -> None:
    run = books.bring("payments")
    books.bring("invoices")
    text = page(world, run)
    assert "Payments whose invoice was not there when they came in" in text
    assert "Payments to look after, as of now" in text


def test_says_that_all_are_applied_where_they_are(world: World, books: Books) -> None:
    books.bring("invoices")
    kind, content = content_of("payments", FILES["payments"][:1])
    books.files = {**books.files, "payments-whole": (kind, content)}
    run = books.bring("payments-whole")
    text = page(world, run)
    assert "Each payment of this import that you may see is a known customer’s" in text
    assert "Payments of customers outside your branches are not counted here" in text
    assert lines(text) == {}
    with system_context("a steward of the whole company"):
        held = Grant.objects.filter(user=world.company.users["data_steward"])
        held.update(node=world.company.nodes["group"])
    text = page(world, run)
    assert "Each payment of this import is a known customer’s and settles invoices" in text
    assert "outside your branches" not in text


def test_tells_of_a_look_before_loading_how_many_would_wait(world: World, books: Books) -> None:
    books.bring("invoices")
    run = books.receive("payments", confirmed=False)
    assert run.state == "ready"
    text = page(world, run)
    said = re.search(r"name an invoice that is not in the books yet.*?<td[^>]*>(\d+)", text, re.S)
    assert said is not None
    assert said[1] == "2"
    assert "as of now" not in text


def test_a_payment_says_the_import_that_it_came_by(world: World, books: Books) -> None:
    run = books.bring("payments")
    (item,) = world.client("data_steward").get("/api/v1/payments", {"number": "P3"}).json()["items"]
    assert item["import"] == str(run.public_id)
    text = world.client("auditor").get(f"/payments/{item['id']}").content.decode()
    assert f'href="{reverse("imports:run", args=[run.public_id])}"' in text
    hidden = world.client("credit_manager").get(f"/payments/{item['id']}").content.decode()
    assert "payments.csv" not in hidden
