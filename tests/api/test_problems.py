"""Whatever goes wrong under /api, a program reads the same form: RFC 9457, with our reasons."""

import json

import pytest
from django.test import Client

from clientela.analysis.registry import ANALYSES
from clientela.api import me
from clientela.records.models import Customer
from clientela.store.context import system_context
from tests.factories import add_customer

BODY = {"kind": "company", "branch": "madrid", "attributes": {"name": "Nuevo"}}


def reasons(answer, status):
    """Return the codes of a problem after looking at its form."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    for one in told["reasons"]:
        assert set(one) == {"code", "params", "text"}
        assert one["text"]
    return [one["code"] for one in told["reasons"]]


def raw(caller, method, path, body, content_type="application/json"):
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "k-1"}
    return caller.client.generic(
        method, f"/api/v1{path}", body, content_type=content_type, headers=headers
    )


class TestAddress:
    @pytest.mark.parametrize("path", ["/nothing", "/customers/x/y/z", "/analyses/nosuch/more"])
    def test_that_there_is_not_is_not_found(self, caller, path):
        assert reasons(caller("boss").get(path), 404) == ["not_found"]

    def test_outside_of_the_version_is_not_found(self, company):
        assert reasons(Client().get("/api/v2/customers"), 404) == ["not_found"]

    def test_without_that_method_says_so(self, caller):
        answer = raw(caller("boss"), "DELETE", "/customers", "")
        assert reasons(answer, 405) == ["method_not_allowed"]
        assert "GET" in answer.headers["Allow"]

    def test_under_a_name_that_is_not_ours_is_not_understood(self, company):
        answer = Client().get("/api/v1/me", headers={"Host": "evil.example"})
        assert reasons(answer, 400) == ["request_not_understood"]

    def test_of_a_page_still_answers_in_html(self, company):
        assert "html" in Client().get("/nothing").headers["Content-Type"]


class TestCaller:
    def test_without_a_token_is_not_signed_in(self, company):
        assert reasons(Client().get("/api/v1/me"), 401) == ["not_signed_in"]

    def test_with_a_bad_token_is_refused_alike(self, company):
        for header in ("Bearer nothing", "Basic abc", "Bearer "):
            answer = Client().get("/api/v1/me", headers={"Authorization": header})
            assert reasons(answer, 401) == ["token_not_in_force"]

    def test_reads_words_in_the_language_that_it_asks_for(self, caller):
        boss = caller("boss")
        headers = {"Authorization": f"Bearer {boss.token}", "Accept-Language": "es"}
        answer = boss.client.get("/api/v1/nothing", headers=headers)
        assert reasons(answer, 404) == ["not_found"]
        english = boss.get("/nothing").json()["reasons"][0]["text"]
        assert answer.json()["reasons"][0]["text"] != english


class TestBody:
    def test_that_is_no_json_is_refused(self, caller):
        answer = raw(caller("data_steward"), "POST", "/customers", "{nothing")
        assert reasons(answer, 400) == ["body_not_json"]
        assert answer.json()["reasons"][0]["params"] == {}

    def test_of_another_type_is_refused(self, caller):
        steward = caller("data_steward")
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
            answer = raw(steward, "POST", "/customers", json.dumps(BODY), kind)
            assert reasons(answer, 415) == ["content_type_not_supported"]

    def test_that_lacks_a_field_names_it_in_our_codes(self, caller):
        answer = caller("data_steward").send(
            "POST", "/customers", {"kind": "company", "attributes": []}
        )
        assert reasons(answer, 422) == ["field_missing", "field_not_an_object"]
        assert [r["params"] for r in answer.json()["reasons"]] == [
            {"field": "branch"}, {"field": "attributes"},
        ]  # fmt: skip

    def test_leaves_nothing_when_it_is_refused(self, caller):
        before = Customer.objects.count()
        raw(caller("data_steward"), "POST", "/customers", "{nothing")
        assert Customer.objects.count() == before


class TestQuery:
    @pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
    def test_of_a_page_size_out_of_range_is_refused_with_the_range(self, caller, limit):
        answer = caller("boss").get("/customers", limit=limit)
        assert reasons(answer, 422) == ["parameter_out_of_range"]
        params = {"field": "limit", "least": "1", "most": "200"}
        assert answer.json()["reasons"][0]["params"] == params

    def test_with_a_day_that_is_none_says_which(self, caller):
        answer = caller("boss").get("/analyses/abc", as_of="2026-02-30")
        assert reasons(answer, 422) == ["field_not_a_date"]
        assert answer.json()["reasons"][0]["params"] == {"field": "as_of"}

    def test_from_after_the_last_day_tells_the_days_as_given(self, caller):
        answer = caller("boss").get("/analyses/abc", as_of="2026-06-30", **{"from": "2026-07-15"})
        assert reasons(answer, 422) == ["period_reversed"]
        params = {"begins": "2026-07-15", "ends": "2026-06-30"}
        assert answer.json()["reasons"][0]["params"] == params

    def test_with_a_parameter_that_there_is_not_names_those_there_are(self, caller):
        answer = caller("boss").get("/analyses/abc", as_of="2026-06-30", nothing="1")
        assert reasons(answer, 422) == ["parameter_unknown"]
        params = answer.json()["reasons"][0]["params"]
        assert params["parameter"] == "nothing"
        assert "a_until_percent" in params["known"]

    def test_with_a_parameter_where_there_is_none_says_so_by_its_own_name(self, caller):
        answer = caller("boss").get("/analyses/rfm", as_of="2026-06-30", by="x")
        assert reasons(answer, 422) == ["parameters_none"]
        assert "no parameter by here: it has none." in answer.json()["reasons"][0]["text"]

    @pytest.mark.parametrize(
        ("value", "code"),
        [("x", "parameter_not_a_number"), ("100", "parameter_out_of_range")],
    )
    def test_with_a_bad_parameter_says_what_it_takes(self, caller, value, code):
        answer = caller("boss").get("/analyses/abc", as_of="2026-06-30", a_until_percent=value)
        assert reasons(answer, 422) == [code]

    def test_until_the_end_of_the_calendar_is_refused(self, caller):
        answer = caller("boss").get("/analyses/abc", as_of="9999-12-31")
        assert reasons(answer, 422) == ["day_out_of_range"]

    @pytest.mark.parametrize("day", ["0001-01-01", "0001-01-05", "0999-12-31", "9999-12-31"])
    @pytest.mark.parametrize("name", sorted(ANALYSES))
    def test_on_a_day_from_which_nothing_can_be_looked_back_is_refused(self, caller, name, day):
        answer = caller("auditor").get(f"/analyses/{name}", as_of=day)
        assert reasons(answer, 422) == ["day_out_of_range"]

    @pytest.mark.parametrize(
        "at",
        [
            "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00", "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+14:00", "9999-12-31T23:59:59Z",
        ],
    )  # fmt: skip
    def test_at_an_instant_that_has_no_day_somewhere_is_refused(self, caller, company, at):
        with system_context("a customer for a test"):
            ident = add_customer(company, node="madrid", owner="sales", name="Aceros S.A.")
            public_id = Customer.objects.get(pk=ident).public_id
        answer = caller("sales").get(f"/customers/{public_id}", known_on=at)
        assert reasons(answer, 422) == ["day_out_of_range"]
        assert answer.json()["reasons"][0]["params"] == {"field": "known_on"}


class TestFailure:
    def test_is_told_without_a_word_of_what_failed(self, caller, monkeypatch):
        def broken(request):
            raise RuntimeError("secret detail")

        boss = caller("boss")
        boss.client.raise_request_exception = False
        monkeypatch.setattr(me, "access_of", broken)
        answer = boss.get("/me")
        assert reasons(answer, 500) == ["request_failed"]
        assert "secret" not in answer.content.decode()


class TestDescription:
    URL = "/api/v1/openapi.json"

    def test_is_for_those_alone_who_may_call(self, caller, company):
        assert reasons(Client().get(self.URL), 401) == ["not_signed_in"]
        wrong = Client().get(self.URL, headers={"Authorization": "Bearer clt_wrong"})
        assert reasons(wrong, 401) == ["token_not_in_force"]
        assert "/api/v1/customers" in caller("sales").get("/openapi.json").json()["paths"]
        person = Client()
        person.force_login(company.users["sales"])
        told = reasons(person.get(self.URL), 403)  # the second factor, as on every page
        assert told == ["second_factor_missing"]
        plain = Client()
        plain.force_login(company.users["service"])
        assert plain.get(self.URL).status_code == 200
        company.users["service"].is_active = False
        company.users["service"].save()
        assert reasons(plain.get(self.URL), 401) == ["not_signed_in"]


class TestTokenOfBefore:
    def test_has_no_right_of_persons_left(self, caller):
        acts = caller("administrator", acts=["user.read", "user.write", "token.revoke"])
        assert acts.get("/me").json()["acts"] == ["user.read"]
