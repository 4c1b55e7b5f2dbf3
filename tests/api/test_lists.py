"""Lists of the API: each has one form, and is paged by a cursor that counts nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientela.analysis.registry import ANALYSES
from clientela.api.root import api
from clientela.records.models import Source
from clientela.store.context import system_context
from tests.factories import NOON


def pages(caller, path, limit):
    """Return the items of every page of a list."""
    found, cursor = [], ""
    while True:
        answer = caller.get(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert set(body) == {"items", "next"}
        assert len(body["items"]) <= limit
        found.append(body["items"])
        cursor = body["next"]
        if not cursor:
            return found


def answer_of(operation):
    return operation["responses"][200]["content"].get("application/json", {}).get("schema", {})


def test_no_list_is_bare():
    schema = api.get_openapi_schema()
    forms = {
        path: answer_of(methods["get"])
        for path, methods in schema["paths"].items()
        if "get" in methods and 200 in methods["get"]["responses"]
    }
    assert len(forms) > 10
    assert [path for path, form in forms.items() if form.get("type") == "array"] == []


class TestSources:
    @pytest.fixture
    def shops(self, company):
        with system_context("sources for a test"):
            for n in range(5):
                Source.objects.create(
                    name=f"shop-{n}", title=f"Shop {n}", org_node=company.nodes["madrid"],
                    created_at=NOON, created_by="test",
                )  # fmt: skip

    def test_come_page_by_page_in_the_order_of_their_names(self, caller, shops):
        found = pages(caller("data_steward"), "/sources", 2)
        names = [one["name"] for page in found for one in page]
        assert names == [f"shop-{n}" for n in range(5)]
        assert [len(page) for page in found] == [2, 2, 1]
        assert {one["branch"] for page in found for one in page} == {"madrid"}

    def test_ask_nothing_for_each_row(self, caller, shops):
        steward = caller("data_steward")
        counts = []
        for limit in (1, 5):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                steward.get("/sources", limit=limit)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}])
    def test_refuse_a_page_that_is_none(self, caller, shops, query):
        assert caller("data_steward").get("/sources", **query).status_code == 422


class TestAnalyses:
    def test_come_page_by_page_in_the_order_of_their_names(self, caller):
        found = pages(caller("analyst"), "/analyses", 2)
        assert [one["name"] for page in found for one in page] == sorted(ANALYSES)

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}])
    def test_refuse_a_page_that_is_none(self, caller, query):
        assert caller("analyst").get("/analyses", **query).status_code == 422
