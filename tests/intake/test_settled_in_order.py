"""The earlier claims an invoice first, in whatever order files come, go and come again.

What settles what is recounted in plain Python from the rows of the files that stand: what an invoice
says itself was paid, then payments and credit notes that name it, by day and number, up to its
whole amount.
"""

import importlib
import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from clientela.analysis.services.copy import copy_folder, refresh_copy
from clientela.records.models import Customer
from clientela.store.bulk import execute
from clientela.store.context import system_context
from clientela.tables.allocations import ALLOCATIONS
from clientela.trade.models import Allocation, Payment
from clientela.trade.selectors.open_items import open_invoices_of
from clientela.trade.services import load_allocations, void_run
from clientela.warehouse.session import Session
from tests.factories import Company, make_company
from tests.intake.bringing import Books, Row, content_of

NUMBERS = [f"F{n}" for n in range(6)]
FILES = ("invoices", "credits", "payments-0", "payments-1")
DAYS = ("2026-03-05", "2026-03-09", "2026-03-20", "2026-04-02")

# (claim, or the invoice that says itself that it was paid; invoice) -> (minor units, day)
Settled = dict[tuple[str, str], tuple[int, str]]


def made(chance: random.Random) -> tuple[dict[str, list[Row]], dict[str, str]]:
    """Return files by name, and the day that some invoices say that they were paid on."""
    files = {
        "invoices": [
            Row(number=n, day="2026-03-01", amount=chance.choice([1000, 2500, 4000]))
            for n in NUMBERS
        ],
        "credits": [
            Row(number=chance.choice("AZ") + f"{n}", day=chance.choice(DAYS),
                amount=-chance.choice([300, 900, 1500]), names=chance.choice(NUMBERS))
            for n in range(6)
        ],
    }  # fmt: skip
    for at in range(2):
        files[f"payments-{at}"] = [
            Row(
                number=chance.choice("BY") + f"{at}{n}", day=chance.choice(DAYS),
                amount=chance.choice([500, 700, 1000, 2500]), names=chance.choice(NUMBERS),
                currency=chance.choice(["EUR", "EUR", "EUR", "EUR", "USD"]),
            )
            for n in range(8)
        ]  # fmt: skip
    return files, {chance.choice(NUMBERS): "2026-03-15"}


def recounted(files: Mapping[str, list[Row]], paid: Mapping[str, str]) -> Settled:
    """Return what is settled by what, from the rows of files that stand."""
    found: Settled = {}
    claims = [row for name in files if name != "invoices" for row in files[name]]
    for invoice in files.get("invoices", []):
        left = invoice.amount
        if invoice.number in paid:
            found["", invoice.number] = left, paid[invoice.number]
            left = 0
        for row in sorted(claims, key=lambda row: (row.day, row.number)):
            part = min(left, abs(row.amount))
            if (row.names, row.currency) == (invoice.number, invoice.currency) and part:
                found[row.number, invoice.number] = part, row.day
                left -= part
    return found


def stored(source: str) -> Settled:
    """Return what is settled by what in a source, from the allocations that stand."""
    found: Settled = {}
    with system_context("a test looks"):
        rows = Allocation.objects.filter(voided_at=None, invoice__source__name=source)
        for one in rows.select_related("invoice", "payment", "credit_note"):
            claim = one.payment.own_number if one.payment else one.credit_note.number
            key = claim, one.invoice.number
            assert key not in found
            found[key] = one.amount_minor, one.allocated_on.isoformat()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_same_settles_the_same_in_every_order(db: Any, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files, paid = made(chance)
    texts = {name: content_of(name, rows) for name, rows in files.items()}
    head, *lines = texts["invoices"][1].splitlines()
    told = [f"{line},{paid.get(line.partition(',')[0], '')}\n" for line in lines]
    texts["invoices"] = "invoices", "".join([f"{head},Paid on\n", *told])
    company, moved = make_company(), Counter[str]()
    for at, order in enumerate(permutations(FILES)):
        books = Books(company, tmp_path, texts, source=f"erp-{at}")
        for step, name in enumerate(order):
            books.bring(name)
            moved["held"] += stored_is(books, files, paid)
            if step == at % len(FILES):
                again = chance.choice(order[: step + 1])
                books.take_back(again)
                moved["back"] += stored_is(books, files, paid)
                books.bring(again)
                stored_is(books, files, paid)
    everything = recounted(files, paid)
    assert all(stored(f"erp-{at}") == everything for at in range(24))
    assert min(moved.values()) > 0


def stored_is(books: Books, files: Mapping[str, list[Row]], paid: Mapping[str, str]) -> int:
    """Assert that what is settled is what the files that stand say; return of how many claims."""
    here = {name: files[name] for name in books.runs}
    expected = recounted(here, paid)
    assert stored(books.source) == expected, [*books.runs]
    return len(expected)


def bring(company: Company, folder: Path, files: Mapping[str, list[Row]], source: str) -> Books:
    """Bring files into a source of their own, in the order in which they stand."""
    texts = {name: content_of(name, rows) for name, rows in files.items()}
    books = Books(company, folder, texts, source)
    for name in files:
        books.bring(name)
    return books


V = {
    "invoices": [Row(number=f"V-{n}", day="2026-01-10", amount=10000) for n in (1, 2, 3)]
    + [Row(number=f"VC-{n}", day="2026-06-10", amount=-10000, names=f"V-{n}") for n in (1, 2, 3)],
    "payments": [
        Row(number=f"VP-{n}", day="2026-02-09", amount=10000, names=f"V-{n}") for n in (1, 2, 3)
    ],
}


@pytest.mark.parametrize("order", [*permutations(V)], ids="-".join)
def test_a_credit_note_of_june_leaves_a_payment_of_february_its_invoice(
    db: Any, tmp_path: Path, order: tuple[str, ...]
) -> None:
    company = make_company()
    bring(company, tmp_path, {name: V[name] for name in order}, "erp")
    assert stored("erp") == {
        (f"VP-{n}", f"V-{n}"): (10000, "2026-02-09") for n in (1, 2, 3)
    }  # fmt: skip
    access = company.access("credit_manager")
    with system_context("a test looks"):
        customer = Customer.objects.get()
        for day, still in (("2026-02-08", 3), ("2026-02-09", 0), ("2026-03-01", 0)):
            found = open_invoices_of(access, customer, at_day=date.fromisoformat(day))
            assert found.count() == still


def test_what_is_open_of_a_past_day_stays_when_a_file_is_brought_again(
    db: Any, tmp_path: Path
) -> None:
    files = {
        "invoices": [Row(number="T-1", day="2026-01-05", amount=12100)],
        "payments-1": [Row(number="A1", day="2026-02-01", amount=5000, names="T-1")],
        "payments-2": [Row(number="A2", day="2026-01-20", amount=10000, names="T-1")],
    }
    books = bring(make_company(), tmp_path, files, "erp")
    both = {("A2", "T-1"): (10000, "2026-01-20"), ("A1", "T-1"): (2100, "2026-02-01")}
    assert stored("erp") == both
    for name, other in (("payments-1", "A2"), ("payments-2", "A1")):
        books.take_back(name)
        alone = min(12100, {"A1": 5000, "A2": 10000}[other])
        assert {key[0]: part for key, (part, _) in stored("erp").items()} == {other: alone}
        books.bring(name)
        assert stored("erp") == both


def copied() -> set[tuple[int, int]]:
    """Return the allocations of the copy, after a refresh: id and minor units."""
    refresh_copy()
    with Session.delta(copy_folder()) as session:
        rows = session.rows(session.table(ALLOCATIONS))
    return {(row["allocation_id"], row["amount_minor"]) for row in rows}


def test_only_what_changes_is_made_anew_and_the_copy_learns_of_it(
    fresh_database: Any, tmp_path: Path
) -> None:
    files = {
        "invoices": [Row(number=n, day="2026-01-05", amount=10000) for n in ("F0", "F1")],
        "payments-1": [
            Row(number="P0", day="2026-01-10", amount=4000, names="F0"),
            Row(number="P1", day="2026-02-10", amount=6000, names="F0"),
            Row(number="P2", day="2026-02-10", amount=9000, names="F1"),
        ],
    }
    books = bring(make_company(), tmp_path, files, "erp")
    with system_context("a test looks"):
        rows = Allocation.objects.select_related("payment")
        before = {(one.pk, one.amount_minor): one.payment.number for one in rows}
    assert copied() == before.keys()
    early = [Row(number="P3", day="2026-01-20", amount=3500, names="F0")]
    books.files = {**books.files, "payments-2": content_of("payments-2", early)}
    books.bring("payments-2")
    with system_context("a test looks"):
        stand = set(Allocation.objects.filter(voided_at=None).values_list("pk", "amount_minor"))
        ended = set(Allocation.objects.exclude(voided_at=None).values_list("pk", "voided_at"))
    assert [before[key] for key in before.keys() - stand] == ["P1"]
    assert ended == {(pk, books.at) for pk, _ in before.keys() - stand}
    assert copied() == stand
    assert stored("erp") == {
        ("P0", "F0"): (4000, "2026-01-10"), ("P3", "F0"): (3500, "2026-01-20"),
        ("P1", "F0"): (2500, "2026-02-10"), ("P2", "F1"): (9000, "2026-02-10"),
    }  # fmt: skip


@pytest.mark.parametrize("early", [True, False])
def test_what_is_allocated_by_itself_comes_before_what_names_the_invoice(
    db: Any, tmp_path: Path, *, early: bool
) -> None:
    files = {
        "invoices": [Row(number="F0", day="2026-01-05", amount=10000)],
        "payments-1": [Row(number="P", day="2026-03-01", amount=7000, names="F0")],
        "payments-2": [
            Row(number="P0", day="2026-01-10", amount=2000, names="F0"),
            Row(number="P1", day="2026-02-10", amount=6000, names="F0"),
        ],
    }
    first = {name: files[name] for name in [*files][: 2 if early else 3]}
    books = bring(make_company(), tmp_path, first, "erp")
    with system_context("a test allocates"):
        execute(
            """insert into staging.allocation (run_id, row_no, invoice_number, payment_number,
               allocated_on, amount_minor, delay_reason, delay_is_ours)
               values (900001, 1, 'F0', 'P', '2026-03-04', 7000, '', false)"""
        )
        load_allocations(run_id=900_001, source_id=books.runs["invoices"].into.pk, at=books.at)
    if early:
        books.files = {"payments-2": content_of("payments-2", files["payments-2"])}
        books.bring("payments-2")
    named = {("P0", "F0"): (2000, "2026-01-10"), ("P1", "F0"): (1000, "2026-02-10")}
    assert stored("erp") == {("P", "F0"): (7000, "2026-03-04"), **named}
    with system_context("a test takes back"):
        void_run(run_id=900_001, at=books.at, reason="test")
    assert stored("erp") == {
        ("P0", "F0"): (2000, "2026-01-10"), ("P1", "F0"): (6000, "2026-02-10"),
        ("P", "F0"): (2000, "2026-03-01"),
    }  # fmt: skip


# As it was settled by the order of files: the first that came took what was open.
AS_IT_WAS = """
insert into trade_allocation (invoice_id, payment_id, credit_note_id, allocated_on, currency,
    amount_minor, delay_reason, delay_is_ours, run_id, customer_id, org_node_id, owner_id)
select i.id, p.id, n.id, coalesce(p.received_on, n.issued_on), i.currency, %(minor)s, '', false,
    coalesce(p.run_id, n.run_id), i.customer_id, i.org_node_id, i.owner_id
from (select %(claim)s::text as number) s
left join trade_payment p using (number)
left join trade_invoice n using (number)
join trade_invoice i on i.number = coalesce(p.invoice_number, n.credits_number)"""


def test_what_was_settled_by_the_order_of_files_is_put_in_order(db: Any, tmp_path: Path) -> None:
    files = {
        "invoices": [Row(number=n, day="2026-01-05", amount=10000) for n in ("F0", "F1")]
        + [Row(number="G0", day="2026-06-10", amount=-10000, names="F1")],
        "payments": [
            Row(number="P0", day="2026-01-10", amount=7000, names="F0"),
            Row(number="P1", day="2026-02-10", amount=6000, names="F0"),
            Row(number="P2", day="2026-02-10", amount=10000, names="F1"),
        ],
    }
    bring(make_company(), tmp_path, files, "erp")
    right = stored("erp")
    assert set(right) == {("P0", "F0"), ("P1", "F0"), ("P2", "F1")}
    with system_context("as it was: the first to come took what was open"):
        execute("update trade_allocation set voided_at = now() where voided_at is null")
        for claim, minor in (("P1", 6000), ("P0", 4000), ("G0", 10000)):
            execute(AS_IT_WAS, {"claim": claim, "minor": minor})
    assert set(stored("erp")) == {("P0", "F0"), ("P1", "F0"), ("G0", "F1")}
    migration = importlib.import_module("clientela.trade.migrations.0021_earlier_claims_first")
    for _ in range(2):  # safe to be run again
        migration.put_in_order(None, None)
        assert stored("erp") == right
    with system_context("a test looks"):
        assert Allocation.objects.filter(voided_at=None).count() == 3  # none twice
        standing = dict(Payment.objects.values_list("number", "standing"))
    assert standing == {"P0": "applied", "P1": "over", "P2": "applied"}
