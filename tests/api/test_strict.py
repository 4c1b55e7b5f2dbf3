"""What a program sends by mistake is named, and never taken for something else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clientela.kernel.text import legible
from clientela.records.models import Customer, Source
from clientela.store.context import system_context
from tests.api.test_forged_fields import bodies
from tests.factories import add_customer


@pytest.fixture
def own(company):
    with system_context("a customer for a test"):
        made = add_customer(company, node="madrid", owner="sales", name="Aceros S.A.")
        return Customer.objects.get(pk=made)


def said(answer):
    """Return what was refused of which field, and the words for it."""
    return [(r["code"], r["params"].get("field"), r["text"]) for r in answer.json()["reasons"]]


class TestQuery:
    @pytest.mark.parametrize(
        "path", ["/customers/{id}", "/customers/{id}/contacts", "/me", "/rates", "/sources"]
    )
    def test_with_a_word_that_is_not_its_own_is_refused(self, caller, own, path):
        who = caller("credit_manager") if path == "/rates" else caller("data_steward")
        path = path.format(id=own.public_id)
        answer = who.get(path, foo="1", bar="2")
        assert [(code, field) for code, field, _ in said(answer)] == [
            ("filter_unknown", "bar"), ("filter_unknown", "foo"),
        ]  # fmt: skip
        assert answer.status_code == 422
        assert who.get(path).status_code in (200, 403)

    @pytest.mark.parametrize(
        ("path", "query", "fields"),
        [
            ("/customers", "limit=2&limit=3", ["limit"]),
            ("/customers", "kind=person&kind=person&stage=former", ["kind"]),
            ("/customers/{id}", "true_on=2026-01-01&true_on=2026-02-01", ["true_on"]),
            ("/invoices", "number=1&number=2&kind=invoice&kind=invoice", ["kind", "number"]),
            ("/payments", "source=a&source=b", ["source"]),
            ("/sources", "limit=1&limit=1", ["limit"]),
            ("/analyses/rfm", "as_of=2026-05-01&as_of=2026-05-02", ["as_of"]),
            ("/analyses/abc", "as_of=2026-05-01&a_until_percent=70&a_until_percent=71",
             ["a_until_percent"]),
        ],
    )  # fmt: skip
    def test_with_a_word_of_its_own_given_twice_is_refused(self, caller, own, path, query, fields):
        path = path.format(id=own.public_id)
        steward = caller("data_steward")
        answer = steward.client.get(f"/api/v1{path}?{query}", headers=steward._headers())
        assert answer.status_code == 422
        wanted = [("parameter_given_twice", field) for field in fields]
        assert [one[:2] for one in said(answer)] == wanted
        assert all("is given more than once" in text for _, _, text in said(answer))

    def test_keeps_its_own_words(self, caller, own):
        path = f"/customers/{own.public_id}"
        answer = caller("sales").get(path, true_on="2026-03-01")
        assert answer.status_code == 200


class TestBody:
    @pytest.mark.parametrize("value", ["yes", 1, 0, "true", None])
    def test_says_true_or_false_and_nothing_like_it(self, caller, own, value):
        path = f"/customers/{own.public_id}/archive"
        answer = caller("sales").send("POST", path, {"archived": value})
        assert (answer.status_code, said(answer)[0][:2]) == (
            422, ("field_not_a_yes_or_no", "archived"),
        )  # fmt: skip
        with system_context("a look"):
            assert Customer.objects.get(pk=own.pk).archived_at is None

    @pytest.mark.parametrize("value", [0, 1767225600, 1.5, True])
    def test_takes_no_number_for_a_day(self, caller, own, value):
        change = {"changes": {"city": "Toledo"}, "true_from": value}
        answer = caller("sales").send("PATCH", f"/customers/{own.public_id}", change)
        assert (answer.status_code, said(answer)[0][:2]) == (422, ("field_not_a_date", "true_from"))

    def test_is_told_its_own_names(self, caller):
        answer = caller("data_steward").send("POST", "/sources", {"name": "x", "node": "madrid"})
        assert {code: text for code, _, text in said(answer)} == {
            "field_missing": "branch is missing.",
            "field_unknown": "This form has no field node. Nothing was changed.",
        }

    def test_of_a_source_with_a_long_name_is_told_how_long_it_may_be(self, caller):
        body = {"name": "x" * 300, "branch": "madrid"}
        ((code, _, text),) = said(caller("data_steward").send("POST", "/sources", body))
        assert (code, "at most 60" in text) == ("source_name_invalid", True)


class TestName:
    @pytest.mark.parametrize("key", ["phone#\x00", "phone#a\ud800", "no\x00such", "no\ud800such"])
    def test_that_nothing_can_hold_is_refused_and_kept_legibly(self, caller, own, key):
        path = f"/customers/{own.public_id}"
        answer = caller("sales").send("PATCH", path, {"changes": {key: "+34911234567"}})
        assert answer.status_code == 422
        assert "\ufffd" in said(answer)[0][1]


def writes():
    """Yield method, address and fields of every write that takes an object."""
    for where, schema in bodies():
        method, path, kind = where.split()
        if kind == "application/json":
            yield method, re.sub("{[^}]*}", "x", path.removeprefix("/api/v1")), schema["properties"]


def nested(fields, text):
    """Yield each field with a text in it, and where it holds texts by name, as name as well."""
    for field, told in fields.items():
        if told.get("type") == "object":
            yield field, {"name": text}
            yield field, {text: "x"}
        else:
            yield field, [text] if told.get("type") == "array" else text


class TestText:
    @pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
    def test_that_nothing_can_hold_is_refused_wherever_it_stands(self, caller, own, text):
        callers = [caller(who) for who in ("data_steward", "credit_manager", "sales")]
        wrong = []
        for method, path, fields in writes():
            for field, value in nested(fields, text):
                answers = [one.send(method.upper(), path, {field: value}) for one in callers]
                taken = [a for a in answers if a.status_code != 403]
                said_of = {(code, f) for a in taken for code, f, _ in said(a)}
                told = {f for code, f in said_of if code == "value_not_storable"}
                if {a.status_code for a in taken} != {422} or not told & {
                    field, "name", legible(text),
                }:  # fmt: skip
                    wrong.append((method, path, field, value, said_of))
        assert not wrong

    @pytest.mark.parametrize("field", ["source", "kind", "mapping", "sheet", "settings"])
    def test_is_refused_in_a_form_too(self, caller, field):
        steward = caller("data_steward")
        form = {"file": SimpleUploadedFile("sales.csv", b"A,B\n1,2\n"), "source": "till"}
        headers = steward._headers() | {"Idempotency-Key": f"nul-{field}"}
        answer = steward.client.post("/api/v1/imports", form | {field: "a\x00"}, headers=headers)
        assert said(answer)[0][:2] == ("value_not_storable", field)
        assert answer.status_code == 422


class TestLength:
    def test_of_a_reason_is_told(self, caller, own):
        change = {"changes": {"city": "Toledo"}, "reason": "x" * 201}
        answer = caller("sales").send("PATCH", f"/customers/{own.public_id}", change)
        ((code, field, text),) = said(answer)
        assert (code, field, "at most 200" in text) == ("field_too_long", "reason", True)

    @pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
    def test_of_a_key_is_told(self, caller, own, key):
        change = {"changes": {"city": "Toledo"}}
        answer = caller("sales").send("PATCH", f"/customers/{own.public_id}", change, key=key)
        assert said(answer)[0][0] == "idempotency_key_invalid"


class TestItem:
    def test_is_one_whatever_the_size_of_its_letters(self, caller, own):
        sales, path = caller("sales"), f"/customers/{own.public_id}"
        change = {"changes": {"phone#office": "+34911234567"}}
        assert sales.send("PATCH", path, change).status_code == 200
        for other in (
            {"phone#Office": "+34911234568"},
            {"phone#a": "+34911234561", "phone#A": "+34911234562"},
        ):
            answer = sales.send("PATCH", path, {"changes": other})
            assert (answer.status_code, said(answer)[-1][0]) == (422, "item_stands_already")
        change = {"changes": {"phone#office": "+34911234569"}}
        assert sales.send("PATCH", path, change).status_code == 200


class TestFact:
    def test_names_its_source_by_the_name_that_programs_use(self, caller, own):
        with system_context("a source with a title"):
            Source.objects.filter(name="erp").update(title="The ERP of Madrid")
        facts = caller("sales").get(f"/customers/{own.public_id}").json()["facts"]
        assert {(f["source"], f["source_title"]) for f in facts} == {("erp", "The ERP of Madrid")}
