"""Sources for programs: which of them tell of payments, and who may say so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clientela.audit.models import Event
from clientela.records.models import Source
from clientela.security.models import OrgNode
from clientela.store.context import system_context
from tests.api.test_problems import reasons


@pytest.fixture
def shop(caller):
    steward = caller("data_steward")
    made = steward.send("POST", "/sources", {"name": "shop", "branch": "madrid"})
    assert made.json()["settlement"] == "unknown"
    return steward


class TestSource:
    def test_is_said_to_tell_of_payments(self, shop):
        answer = shop.send("PATCH", "/sources/shop", {"settlement": "known"})
        told = answer.json()
        assert (answer.status_code, told["settlement"], told["invoices"]) == (200, "known", 0)
        (listed,) = [one for one in shop.get("/sources").json()["items"] if one["name"] == "shop"]
        assert listed["settlement"] == "known"
        with system_context("a test looks"):
            event = Event.objects.get(act="trade.source.settlement_set")
        assert (event.before, event.after) == ({"settlement": "unknown"}, {"settlement": "known"})

    def test_takes_no_other_word(self, shop):
        answer = shop.send("PATCH", "/sources/shop", {"settlement": "often"})
        assert reasons(answer, 422) == ["value_not_a_choice"]

    @pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("administrator", 403)])
    def test_is_not_changed_by_who_may_only_look(self, shop, caller, who, status):
        answer = caller(who).send("PATCH", "/sources/shop", {"settlement": "known"})
        assert answer.status_code == status
        with system_context("a test looks"):
            assert Source.objects.get(name="shop").settlement == "unknown"

    def test_of_another_branch_is_not_there(self, shop):
        with system_context("it is moved"):
            node = OrgNode.objects.get(code="shanghai")
            Source.objects.filter(name="shop").update(org_node=node)
        answer = shop.send("PATCH", "/sources/shop", {"settlement": "known"})
        assert answer.status_code == 404

    @pytest.mark.parametrize("name", ["desk", "DESK"])
    def test_has_no_name_that_the_product_keeps(self, shop, name):
        answer = shop.send("POST", "/sources", {"name": name, "branch": "madrid"})
        assert reasons(answer, 422) == ["source_name_kept"]
        file = SimpleUploadedFile("people.csv", b"Customer ID,Name\nK1,Luz\n")
        headers = shop._headers() | {"Idempotency-Key": f"desk-{name}"}
        for dry_run in ("false", "true"):
            file.seek(0)
            more = {"file": file, "source": name, "dry_run": dry_run}
            headers["Idempotency-Key"] += dry_run
            answer = shop.client.post("/api/v1/imports", more, headers=headers)
            assert reasons(answer, 422) == ["source_name_kept"]
        with system_context("a test looks"):
            assert not Source.objects.filter(name="desk").exists()
