"""The page of the documents behind a row: whose, how many, what they add up to, page by page."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from clientela.analysis.services import documents_behind, refresh_copy
from clientela.analysis.services.behind import key_of_customer
from clientela.analysis.services.question import question
from clientela.records.models import Customer
from clientela.security.roles import Role
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from clientela.store.opaque import conceal
from tests.factories import add_customer, give
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = date(2026, 5, 1)


class TestPageOfDocuments(Trade):
    def many(self, world: World, count: int = 120) -> str:
        """Sell `count` times to one customer; return its public id."""
        with system_context("many sales"):
            ident = add_customer(world.company, node="madrid", owner="sales", name="Busy", key="b")
            for n in range(count):
                self.sell(world, ident, "madrid", 100 + n, 1000 + n)
            public = Customer.objects.get(pk=ident).public_id
        refresh_copy()
        return str(public)

    def test_has_the_rows_title_number_and_total(self, trade):
        public = self.many(trade)
        client = trade.client("credit_manager")
        page = client.get("/analyses/abc", {"as_of": "2026-05-01"})
        rows = page.context["answer"].rows
        at = next(n for n, row in enumerate(rows) if row["customer"] == public)
        text = client.get(page.context["table"].rows[at][1]).content.decode()
        assert "<h1>Busy</h1>" in re.sub(r"\s*\n\s*", "", text)
        assert "120 documents. Net sales: €191.40." in text
        assert rows[at]["net_sales"] == "191.40" == str(Decimal(sum(range(100, 220))) / 100) + "0"

    @pytest.mark.parametrize("by", ["branch", "customer"])  # inner keys, as products have
    def test_is_opened_by_no_key_of_a_row(self, trade, by):
        client = trade.client("credit_manager")
        page = client.get("/analyses/sales", {"as_of": "2026-05-01", "by": by})
        links = [url for _, url in page.context["table"].rows if url]
        assert links
        for url in links:
            assert not re.search(r"key%3Agroup_key=\d+(&|$)", url), url
            assert client.get(url).status_code == 200
        guessed = f"/analyses/sales/documents?as_of=2026-05-01&by={by}&key:group_key=1"
        assert client.get(guessed).status_code == 422

    def test_is_paged_over_every_document_once(self, trade):
        self.many(trade)
        client = trade.client("credit_manager")
        url = "/analyses/sales/documents?as_of=2026-05-01&by=month&key:group_key=2026-04"
        numbers, pages = [], 0
        while url:
            text = client.get(url).content.decode()
            assert "123 documents. Net sales: €291.40." in text
            numbers += re.findall(r">(F\d+)</a>", text)
            forward = re.search(r'rel="next" href="([^"]+)"', text)
            url = (
                "/analyses/sales/documents" + forward.group(1).replace("&amp;", "&")
                if forward
                else ""
            )
            pages += 1
        assert pages == 3
        assert sorted(numbers) == sorted(f"F{n}" for n in (0, 1, 2, *range(1000, 1120)))

    def test_refuses_a_cursor_that_is_none(self, trade):
        url = "/analyses/sales/documents?as_of=2026-05-01&by=month&key:group_key=2026-04&cursor=x"
        assert trade.client("credit_manager").get(url).status_code == 422

    def test_names_the_customer_of_each_document_to_who_reads_customers(self, trade):
        url = "/analyses/sales/documents?as_of=2026-05-01&by=month&key:group_key=2026-04"
        shown = trade.client("credit_manager").get(url).content.decode()
        assert ">Client 0</a>" in shown
        assert ">Month: Apr 2026<" in re.sub(r"\s*\n\s*", "", shown)
        assert "Client 0" not in trade.client("analyst").get(url).content.decode()

    def test_says_where_less_may_be_opened_than_was_summed(self, trade):
        user = trade.company.users["marketing"]
        with system_context("a second role"):
            give(user, Role.CREDIT_MANAGER, trade.company.nodes["shanghai"])
        url = "/analyses/sales/documents?as_of=2026-05-01&by=month&key:group_key=2026-04"
        text = trade.client("marketing").get(url).content.decode()
        assert "1 document. Net sales: €1,000.00." in text
        assert "of a part of what this row was taken over" in text
        assert "of a part" not in trade.client("credit_manager").get(url).content.decode()

    def test_adds_up_to_the_row_in_every_analysis_that_has_one(self, trade):
        access = trade.company.access("credit_manager")
        asked = [("abc", {}), ("rfm", {}), ("ageing", {}), ("punctuality", {}), ("dso", {})]
        with system_context("one of them"):
            public = str(Customer.objects.get(name="Client 0").public_id)
        for name, parameters in asked:
            with database_context(context_of(access)):
                one = question(name, at=timezone.now(), as_of=DAY, parameters=parameters)
                found = documents_behind(access, one, {"customer": public, "currency": "EUR"})
            assert (found.documents, found.total, found.title["name"]) == (1, "80.00", "Client 0")


class TestOpenDocuments(Trade):
    def test_show_what_each_adds_to_the_columns_of_a_row_in_its_own_currency(self, trade):
        with system_context("in dollars"), connection.cursor() as cursor:
            cursor.execute("update trade_invoice set currency = 'USD', due_on = issued_on")
        refresh_copy(full=True)
        client = trade.client("credit_manager")
        page = client.get("/analyses/ageing", {"as_of": "2026-05-11"})
        (row, *_), ((_, behind), *_) = page.context["answer"].rows, page.context["table"].rows
        opened = client.get(behind)
        assert opened.context["found"].sums == {name: row[name] for name in SUMS}
        (line,) = opened.context["lines"]
        assert (line["due_on"], line["days_past_due"]) == (date(2026, 4, 1), 40)
        assert (line["bucket"], line["open"]) == ("31–60 days", row["open"])
        text = opened.content.decode()
        assert "<dt>31–60 days</dt><dd>US$80.00</dd>" in text.replace("<dd>$", "<dd>US$")
        assert "Bucket" not in client.get(self.of_sales(client)).content.decode()

    def of_sales(self, client) -> str:
        page = client.get("/analyses/sales", {"as_of": "2026-05-01", "by": "month"})
        return next(url for _, url in page.context["table"].rows if url)


SUMS = (
    "not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_180", "days_over_180", "open",
    "overdue",
)  # fmt: skip


class TestRowOfAPseudonym(Trade):
    def rows(self, trade: World, name: str, role: str = "analyst"):
        page = trade.client(role).get(f"/analyses/{name}", {"as_of": "2026-05-01"})
        return list(zip(page.context["answer"].rows, page.context["table"].rows, strict=True))

    def test_leads_to_its_documents_in_every_analysis_that_has_one(self, trade):
        client = trade.client("analyst")
        for name in ("abc", "rfm", "ageing", "punctuality", "dso"):
            rows = self.rows(trade, name)
            assert len(rows) == 3, name
            for row, (_, behind) in rows:
                answer = client.get(behind)
                assert answer.status_code == 200, (name, behind)
                found = answer.context["found"]
                assert found.documents == 1
                assert found.title["customer"] == row["customer"]
                assert found.title["name"] is None
                assert all(row[k] == found.total for k in ("net_sales",) if k in row)

    def test_tells_neither_who_it_is_nor_the_number_of_a_document_and_why_once(self, trade):
        client = trade.client("analyst")
        for _, (_, behind) in self.rows(trade, "abc"):
            text = client.get(behind).content.decode()
            assert not re.search(r"Client \d", text)
            assert not re.search(r">F\d", text)
            assert text.count("Your role sees no numbers of documents") == 1
            assert "not shown to you" not in text
            for public in Customer.objects.values_list("public_id", flat=True):
                assert str(public) not in behind + text

    def test_of_another_reach_opens_nothing(self, trade):
        """A link that a reader of the whole passes on shows its receiver no document."""
        with system_context("an analyst of the group"):
            give(trade.company.users["data_steward"], Role.ANALYST, trade.company.nodes["group"])
            far = Customer.objects.get(name="Client 3")
        link = key_of_customer(None, far.pk)
        url = "/analyses/abc/documents"
        asked = {"as_of": "2026-05-01", "key:customer": link}
        wide = trade.client("data_steward").get(url, asked)
        assert wide.context["found"].documents == 1
        narrow = trade.client("analyst").get(url, asked)
        assert narrow.context["found"].documents == 0
        assert "1,000" not in narrow.content.decode()

    def test_is_opened_by_no_other_key(self, trade):
        client, url = trade.client("analyst"), "/analyses/abc/documents"
        (row, _), *_ = self.rows(trade, "abc")
        with system_context("one of them"):
            one = Customer.objects.get(name="Client 0")
        for key in (row["customer"], str(one.public_id), str(one.pk), conceal(one.pk, use="x")):
            answer = client.get(url, {"as_of": "2026-05-01", "key:customer": key})
            assert answer.status_code in (403, 404), key

    def test_has_the_public_id_for_who_reads_customers(self, trade):
        for row, (_, behind) in self.rows(trade, "abc", "credit_manager"):
            assert row["customer"] in behind
