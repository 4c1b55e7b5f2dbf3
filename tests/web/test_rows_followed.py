"""What a row says can be followed on the page of its documents; which row, the address must say."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.services import documents_behind, refresh_copy
from clientela.analysis.services.behind import USE
from clientela.analysis.services.question import question
from clientela.records.models import Customer
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from clientela.store.opaque import conceal
from clientela.trade.models import Invoice
from tests.web.test_analyses import Trade
from tests.web.test_balances import command
from tests.web.world import World

DAY = date(2026, 5, 11)
LANGUAGES = ("zh-hans", "es", "en")  # the last one stays


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


class TestDocumentsOfPunctuality(Trade):
    @pytest.fixture
    def one(self, trade: World) -> World:
        """Of Client 0 four open invoices, due on April 1st but one that is our fault, due earlier."""
        with system_context("more invoices"):
            ident = Customer.objects.get(name="Client 0").pk
            for n in (50, 51, 52):
                self.sell(trade, ident, "madrid", 1000 * n, n)
            Invoice.objects.filter(number="F51").update(due_on=date(2026, 4, 11))
            late = Invoice.objects.filter(number="F52")
            late.update(delay_is_ours=True, due_on=date(2026, 4, 21))
        refresh_copy(full=True)
        return trade

    def opened(self, world: World, role: str = "credit_manager"):
        client = world.client(role)
        page = client.get("/analyses/punctuality", {"as_of": str(DAY)})
        rows = page.context["answer"].rows
        at = next(n for n, row in enumerate(rows) if row["invoices"] == 3)
        return rows[at], client.get(page.context["table"].rows[at][1])

    def test_show_what_makes_the_score_and_what_is_left_out_and_why(self, one):
        row, page = self.opened(one)
        found = page.context["found"]
        assert found.sums == {name: row[name] for name in found.sums}
        assert {"score", "average_days_late", "ours_items", "judged"} <= found.sums.keys()
        assert (found.documents, found.lines, found.total) == (4, 4, row["judged"])
        lines = {line["link"][1]: line for line in page.context["lines"]}
        assert [lines[n]["days_late"] for n in ("F0", "F50", "F51", "F52")] == [40, 40, 30, 20]
        said = {n: (line["standing"], line["left_out"]) for n, line in lines.items()}
        assert said.pop("F52") == ("ours", "left out: our fault")
        assert set(said.values()) == {("in_score", "")}
        # 80 and 500 of 40 days and 46⅔ points, 510 of 30 days and 50 points
        score = (580 * (50 - 10 / 3) + 510 * 50) / 1090
        assert row["score"] == pytest.approx(score, abs=1e-5)
        assert sum(line["adds_score"] or 0 for line in lines.values()) == pytest.approx(
            score, abs=1e-5
        )
        days = sum(line["adds_days"] for line in lines.values())
        assert days == pytest.approx(row["average_days_late"], abs=1e-5)
        text = text_of(page.content.decode())
        assert "Left out: our fault 1" in text
        assert text.count("left out: our fault") == 1
        assert text.count("open on 11 May 2026") == 4
        assert text.count("none stated") == 2  # due when issued

    def test_show_no_number_and_no_name_to_who_knows_pseudonyms(self, one):
        _, page = self.opened(one, "analyst")
        text = page.content.decode()
        assert "left out: our fault" in text
        assert not re.search(r"Client \d|>F\d", text)

    def test_are_paged_over_every_line_once(self, one):
        access = one.company.access("credit_manager")
        with system_context("its id"):
            public = str(Customer.objects.get(name="Client 0").public_id)
        asked = question("punctuality", at=timezone.now(), as_of=DAY)
        seen, cursor = [], None
        with database_context(context_of(access)):
            while True:
                given = {"customer": public}
                found = documents_behind(access, asked, given, cursor=cursor, size=3)
                seen += [(line["document_id"], line["part"]) for line in found.rows]
                cursor = found.next
                if not cursor:
                    break
        assert len(seen) == len(set(seen)) == 4

    def test_of_days_of_sales_show_their_age_and_the_figures_of_the_row(self, one):
        client = one.client("credit_manager")
        page = client.get("/analyses/dso", {"as_of": str(DAY)})
        (row, *_), ((_, behind), *_) = page.context["answer"].rows, page.context["table"].rows
        opened = client.get(behind)
        told = opened.context["found"].sums | opened.context["found"].others
        assert told == {name: row[name] for name in told}
        assert {"receivables", "not_due", "credit_sales_90", "dso_90"} <= told.keys()
        assert all(line["due_on"] and line["bucket"] for line in opened.context["lines"])


class TestRowNotNamed(Trade):
    NONE = (
        "ageing/documents?as_of=2026-05-01",
        "ageing/documents?as_of=2026-05-01&per=total",
        "ageing/documents?as_of=2026-05-01&key:customer=&key:currency=",
        "ageing/documents?as_of=2026-05-01&key:customer=&key:currency=euro",
        "abc/documents?as_of=2026-05-01",
        "rfm/documents?as_of=2026-05-01&key:customer=",
        "punctuality/documents?as_of=2026-05-01&key:customer=",
        "dso/documents?as_of=2026-05-01",
        "sales/documents?as_of=2026-05-01",
        "sales/documents?as_of=2026-05-01&by=month&key:group_key=",
        "cohorts/documents?as_of=2026-05-01&key:cohort=2026-04",
    )

    @pytest.mark.parametrize("place", NONE)
    def test_is_refused_and_says_what_to_do(self, trade, place):
        answer = trade.client("credit_manager").get(f"/analyses/{place}")
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "press Documents behind in that row" in text
        assert "None" not in text_of(text)

    def test_of_every_answer_is_opened_by_its_own_link(self, trade):
        client = trade.client("credit_manager")
        places = ("abc", "rfm", "ageing", "ageing?per=total", "punctuality", "dso", "cohorts",
                  "dso?per=total", *(f"sales?by={by}" for by in
                  ("month", "product", "category", "region", "branch", "customer", "country")))  # fmt: skip
        for place in places:
            page = client.get(f"/analyses/{place}", {"as_of": "2026-05-01"})
            if "?" in place:
                name, _, more = place.partition("?")
                page = client.get(f"/analyses/{name}?as_of=2026-05-01&{more}")
            rows = page.context["table"].rows
            assert rows or "product" in place or "category" in place, place
            for _, link in rows:
                assert client.get(link).status_code == 200, link

    def test_with_a_page_of_none_is_refused(self, trade):
        """A cursor is of (day, document, line); one of an earlier release had two of them."""
        client = trade.client("credit_manager")
        page = client.get("/analyses/punctuality", {"as_of": "2026-05-01"})
        link = page.context["table"].rows[0][1]
        for cursor in ("x", conceal(["2026-04-01", 1], use=USE)):
            assert client.get(f"{link}&cursor={cursor}").status_code == 422


class TestNobodyTellsOfPayments(Trade):
    @pytest.fixture
    def untold(self, trade: World) -> World:
        with system_context("no source tells"), connection.cursor() as cursor:
            cursor.execute("update trade_invoice set settlement = 'unknown'")
        refresh_copy(full=True)
        return trade

    SAID = {
        "en": ("Nothing is known of payments", "A data steward says under Sources"),
        "es": ("No se sabe nada de los pagos", "Un gestor de datos indica en Fuentes"),
        "zh-hans": ("没有付款信息", "由数据专员在“来源”中设定"),
    }

    @pytest.mark.parametrize("name", ["ageing", "punctuality", "dso"])
    def test_is_said_with_what_to_do_in_three_languages(self, untold, name):
        client = untold.client("data_steward")
        for language in LANGUAGES:
            client.post("/preferences", {"language": language})
            text = client.get(f"/analyses/{name}", {"as_of": str(DAY)}).content.decode()
            for said in self.SAID[language]:
                assert text.count(said) == 1, (language, said)
            assert reverse("admin:sources") in text
            assert "Choose another day" not in text

    def test_is_said_of_nothing_else(self, untold, trade):
        client = trade.client("credit_manager")
        early = client.get("/analyses/ageing", {"as_of": "2020-01-01"}).content.decode()
        assert "Choose another day" in early
        assert "Nothing is known of payments" not in early
        assert "Nothing is known" not in client.get("/analyses/abc").content.decode()


class TestMonths(Trade):
    SAID = {"en": "Apr 2026", "es": "abr 2026", "zh-hans": "2026年4月"}

    def test_are_written_as_the_reader_writes_them_and_iso_to_programs(self, trade):
        client = trade.client("credit_manager")
        for language in LANGUAGES:
            client.post("/preferences", {"language": language})
            month = self.SAID[language]
            page = client.get("/analyses/sales", {"as_of": "2026-04-30", "by": "month"})
            assert page.context["table"].rows[0][0][0].text == month
            assert month in page.context["charts"][0]["labels"]
            opened = client.get(page.context["table"].rows[0][1])
            assert opened.context["row"].endswith(month)
            page = client.get("/analyses/cohorts", {"as_of": "2026-04-30"})
            assert page.context["table"].rows[0][0][0].text == month
            assert page.context["charts"][0]["rows"] == [month]
            opened = client.get(page.context["table"].rows[0][1])
            assert month in opened.context["row"]
        told = trade.client("auditor").get(
            "/api/v1/analyses/sales", {"as_of": "2026-04-30", "by": "month"}
        )
        assert [row["key"] for row in told.json()["rows"]] == ["2026-04"]
        said = command("sales", "--as-of", "2026-04-30", "--set", "by=month", "--format", "csv")
        assert "2026-04," in said.stdout

    def test_that_are_not_over_are_marked(self, trade):
        client = trade.client("credit_manager")
        page = client.get("/analyses/sales", {"as_of": "2026-04-20", "by": "month"})
        assert page.context["table"].rows[0][0][0].text == "Apr 2026 (in part)"
