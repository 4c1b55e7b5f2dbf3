"""Cohorts of a sales region: offered by name, asked by key, and nothing else understood."""

import pytest
from typer import Typer
from typer.testing import CliRunner

from clientela.cli.analysing import analyse
from tests.web.test_analyses import Trade

PAGE, API = "/analyses/cohorts", "/api/v1/analyses/cohorts"
DAY = {"as_of": "2026-05-01"}


def regions(page):
    (one,) = [p for p in page.context["parameters"] if p["name"] == "region"]
    return one["label"], one["choices"]


class TestRegionOfCohorts(Trade):
    def test_is_chosen_among_all_that_may_have_sold(self, trade):
        page = trade.client("credit_manager").get(PAGE, DAY)  # of the branch in Madrid
        told = [("huadong", "Huadong"), ("iberia", "Iberia")]
        assert (regions(page)[0], sorted(regions(page)[1])) == ("Sales region", told)
        assert '<option value="iberia">Iberia</option>' in page.content.decode()

    def test_gives_what_sales_by_region_tell(self, trade):
        client = trade.client("credit_manager")
        (told,) = client.get("/api/v1/analyses/sales", DAY | {"by": "region"}).json()["rows"]
        assert told["key"] == "iberia"
        answer = client.get(API, DAY | {"region": told["key"]}).json()
        assert answer["parameters"]["region"] == "iberia"
        (amount,) = answer["population"]["amounts"]
        assert (answer["population"]["customers"], amount["amount"]) == (
            told["customers"],
            told["net_sales"],
        )
        page = client.get(PAGE, DAY | {"region": "iberia"})
        assert '<option value="iberia" selected>Iberia</option>' in page.content.decode()
        assert {"label": "Sales region", "value": "Iberia"} in page.context["used"]

    def test_opens_to_the_documents_behind(self, trade):
        client = trade.client("credit_manager")
        page = client.get(PAGE, DAY | {"region": "iberia"})
        behind = page.context["table"].rows[0][1]
        assert "region=iberia" in behind
        assert client.get(behind).context["found"].documents > 0

    @pytest.mark.parametrize("region", ["madrid", "ES-MD", "centro", "2"])
    def test_is_refused_where_it_is_none(self, trade, region):
        client, asked = trade.client("credit_manager"), DAY | {"region": region}
        said = f"There is no sales region {region}. There are: iberia, huadong."
        answer = client.get(API, asked)
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], reason["text"]) == ("sales_region_unknown", said)
        assert said in client.get(PAGE, asked).content.decode()
        command = Typer()
        command.command()(analyse)
        words = ["cohorts", "--as-of", "2026-05-01", "--set", f"region={region}"]
        told = CliRunner().invoke(command, [*words, "--as", "credit_manager"])
        assert told.exit_code == 2
        assert said in " ".join(told.stderr.split())


class TestNothingToShow(Trade):
    def test_names_the_filters_that_are_set_and_a_way_out(self, trade):
        asked = DAY | {"region": "iberia", "customer_class": "inactive"}
        text = trade.client("credit_manager").get(PAGE, asked).content.decode()
        assert "Nothing fits these filters" in text
        assert "Set are: Sales region, ABC class." in text
        assert text.count("Clear filters") == 2
        assert "Imports." not in text

    def test_points_to_imports_who_may_import(self, trade):
        for role, may in (("data_steward", True), ("credit_manager", False)):
            text = trade.client(role).get(PAGE, {"as_of": "2001-01-01"}).content.decode()
            assert "Nothing to show for this time" in text
            assert ("bring data in under Imports" in text) is may
