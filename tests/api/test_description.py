"""The description of the API holds: what the running API asks and answers is what is described."""

import json
from dataclasses import replace

import jsonschema_rs
import pytest
import schemathesis
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import answer_for_program
from clientela.api import analyses
from tests.api.test_imports import brought, steward
from tests.api.test_matrix import NEW, TABLE, call, copy, ids

__all__ = ["brought", "copy", "ids", "steward"]  # fixtures of this module too

PREFIX = "/api/v1"
NO_KEY = ("POST", "/customers/{public_id}/reveal")  # each is an event of its own


@pytest.fixture
def described(caller):
    return caller("security_officer").get("/openapi.json").json()


def operation(described, asked):
    method, path = asked
    return described["paths"][PREFIX + path][method.lower()]


def resolved(described, told):
    """Return what a reference of the description stands for."""
    if "$ref" not in told:
        return told
    found = described
    for step in told["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def faults(described, asked, answer):
    """Return what an answer is that its operation does not describe."""
    responses = operation(described, asked)["responses"]
    if str(answer.status_code) not in responses:
        return [f"{asked}: {answer.status_code}: {answer.content[:200]}"]
    told = resolved(described, responses[str(answer.status_code)])
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind not in told["content"]:
        return [f"{asked}: {answer.status_code} as {kind}"]
    schema = told["content"][kind]["schema"] | {"components": described["components"]}
    wrong = jsonschema_rs.validator_for(schema).iter_errors(answer.json())
    return [f"{asked}: {answer.status_code}: {one.message}" for one in wrong]


class TestWhole:
    def test_can_be_read_by_a_program(self, described):
        schema = schemathesis.openapi.from_dict(described)
        read = {
            (one.ok().method.upper(), one.ok().path.removeprefix(PREFIX))
            for one in schema.get_all_operations()
        }
        assert read == TABLE.keys()

    def test_refers_to_what_is_there(self, described):
        refs = set()

        def look(value):
            for name, part in value.items() if isinstance(value, dict) else enumerate(value):
                if name == "$ref":
                    refs.add(part)
                elif isinstance(part, dict | list):
                    look(part)

        look(described)
        assert "#/components/schemas/ProblemForm" in refs
        assert all(resolved(described, {"$ref": one}) for one in refs)

    @pytest.mark.parametrize("asked", sorted(TABLE))
    def test_names_the_problem_of_each_refusal(self, described, asked):
        responses = operation(described, asked)["responses"]
        refusals = {status: one for status, one in responses.items() if status >= "400"}
        wanted = {"400", "401", "403", "422"} | ({"404"} if "{" in asked[1] else set())
        assert wanted | ({"409", "415"} if asked[0] != "GET" else set()) <= set(refusals)
        for one in refusals.values():
            (kind, content), *others = resolved(described, one)["content"].items()
            assert (kind, others) == ("application/problem+json", [])
            assert content["schema"] == {"$ref": "#/components/schemas/ProblemForm"}


class TestAnswers:
    @pytest.mark.parametrize("role", ["data_steward", "sales", "marketing", "credit_manager"])
    def test_are_those_described(self, caller, ids, described, role):
        program, wrong, statuses = caller(role), [], set()
        for asked in sorted(TABLE):
            for record in (ids["own"], ids["none"]):
                answer = call(program, asked, record)
                statuses.add(answer.status_code)
                wrong += faults(described, asked, answer)
        assert wrong == []
        assert {200, 403, 404} <= statuses

    def test_to_what_is_sent_wrong_are_those_described(self, caller, ids, described):
        steward, wrong, statuses = caller("data_steward"), [], set()
        for asked in sorted(TABLE):
            method, path = asked
            url = PREFIX + path.replace("{public_id}", ids["own"]).replace("{name}", "rfm")
            for query, body, kind in (
                ("?foo=1", "{}", "application/json"), ("?limit=0", "{", "application/json"),
                ("?limit=1&limit=2", "x", "text/plain"),
            ):  # fmt: skip
                headers = steward._headers()
                sent = {} if method == "GET" else {"data": body, "content_type": kind}
                answer = steward.client.generic(method, url + query, headers=headers, **sent)
                statuses.add(answer.status_code)
                wrong += faults(described, asked, answer)
            wrong += faults(described, asked, Client().generic(method, url))
        assert wrong == []
        assert {400, 404, 415, 422} <= statuses

    def test_of_a_request_at_work_or_a_state_are_those_described(self, caller, described):
        steward = caller("data_steward")
        asked = ("POST", "/customers")
        assert faults(described, asked, steward.send(*asked, NEW, key="one")) == []
        other = steward.send(*asked, NEW | {"kind": "person"}, key="one")
        assert (other.status_code, faults(described, asked, other)) == (422, [])

    @pytest.mark.parametrize("name", sorted(ANALYSES))
    def test_of_an_analysis_leave_nothing_out(self, caller, described, monkeypatch, name):
        behind = {"runs_not_in": 2, "refreshing": False,
                  "next_refresh_at": "2026-05-01T10:00:00.123456+00:00"}  # fmt: skip
        kept = []

        def answered(access, asked):
            kept.append(replace(answer_for_program(access, asked), copy=behind))
            return kept[-1]

        monkeypatch.setattr(analyses, "answer_for_program", answered)
        answer = caller("auditor").get(f"/analyses/{name}", as_of="2026-05-01")
        assert answer.json() == json.loads(json.dumps(kept[0].as_json()))
        assert faults(described, ("GET", "/analyses/{name}"), answer) == []

    def test_with_a_file_is_of_a_kind_described(self, steward, brought):
        path = "/imports/{public_id}/rejected/file"
        described = steward.get("/openapi.json").json()
        kinds = operation(described, ("GET", path))["responses"]["200"]["content"].keys()
        answer = steward.get(path.format(public_id=brought.public_id))
        assert b"not a number" in b"".join(answer.streaming_content)
        assert answer.headers["Content-Type"].partition(";")[0] in kinds
        assert "application/json" not in kinds

    @pytest.mark.parametrize("path", ["/me", "/analyses", "/analyses/{name}"])
    def test_are_no_free_objects(self, described, path):
        content = operation(described, ("GET", path))["responses"]["200"]["content"]
        schema = resolved(described, content["application/json"]["schema"])
        if "items" in schema["properties"]:
            schema = resolved(described, schema["properties"]["items"]["items"])
        assert len(schema["properties"]) >= 3
        assert set(schema["required"]) <= set(schema["properties"])


class TestKey:
    @pytest.mark.parametrize("asked", sorted(one for one in TABLE if one[0] != "GET"))
    def test_is_described_where_it_is_asked_for_and_nowhere_else(
        self, caller, ids, described, asked
    ):
        method, path = asked
        keys = [
            one
            for one in operation(described, asked)["parameters"]
            if one["in"] == "header" and one["name"] == "Idempotency-Key" and one["required"]
        ]
        who = caller(TABLE[asked]["do"].split()[0])
        url = PREFIX + path.replace("{public_id}", ids["own"]).replace("{name}", "abc")
        if TABLE[asked].get("file"):
            file = SimpleUploadedFile("a.csv", b"Customer ID,Name\n1,Ana\n")
            sent = {"file": file, "source": "new-shop"}
            answer = who.client.post(url, sent, headers=who._headers())
        else:
            sent = json.dumps(TABLE[asked]["body"])
            answer = who.client.generic(
                method, url, sent, content_type="application/json", headers=who._headers()
            )
        told = [one["code"] for one in answer.json()["reasons"]]
        assert (told == ["idempotency_key_missing"]) is bool(keys)
        assert bool(keys) is (asked != NO_KEY)

    def test_stands_at_no_reading(self, described):
        for asked in TABLE:
            if asked[0] == "GET":
                assert [
                    p for p in operation(described, asked)["parameters"] if p["in"] == "header"
                ] == []


class TestSignIn:
    def test_is_by_token_or_session_everywhere(self, described):
        schemes = described["components"]["securitySchemes"]
        assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
        for asked in TABLE:
            forgery = {} if asked[0] == "GET" else {"csrf": []}
            wanted = [{"token": []}, {"session": []} | forgery]
            assert operation(described, asked)["security"] == wanted

    def test_by_session_takes_the_cookie_and_for_writes_the_header(self, company, described):
        schemes = described["components"]["securitySchemes"]
        person, secret = Client(enforce_csrf_checks=True), "a" * 32
        person.force_login(company.users["service"])
        assert set(person.cookies) == {schemes["session"]["name"]}
        assert person.get(f"{PREFIX}/me").status_code == 200
        person.cookies[settings.CSRF_COOKIE_NAME] = secret
        url, told = f"{PREFIX}/customers/x", []
        for headers in ({}, {schemes["csrf"]["name"]: secret}):
            body = json.dumps({"changes": {"city": "Toledo"}})
            answer = person.patch(url, body, content_type="application/json", headers=headers)
            told.append(answer.json()["reasons"][0]["code"])
        assert told == ["csrf_token_missing", "idempotency_key_missing"]


@pytest.mark.parametrize("asked", sorted(one for one in TABLE if one[0] == "GET"))
def test_head_is_answered_as_get_without_a_body(caller, ids, asked):
    steward = caller("data_steward")
    url = PREFIX + asked[1].replace("{public_id}", ids["own"]).replace("{name}", "abc")
    query = {"as_of": "2026-05-01"} if asked[1] == "/analyses/{name}" else {}
    got = steward.client.get(url, query, headers=steward._headers())
    headed = steward.client.head(url, query, headers=steward._headers())
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    assert headed.headers["Content-Type"] == got.headers["Content-Type"]
