"""A payment that came without a number has none to be shown, whatever the books know it by."""

import importlib
import re
from pathlib import Path

import pytest
from django.db import connection

from clientela.intake.models import RejectedRow, Run
from clientela.intake.services import advance
from clientela.security.models import User
from clientela.store.context import system_context
from clientela.trade.models import Invoice, Payment
from tests.intake.bringing import Books, Row, content_of
from tests.web.world import World

HEAD = "Customer ID,Invoice No,Payment Date,Amount,Currency,Method\n"
ALIKE = "K1,A,2026-03-20,12.34,EUR,cash\n"
OTHER = "K1,,2026-03-21,56.78,EUR,cash\n"
INVOICES = [Row(number="A", day="2026-03-01", amount=10000)]
OWN = "K1||2026-03-21|56.78|EUR"  # what a source may call a payment, like a key in plain
FILES = {
    "invoices": content_of("invoices", INVOICES),
    "payments": ("payments", HEAD + ALIKE + ALIKE + OTHER),
    "payments-again": ("payments", HEAD + ALIKE + OTHER + ALIKE),
    "payments-other": ("payments", HEAD + ALIKE.replace("cash", "card") + OTHER),
    "payments-own": ("payments", f"Payment No,{HEAD}{OWN},{OTHER}\x1fK2,{OTHER}"),
}
PLAIN = re.compile(r"\|2026-03-2|\x1f|&#31;|%1F|\\u001f|[0-9a-f]{64}")
ROLES = ("data_steward", "credit_controller", "credit_manager", "auditor")


@pytest.fixture
def books(world: World, tmp_path: Path) -> Books:
    """An invoice, and three payments without a number, of which two are alike and settle it."""
    books = Books(world.company, tmp_path, FILES, source="till")
    books.bring("invoices")
    books.bring("payments")
    return books


def payments() -> list[Payment]:
    with system_context("a test looks"):
        rows = Payment.objects.filter(source__name="till", voided_at=None)
        return list(rows.select_related("customer").order_by("id"))


def addresses(run: Run) -> list[str]:
    """Return where a payment of the books, or a row of the run, is told of."""
    made = payments()
    with system_context("a test looks"):
        invoice = Invoice.objects.get(source__name="till")
    of = made[0].customer
    assert of is not None
    ones = [f"/payments/{one.public_id}" for one in made]
    return [
        "/payments/", *ones, f"/customers/{of.public_id}/payments",
        f"/invoices/{invoice.public_id}", f"/imports/{run.public_id}",
        f"/imports/{run.public_id}/rejected", "/trail/",
        "/api/v1/payments", *("/api/v1" + one for one in ones),
        f"/api/v1/imports/{run.public_id}", f"/api/v1/imports/{run.public_id}/rejected",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ROLES)
def test_is_told_nowhere_by_what_it_is_known_by(world: World, books: Books, who: str) -> None:
    run = books.bring("payments-other")
    assert run.rejected == 1
    client = world.client(who)
    answered = 0
    for address in addresses(run):
        answer = client.get(address)
        text = answer.content.decode()
        answered += answer.status_code == 200
        # An import says the digest of its file.
        text = text.replace(run.sha256, "")
        at = PLAIN.search(text)
        assert not at, (address, text[max(at.start() - 300, 0) : at.end() + 100])
    assert answered


def test_pages_say_that_it_has_none(world: World, books: Books) -> None:
    client = world.client("credit_controller")
    told = {
        address: client.get(address).content.decode().count("without a number")
        for address in addresses(books.runs["payments"])[:6]
    }
    assert told["/payments/"] == 3
    *ones, of_customer, of_invoice = list(told.values())[1:]
    assert (ones, of_customer, of_invoice) == ([2, 2, 2], 3, 2)  # in the title and above the page
    for language, said in {"es": "sin número", "zh-hans": "无编号"}.items():
        User.objects.filter(username="credit_controller").update(language=language)
        assert said in client.get("/payments/").content.decode()


def test_programs_are_told_null(world: World, books: Books) -> None:
    client = world.client("credit_controller")
    items = client.get("/api/v1/payments").json()["items"]
    assert [one["number"] for one in items] == [None] * 3
    assert client.get(f"/api/v1/payments/{items[0]['id']}").json()["number"] is None


def test_is_found_by_no_number(world: World, books: Books) -> None:
    client = world.client("credit_controller")
    made = payments()[0]
    for address in ("/payments/", "/api/v1/payments"):
        assert client.get(address, {"number": OWN}).status_code == 200
        answer = client.get(address, {"number": made.number})
        assert f"/{made.public_id}" not in answer.content.decode()
        assert f'"{made.public_id}"' not in answer.content.decode()
    assert client.get("/api/v1/payments", {"number": f"A{made.number}"}).status_code == 422
    assert client.get("/api/v1/payments", {"number": OWN}).json()["items"] == []


def test_is_known_when_it_comes_again(world: World, books: Books) -> None:
    run = books.bring("payments-again")
    assert (run.accepted, run.skipped, run.rejected) == (0, 3, 0)
    assert len(payments()) == 3


def test_a_number_of_a_source_is_never_taken_for_one(world: World, books: Books) -> None:
    run = books.bring("payments-own")
    assert (run.accepted, run.rejected) == (1, 1)  # a control character is in no number
    with system_context("a test looks"):
        assert RejectedRow.objects.get(run=run).code == "control_character"
    client = world.client("credit_controller")
    (found,) = client.get("/api/v1/payments", {"number": OWN}).json()["items"]
    assert found["number"] == OWN
    assert OWN in client.get("/payments/").content.decode()


def in_plain(number: str, said: str) -> str:
    """Return a key as it was made before: what the payment says, and its count where it has one."""
    return said + number[65:]


def test_keys_of_before_are_taken_away_and_known_again(world: World, books: Books) -> None:
    for_each = ["K1|A|2026-03-20|12.34|EUR", "K1|A|2026-03-20|12.34|EUR", OWN]
    with system_context("keys as they were"):
        before = [one.number for one in payments()]
        for one, said in zip(payments(), for_each, strict=True):
            Payment.objects.filter(pk=one.pk).update(number=in_plain(one.number, said))
        Payment.objects.filter(source__name="erp").update(number="R|S|T|U|V")
    migration = importlib.import_module("clientela.trade.migrations.0017_payments_without_a_number")
    migration.rekey(None, None)
    assert [one.number for one in payments()] == before
    run = books.bring("payments-again")
    assert (run.accepted, run.skipped, run.rejected) == (0, 3, 0)


def test_rows_staged_before_are_loaded_and_known(world: World, books: Books) -> None:
    books.take_back("payments")
    run = books.receive("payments-again", confirmed=False)
    texts = {"12.34": "K1|A|2026-03-20|12.34|EUR", "56.78": OWN}
    with system_context("keys as they were"), connection.cursor() as cursor:
        cursor.execute("select row_no, unit, amount_minor from staging.payment order by 1")
        for row_no, unit, minor in cursor.fetchall():
            plain = in_plain(unit, texts[f"{minor / 100:.2f}"])
            cursor.execute(
                "update staging.payment set unit = %s where row_no = %s", [plain, row_no]
            )
            cursor.execute("update staging.unit set unit = %s where unit = %s", [plain, unit])
    migration = importlib.import_module("clientela.intake.migrations.0014_rows_without_a_number")
    migration.rekey(None, connection.schema_editor())
    run = advance(run, books.access, at=books.at, confirmed=True)
    assert (run.state, run.accepted) == ("done", 3)
    assert all(not one.own_number for one in payments())
