"""A payment that names a customer whom its source does not know yet is his once he comes.

The law: in whatever order files of customers, invoices and payments come, go and come again, each
payment is in the end the customer's whom it names, or its invoice's where it names none. What is
expected is read from the files by hand here.
"""

from itertools import permutations
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from clientela.records.models import Customer
from clientela.records.results import Statement
from clientela.records.services import state
from clientela.records.services.holding import source_stands_still
from clientela.store.bulk import execute, fetch
from clientela.store.context import system_context
from clientela.trade.models import Payment
from tests.factories import NOON, Company, make_company
from tests.intake.bringing import Books

FILES = {
    "customers": (
        "customers",
        "Customer ID,Name,Customer type\nK1,Ada Ltd,company\nK2,Bo Ltd,company\nK3,Cy Ltd,company\n",
    ),
    "invoices": (
        "invoices",
        "Invoice No,Invoice Date,Customer ID,Currency,Net amount,Tax amount\n"
        "A,2026-03-01,K1,EUR,100.00,0\nB,2026-03-02,K1,EUR,50.00,0\n",
    ),
    "payments": (
        "payments",
        "Payment No,Customer ID,Invoice No,Payment Date,Amount,Currency\n"
        "P1,K1,A,2026-03-20,80.00,EUR\n"  # of whom the invoice is
        "P2,K2,,2026-03-21,20.00,EUR\n"  # of one who owes nothing
        "P3,K3,B,2026-03-22,60.00,EUR\n"  # who pays for another
        "P4,,A,2026-03-23,5.00,EUR\n"  # says not of whom
        "P5,K9,A,2026-03-24,1.00,EUR\n"  # of one who never comes
        "P6,K9,,2026-03-25,2.00,EUR\n",
    ),
}
PAYERS = {"P1": "K1", "P2": "K2", "P3": "K3", "P4": "K1", "P5": "K1", "P6": None}
NOT_KNOWN = {"P5": "K9", "P6": "K9"}


class Payers(Books):
    """Of whom each payment is that stands, and what of each customer is not applied."""

    def payers(self) -> dict[str, str | None]:
        with system_context("a test looks"):
            rows = Payment.objects.filter(voided_at=None).select_related("account", "customer")
            for row in rows:
                assert (row.account is None) == (row.customer is None)
                scope = row.customer or row.sold_by
                assert row.org_node_id == getattr(scope, "org_node_id", scope.pk)
            return {row.number: row.account.key if row.account else None for row in rows}

    def not_known(self) -> dict[str, str]:
        with system_context("a test looks"):
            rows = Payment.objects.filter(voided_at=None).exclude(customer_key="")
            return dict(rows.values_list("number", "customer_key"))

    def unapplied(self) -> dict[str | None, int]:
        with system_context("a test looks"):
            rows = Payment.objects.filter(voided_at=None).values("account__key")
            told = rows.annotate(left=Sum("amount_minor") - Sum("applied_minor"))
            return {row["account__key"]: row["left"] for row in told if row["left"]}


@pytest.fixture
def company(db) -> Company:
    return make_company()


@pytest.fixture
def books(company: Company, tmp_path) -> Payers:
    return Payers(company, tmp_path, FILES)


@pytest.mark.parametrize("order", [*permutations(FILES)], ids="-".join)
def test_is_his_in_whatever_order_files_come(books: Payers, order) -> None:
    for name in order:
        books.bring(name)
    left = {"K2": 2000, "K3": 1000, None: 200}  # of B ten were too much
    assert (books.payers(), books.not_known(), books.unapplied()) == (PAYERS, NOT_KNOWN, left)
    for name in order:
        books.take_back(name)
        books.bring(name)
        assert (books.payers(), books.not_known(), books.unapplied()) == (PAYERS, NOT_KNOWN, left)


def test_an_import_says_which_customers_are_not_known(books: Payers) -> None:
    looked = books.receive("payments", confirmed=False, dry_run=True)
    assert looked.flagged["codes"]["customer_not_known"] == 5
    column = {"column": "Customer ID"}
    assert looked.flagged["shown"]["customer_not_known"] == [
        {"row": 1, "value": "K1", "rows": 1, **column},
        {"row": 2, "value": "K2", "rows": 1, **column},
        {"row": 3, "value": "K3", "rows": 1, **column},
        {"row": 5, "value": "K9", "rows": 2, **column},
    ]
    books.bring("customers")
    loaded = books.bring("payments")
    assert loaded.written["payments_of_unknown"] == 2
    assert "customer_not_known" not in loaded.flagged["codes"]  # said by what was written


def test_he_is_found_where_his_number_is_linked_with_a_customer_who_is_there(
    books: Payers,
) -> None:
    books.bring("customers")
    with system_context("a test looks"):
        there = Customer.objects.get(name="Ada Ltd")
    books.bring("payments")
    said = Statement(key="K9", kind="company", attributes={"name": "Ada Ltd"})
    with system_context("a number of hers more"):
        source_id = Payment.objects.values_list("source_id", flat=True)[0]
        state([said], source_id=source_id, author="t", at=NOON, linked_to=there.pk)
    assert {payment(number).customer_id for number in NOT_KNOWN} == {there.pk}
    assert books.not_known() == {}


def test_a_number_of_another_source_is_of_somebody_else(
    company: Company, books: Payers, tmp_path
) -> None:
    books.bring("payments")
    Books(company, tmp_path, FILES, source="till").bring("customers")
    assert set(books.payers().values()) == {None}
    assert set(books.not_known()) == PAYERS.keys() - {"P4"}


def test_he_is_found_while_the_payment_is_being_loaded(fresh_database: Any, tmp_path) -> None:
    """Neither sees what the other has not committed: whoever comes second has to wait."""
    company = make_company()
    books = Payers(company, tmp_path, FILES)
    books.bring("payments")
    source_id = payment("P2").source_id
    said = Statement(key="K8", kind="company", attributes={"name": "Di"})

    def open_customer() -> None:
        try:
            with system_context("opens a customer meanwhile"):
                state([said], source_id=source_id, author="t", at=NOON)
        finally:
            connection.close()

    opening = Thread(target=open_customer)
    with system_context("loads a payment"):
        source_stands_still(source_id)
        opening.start()
        waiting, until = 0, monotonic() + 30
        while opening.is_alive() and not waiting and monotonic() < until:
            waiting = fetch(
                "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            )[0][0]
            sleep(0.05)
        Payment.objects.filter(number="P6").update(customer_key="K8")
    opening.join(30)
    assert not opening.is_alive()
    assert payment("P6").customer_key == ""


def payment(number: str) -> Payment:
    with system_context("a test looks"):
        return Payment.objects.select_related("customer").get(number=number)


@pytest.mark.slow
def test_customers_probe_the_payments_that_wait_and_read_no_table(
    fresh_database: Any, tmp_path
) -> None:
    """Counted while the planner's picture of the books is of before, when hardly any waited."""
    books = Payers(make_company(), tmp_path, FILES)
    books.bring("payments")
    like = payment("P2")
    with system_context("very many payments that wait"):
        execute(_WAITING, {"like": like.pk, "count": MANY})
    said = [
        Statement(key=f"W{n}", kind="company", attributes={"name": f"Wait {n}"})
        for n in range(1, MANY // 10, 20)
    ]
    with system_context("customers come"):
        state(said, source_id=like.source_id, author="t", at=NOON)
        reads = dict(fetch(_READ, [["trade_payment", "records_sourcerecord", "records_link"]]))
        left = Payment.objects.exclude(customer_key="").count()
    found = 10 * len(said)
    assert left == 5 + MANY - found
    assert reads["trade_payment"] < 6 * found + 10 * len(said), reads
    assert max(reads["records_sourcerecord"], reads["records_link"]) < 20 * len(said), reads


MANY = 60_000
_WAITING = """
insert into trade_payment (public_id, source_id, number, org_node_id, sold_by_id, currency, digest,
    recorded_at, void_reason, received_on, method, amount, amount_minor, amount_base_minor,
    customer_key)
select gen_random_uuid(), p.source_id, 'M' || n, p.org_node_id, p.sold_by_id, p.currency, '', now(),
    '', p.received_on, '', p.amount, p.amount_minor, p.amount_base_minor, 'W' || (n + 9) / 10
from generate_series(1, %(count)s) n join trade_payment p on p.id = %(like)s"""
_READ = """
select relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
from pg_stat_xact_user_tables where relname = any (%s)"""
