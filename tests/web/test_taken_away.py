"""What leaves as a file: groups alone for who knows customers by pseudonym."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.utils import timezone
from typer import Typer
from typer.testing import CliRunner

from clientela.analysis.services import ask
from clientela.analysis.services.question import question
from clientela.audit.models import Event
from clientela.cli.analysing import analyse
from clientela.security.roles import Role
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from tests.factories import give
from tests.web.test_small_groups import DAY, Totals
from tests.web.world import World

FOR_EACH = ("abc", "rfm", "punctuality", "ageing", "dso")  # on the page: a row for each customer
NO_GROUPS = "sales&by=customer"
IN_GROUPS = ("sales&by=branch", "sales&by=month", "cohorts", "ageing&per=total", "dso&per=total")
BUTTON = "Download CSV"


def place(asked: str, more: str = "", last: date = DAY) -> str:
    name, _, parameters = asked.partition("&")
    return f"/analyses/{name}%s?as_of={last}&{parameters}{more}"


class TestFileOfTheAnalyst(Totals):
    @pytest.fixture
    def group(self, large: World) -> World:
        """The same company, with an analyst of all of it."""
        with system_context("an analyst of the group"):
            give(large.company.users["analyst"], Role.ANALYST, large.company.nodes["group"])
        return large

    def taken(self, group: World, asked: str, role: str = "analyst") -> list[dict[str, str]]:
        answer = group.client(role).post(place(asked) % "/download")
        assert answer.status_code == 200, asked
        return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))

    def test_has_no_row_for_each_customer(self, group):
        client = group.client("analyst")
        answer = client.post(place(NO_GROUPS) % "/download")
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "groups of customers, not a row for each" in text
        assert "Ask by one of these: month, product, category, region, branch, country." in text
        page = client.get(place(NO_GROUPS) % "")
        assert page.status_code == 200
        assert BUTTON not in page.content.decode()
        assert not Event.objects.filter(act="analysis.answer.downloaded").exists()

    @pytest.mark.parametrize("asked", FOR_EACH)
    def test_is_in_the_groups_that_management_is_told(self, group, asked):
        page = group.client("analyst").get(place(asked) % "")
        assert page.context["answer"].total_rows > 40  # a row for each, to work with
        assert "holds groups of customers, over whole months until" in page.content.decode()
        told = group.client("executive").get("/api/v1" + place(asked) % "").json()
        mine = group.client("analyst").get("/api/v1" + place(asked) % "").json()
        assert mine["rows"] == told["rows"]
        assert mine["columns"] == told["columns"]
        rows = self.taken(group, asked)
        assert len(rows) == len(told["rows"]) < 10
        (first, *_), (same, *_) = rows, told["rows"]
        assert first.keys() == same.keys()
        assert not first.get("customer")

    def test_is_offered_and_given_in_groups(self, group):
        client = group.client("analyst")
        for asked in IN_GROUPS:
            text = client.get(place(asked) % "").content.decode()
            assert BUTTON in text
            assert "over whole months until" in text
            assert self.taken(group, asked), asked
        events = Event.objects.filter(act="analysis.answer.downloaded")
        assert events.count() == len(IN_GROUPS)

    def test_has_no_figure_of_a_small_group(self, group):
        rows = {row["key"]: row for row in self.taken(group, "sales&by=branch")}
        small = {key for key, row in rows.items() if row["is_hidden"] == "true"}
        assert small == {"sevilla", "madrid"}
        assert not any(rows[key]["net_sales"] or rows[key]["customers"] for key in small)
        assert rows["hangzhou"]["customers"] == "15"
        access = group.company.access("executive")
        with database_context(context_of(access)):
            shown = ask(
                access, question("sales", at=timezone.now(), as_of=DAY, parameters={"by": "branch"})
            ).rows
        told = {row["key"]: str(row["net_sales"] or "") for row in shown}
        assert told == {key: row["net_sales"] for key, row in rows.items()}  # as management is told

    def test_is_over_whole_months_whatever_the_day_of_the_page(self, group):
        client, last = group.client("analyst"), date(2026, 5, 17)
        asked = place("sales&by=region", last=last)
        answer = client.post(asked % "/download")
        assert 'filename="sales-2026-04-30.csv"' in answer["Content-Disposition"]
        assert client.get(asked % "").context["answer"].as_of == last  # the page is as it was

    def test_is_not_of_a_part(self, group):
        client = group.client("analyst")
        for more in ("&source=erp", "&region=iberia"):
            asked = place("cohorts", more)
            answer = client.post(asked % "/download")
            assert answer.status_code == 403
            assert "every source with the usual settings" in answer.content.decode()
            assert BUTTON not in client.get(asked % "").content.decode()

    def test_is_what_programs_are_given_as_well(self, group):
        client = group.client("analyst")
        answer = client.get("/api/v1" + place(NO_GROUPS) % "")
        assert answer.status_code == 403
        (reason,) = answer.json()["reasons"]
        assert reason["code"] == "download_of_groups_only"
        assert reason["params"] == {"choices": "month, product, category, region, branch, country"}
        answer = client.get("/api/v1" + place("sales&by=region", "&source=erp") % "")
        assert answer.json()["reasons"][0]["code"] == "download_of_standing_only"
        told = client.get("/api/v1" + place("sales&by=branch") % "").json()
        assert {row["key"] for row in told["rows"] if row["is_hidden"]} == {"sevilla", "madrid"}
        assert told["as_of"] == DAY.isoformat()

    @pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
    def test_is_what_the_command_gives_in_every_form(self, group, form, tmp_path):
        command = Typer()
        command.command()(analyse)

        def run(*words):
            file = tmp_path / f"answer.{form}"
            given = [*words, "--as-of", "2026-04-30", "--as", "analyst", "--format", form]
            said = CliRunner().invoke(command, [*given, "--output", str(file)])
            return said, file

        said, file = run("sales", "--set", "by=customer")
        assert said.exit_code != 0
        assert "groups of customers, not a row for each" in said.output.replace("\n", " ")
        assert not file.exists()
        for words in (("sales", "--set", "by=branch"), ("abc",)):
            said, file = run(*words)
            assert said.exit_code == 0, said.output
            assert file.stat().st_size > 50
            file.unlink()

    def test_is_shown_on_no_terminal_either(self, group):
        command = Typer()
        command.command()(analyse)
        said = CliRunner().invoke(command, ["abc", "--as-of", "2026-04-30", "--as", "analyst"])
        assert said.exit_code == 0
        assert "class" in said.stdout
        assert "rank" not in said.stdout

    def test_follows_the_filters_of_the_page_without_a_new_page(self, group):
        htmx = {"HX-Request": "true", "HX-Target": "answer"}
        client = group.client("analyst")
        for asked, offered in (("sales&by=branch", True), ("sales&by=customer", False)):
            text = client.get(place(asked) % "", headers=htmx).content.decode()
            assert 'id="take-away" hx-swap-oob="true"' in text
            assert (BUTTON in text) is offered


class TestFileOfTheSteward(Totals):
    def test_has_a_row_for_each_customer_as_the_page_has(self, large):
        client = large.client("data_steward")
        answer = client.post(place("abc") % "/download")
        rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
        assert "Client 0" in {row["name"] for row in rows}
        assert BUTTON in client.get(place("abc") % "").content.decode()

    def test_is_in_groups_where_more_is_asked_than_may_be_named(self, large):
        """A steward of a branch who is analyst of the group knows the others by pseudonym."""
        with system_context("a second role"):
            give(large.company.users["data_steward"], Role.ANALYST, large.company.nodes["group"])
        answer = large.client("data_steward").post(place("abc") % "/download")
        (first, *_) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
        assert first.keys() == {"class", "customers", "net_sales", "currency", "is_hidden"}


class TestMarketing(Totals):
    def test_reads_customers_on_the_page_and_is_given_groups_by_a_program(self, large: World):
        asked = "/analyses/abc?as_of=2026-04-30"
        page = large.client("marketing").get(asked)
        assert page.context["answer"].rows[0]["customer"]
        told = large.client("marketing").get(f"/api/v1{asked}").json()
        assert told["rows"]
        assert all("customer" not in row for row in told["rows"])

    @pytest.mark.parametrize("name", ["abc", "rfm", "sales", "cohorts"])
    def test_is_given_them_over_a_year_as_on_the_page(self, large: World, name: str):
        asked = f"/analyses/{name}?as_of=2026-04-30&from=2026-04-20"
        page, told = (large.client("marketing").get(f"{at}{asked}") for at in ("", "/api/v1"))
        assert told.json()["from"] == "2025-05-01"
        assert told.json()["as_of"] == "2026-04-30"
        assert page.context["answer"].from_on.isoformat() == "2025-05-01"
