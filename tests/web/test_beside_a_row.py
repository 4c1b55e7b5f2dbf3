"""What is not applied, from the ageing on: where its figure leads, and what makes it up."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientela.analysis.services import refresh_copy
from clientela.security.roles import ACTS, Role
from clientela.store.context import system_context
from clientela.trade.models import Allocation, Invoice, Payment
from tests import kept
from tests.web.paying import pay
from tests.web.test_balances import command
from tests.web.world import World, make_world

DAY = date(2026, 5, 1)
AGEING, PAYMENTS = "/analyses/ageing", "/payments/"
READERS = ("sales", "credit_controller", "credit_manager", "data_steward", "auditor")
MANY = 60


@pytest.fixture
def books(django_test_environment: None, django_db_blocker: Any) -> Iterator[World]:
    with kept.copied("beside", made, django_db_blocker) as world:
        yield world


def made() -> World:
    """Of `own` three payments that leave something and one of a later day, a credit note half used;
    of `archived` a credit note alone; of nobody sixty payments and one in dollars, and one far away.
    """
    world = make_world()
    with system_context("money beside a row"):
        Invoice.objects.update(settlement="known")
        Invoice.objects.exclude(pk=world.invoices["own"].pk).update(voided_at=timezone.now())
        own = pay(world, "PART", "own", received_on=DAY)
        pay(world, "\x1fmade", "own", received_on=DAY - timedelta(days=3), amount_minor=250)
        pay(world, "BACK", "own", amount=-3, amount_minor=-300, standing="paid_back")
        pay(world, "LATER", "own", received_on=DAY + timedelta(days=1), amount_minor=7000)
        credit(world, "own", "CREDIT", 900)
        credit(world, "archived", "ALONE", 400)
        settle(world, 400, payment=own)
        settle(world, 500, credit_note=Invoice.objects.get(number="CREDIT"))
        for n in range(MANY):
            pay(world, f"N{n}", None, amount_minor=100 + n, received_on=DAY - timedelta(days=n % 7))
        pay(world, "N-usd", None, currency="USD", amount_minor=5000)
        pay(world, "N-far", None, node="shanghai", amount_minor=9000)
    refresh_copy(full=True)
    return world


def credit(world: World, of: str, number: str, minor: int) -> None:
    like = world.invoices[of]
    fields = {f.attname: getattr(like, f.attname) for f in Invoice._meta.concrete_fields}
    del fields["id"], fields["public_id"]
    Invoice.objects.create(
        **fields | {"number": number, "kind": "credit_note", "gross_minor": -minor,
                    "settlement": "known", "voided_at": None}
    )  # fmt: skip


def settle(world: World, minor: int, **by: Any) -> None:
    invoice = world.invoices["own"]
    scope = {name: getattr(invoice, name) for name in ("customer_id", "org_node_id", "owner_id")}
    Allocation.objects.create(
        invoice=invoice, amount_minor=minor, amount_base_minor=minor, currency="EUR",
        allocated_on=DAY, **scope, **by,
    )  # fmt: skip


def recount(day: date) -> dict[tuple[int | None, str], Counter[str]]:
    """Return by customer and currency what each payment and credit note leaves, by its number."""
    with system_context("a recount"), connection.cursor() as cursor:
        cursor.execute(
            """select customer_id, currency, number, org_node_id, amount_minor - coalesce((
                   select sum(a.amount_minor) from trade_allocation a
                   where a.payment_id = p.id and a.voided_at is null and a.allocated_on <= %(day)s
               ), 0) from trade_payment p where voided_at is null and received_on <= %(day)s
               union all
               select customer_id, currency, number, org_node_id, -gross_minor - coalesce((
                   select sum(a.amount_minor) from trade_allocation a
                   where a.credit_note_id = i.id and a.voided_at is null
                     and a.allocated_on <= %(day)s
               ), 0) from trade_invoice i where voided_at is null and issued_on <= %(day)s
                 and gross_minor < 0""",
            {"day": day},
        )
        found: dict[tuple[int | None, str], Counter[str]] = {}
        for customer, currency, number, _, left in cursor.fetchall():
            if left and number != "N-far":
                found.setdefault((customer, currency), Counter())[number] = left
    return found


def rows_of(world: World, who: str, **query: str) -> dict[tuple[Any, str], Any]:
    """Return the rows of the ageing, by customer and currency: answer, cells by name, way behind."""
    page = world.client(who).get(AGEING, {"as_of": DAY.isoformat()} | query)
    assert page.status_code == 200, page.content.decode()[-500:]
    answer, table = page.context["answer"], page.context["table"]
    labels = [head.label for head in table.heads]
    return {
        (key["customer_id"], row["currency"]): (row, dict(zip(labels, cells, strict=True)), behind)
        for row, key, (cells, behind) in zip(answer.rows, answer.keys, table.rows, strict=True)
    }


def minor(text: str | None) -> int:
    return round(float(text or 0) * 100)


def all_pages(world: World, who: str, url: str) -> tuple[list[dict[str, Any]], HttpResponse]:
    """Return what stands beside a row, of every page, and the last page."""
    lines: list[dict[str, Any]] = []
    while True:
        page = world.client(who).get(url.partition("#")[0])
        assert page.status_code == 200, page.content.decode()[-500:]
        lines += page.context["lines_beside"]
        onward = re.search(r'rel="next" href="([^"#]*beside=[^"#]*)#beside"', page.content.decode())
        if not onward:
            return lines, page
        url = f"{AGEING}/documents{unescape(onward[1])}"


class TestDocumentsBehind:
    def test_list_what_makes_up_the_figure_of_each_row_and_add_up_to_it(self, books: World) -> None:
        for day in (DAY, DAY - timedelta(days=2), DAY + timedelta(days=1)):
            recounted = recount(day)
            for key, (row, _, behind) in rows_of(books, "auditor", as_of=str(day)).items():
                lines, page = all_pages(books, "auditor", behind)
                left = recounted.pop(key, Counter())
                assert minor(row["unapplied"]) == sum(left.values())
                assert sorted(minor(line["unapplied"]) for line in lines) == sorted(left.values())
                numbers = Counter((line["link"] or ("", ""))[1] or "\x1fmade" for line in lines)
                assert numbers == Counter(left.keys())
                beside = page.context["beside"]
                assert beside.documents == len(left)
                if left:
                    assert minor(beside.total) == sum(left.values()), key
            assert not recounted, day

    def test_are_paged_over_each_once_oldest_first(self, books: World) -> None:
        _, _, behind = rows_of(books, "auditor")[None, "EUR"]
        lines, _ = all_pages(books, "auditor", behind)
        assert len(lines) == len({line["document_id"] for line in lines}) == MANY
        order = [(line["day"], line["document_id"]) for line in lines]
        assert order == sorted(order)
        first = books.client("auditor").get(behind)
        assert len(first.context["lines_beside"]) == 50
        text = first.content.decode()
        assert "60 payments and credit notes that no invoice took in full by" in text
        assert "No documents" not in text
        assert "0 documents" not in text

    def test_tell_of_each_what_it_is_with_the_way_to_it(self, books: World) -> None:
        own = books.customers["own"].pk
        _, _, behind = rows_of(books, "sales")[own, "EUR"]
        text = books.client("sales").get(behind).content.decode()
        payment = Payment.objects
        with system_context("which payment"):
            ids = {p.own_number: p.public_id for p in payment.filter(customer_id=own)}
        assert f'<a href="/payments/{ids["PART"]}">PART</a>' in text
        assert f'<a href="/payments/{ids[""]}">without a number</a>' in text
        assert re.search(r'<a href="/invoices/[0-9a-f-]+">CREDIT</a>', text)
        assert "LATER" not in text
        assert "€10.00" in text  # what PART was
        assert "€6.00" in text  # and what no invoice took of it
        assert '<a href="#beside">' in text

    def test_tell_no_number_and_no_name_to_who_knows_none(self, books: World) -> None:
        for _, _, behind in rows_of(books, "analyst").values():
            page = books.client("analyst").get(behind)
            text = page.content.decode()
            assert page.context["lines_beside"] or page.context["lines"]
            for one in ("PART", "CREDIT", ">N1<", "/payments/", "/invoices/", "without a number"):
                assert one not in text.partition("<main")[2], one
            assert text.count("Your role sees no numbers of documents") == 1

    def test_refuse_a_cursor_that_is_none(self, books: World) -> None:
        _, _, behind = rows_of(books, "auditor")[None, "EUR"]
        assert books.client("auditor").get(f"{behind}&beside=x").status_code == 422

    def test_ask_no_more_for_more_rows(self, books: World) -> None:
        found = rows_of(books, "auditor")
        asked = []
        for key in ((None, "USD"), (None, "EUR")):
            with CaptureQueriesContext(connection) as queries:
                books.client("auditor").get(found[key][2])
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestFigure:
    def test_of_nobody_known_leads_to_the_payments_of_nobody(self, books: World) -> None:
        for who in ("credit_controller", "credit_manager", "data_steward", "auditor"):
            for source in ("", "erp"):
                row, cells, _ = rows_of(books, who, source=source)[None, "EUR"]
                assert cells["Name"].text == "Without a customer", who
                assert row["name"] is None
                way = urlsplit(cells["Beside it, not applied"].url)
                asked = {"state": ["no_customer"], "currency": ["EUR"], "received_to": [str(DAY)]}
                assert parse_qs(way.query) == asked | ({"source": ["erp"]} if source else {})
                lines = books.client(who).get(f"{way.path}?{way.query}").context["lines"]
                assert len(lines) == 50
                assert {line["payment"].customer_id for line in lines} == {None}

    def test_of_a_customer_leads_to_the_payments_as_they_stand_now(self, books: World) -> None:
        own, today = books.customers["own"], timezone.now().date() + timedelta(days=1)
        for who in READERS:
            _, cells, _ = rows_of(books, who, as_of=str(today))[own.pk, "EUR"]
            way = urlsplit(cells["Beside it, not applied"].url)
            assert way.path == PAYMENTS, who
            assert parse_qs(way.query) == {
                "customer": [str(own.public_id)], "state": ["unapplied"], "currency": ["EUR"],
                "received_to": [str(today)],
            }  # fmt: skip
            lines = books.client(who).get(f"{way.path}?{way.query}").context["lines"]
            assert {line["payment"].own_number for line in lines} == {"PART", "", "BACK", "LATER"}

    def test_of_credit_alone_of_a_past_day_and_for_who_reads_no_payments_leads_behind(
        self, books: World
    ) -> None:
        today = str(timezone.now().date() + timedelta(days=1))
        own, archived = (books.customers[name].pk for name in ("own", "archived"))
        for who, key, as_of in (
            ("credit_manager", (archived, "EUR"), today), ("credit_manager", (own, "EUR"), str(DAY)),
            ("analyst", (own, "EUR"), today), ("analyst", (None, "EUR"), today),
        ):  # fmt: skip
            _, cells, behind = rows_of(books, who, as_of=as_of)[key]
            assert cells["Beside it, not applied"].url == f"{behind}#beside", (who, key)
            assert books.client(who).get(behind).context["beside"].documents

    def test_of_all_in_one_leads_behind_and_management_nowhere(self, books: World) -> None:
        row, cells, behind = rows_of(books, "auditor", per="total")[None, "EUR"]
        assert cells["Beside it, not applied"].url == f"{behind}#beside"
        _, page = all_pages(books, "auditor", behind)
        assert page.context["beside"].total == row["unapplied"]
        for _, cells, behind in rows_of(books, "executive").values():
            assert (cells["Beside it, not applied"].url, behind) == ("", "")

    def test_is_asked_where_it_leads_in_one_query(self, books: World) -> None:
        books.client("auditor").get(AGEING)  # worked out, and held
        with CaptureQueriesContext(connection) as queries:
            rows_of(books, "auditor", as_of=str(timezone.now().date()))
        asked = [q["sql"] for q in queries if 'FROM "trade_payment"' in q["sql"]]
        assert len(asked) == 1

    def test_has_a_reader_for_each_role_that_may(self) -> None:
        assert {Role(who) for who in READERS} == set(ACTS["payment.read"])


class TestRowsWithoutACustomer:
    def test_are_named_where_names_stand_and_are_null_to_programs(self, books: World) -> None:
        with system_context("a sale of nobody"):
            Invoice.objects.filter(pk=books.invoices["own"].pk).update(
                customer_id=None, account_id=None, owner_id=None
            )
        refresh_copy(full=True)
        asked = {"as_of": str(DAY), "from": "2026-01-01", "by": "customer"}
        page = books.client("credit_manager").get("/analyses/sales", asked)
        (at,) = [n for n, row in enumerate(page.context["answer"].rows) if not row["key"]]
        cells, behind = page.context["table"].rows[at]
        assert cells[0].text == "Without a customer"
        opened = books.client("credit_manager").get(behind)
        assert "<h1>Without a customer</h1>" in re.sub(r"\s*\n\s*", "", opened.content.decode())
        assert [c for c in page.context["charts"][0]["labels"] if c == "Without a customer"]
        told = books.client("auditor").get(f"/api/v1{AGEING}", {"as_of": str(DAY)}).json()
        assert [row["name"] for row in told["rows"] if row["customer"] is None] == [None] * 2

    def test_are_named_in_the_table_of_the_command_alone(self, books: World) -> None:
        said = command("ageing", "--as-of", str(DAY), "--columns", "name,currency,unapplied")
        assert said.exit_code == 0, said.output
        (line, *_) = (one for one in said.output.splitlines() if "USD" in one)
        assert "without a customer" in line
        said = command("ageing", "--as-of", str(DAY), "--format", "csv")
        assert "without a customer" not in said.output
