"""A field that is not a write's own is refused, whatever the write, and nothing is changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clientela.api.root import api
from clientela.intake.models import Run
from clientela.records.models import Customer
from clientela.store.context import system_context


def bodies():
    """Every write with a body: its address and the schema of the body, resolved."""
    told = api.get_openapi_schema()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            for kind, body in content.items():
                name = body["schema"].get("$ref", "").rpartition("/")[2]
                schema = told["components"]["schemas"].get(name, body["schema"])
                yield f"{method} {path} {kind}", schema


class TestEveryBody:
    def test_says_that_it_takes_no_other_field(self):
        json = {where: schema for where, schema in bodies() if where.endswith("/json")}
        assert len(json) >= 6
        assert [w for w, s in json.items() if s.get("additionalProperties") is not False] == []


class TestForgedField:
    def test_of_a_new_customer_opens_no_file(self, caller):
        body = {"kind": "company", "branch": "madrid", "attributes": {"name": "X"}, "owner": "me"}
        answer = caller("data_steward").send("POST", "/customers", body)
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], reason["params"]) == ("field_unknown", {"field": "owner"})
        with system_context("a test looks"):
            assert not Customer.objects.filter(name="X").exists()

    @pytest.mark.parametrize("field", ["org_node", "state"])
    def test_of_an_upload_keeps_no_file(self, caller, field):
        steward = caller("data_steward")
        file = SimpleUploadedFile("sales.csv", b"A,B\n1,2\n")
        headers = steward._headers() | {"Idempotency-Key": f"forged-{field}"}
        form = {"file": file, "source": "till", field: "1"}
        answer = steward.client.post("/api/v1/imports", form, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["reasons"][0]["params"] == {"field": field}
        with system_context("a test looks"):
            assert not Run.objects.exists()


class TestFilterValues:
    def test_that_cannot_be_are_refused_and_not_an_empty_list(self, caller):
        answer = caller("sales").get("/customers", country="ESP")
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], reason["params"]["field"]) == ("filter_value_unknown", "country")

    @pytest.mark.parametrize(
        ("path", "field", "one"),
        [
            ("/customers", "abc_class", "A"),
            ("/customers", "archived", "true"),
            ("/customers", "kind", "company"),
            ("/customers", "rfm_segment", "champions"),
            ("/customers", "stage", "customer"),
        ],
    )
    def test_that_are_none_of_the_choices_are_told_which_there_are(self, caller, path, field, one):
        answer = caller("sales").get(path, **{field: "z"})
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], reason["params"]["field"]) == ("value_not_a_choice", field)
        assert one in reason["params"]["choices"].split(", ")
