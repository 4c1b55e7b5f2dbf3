"""Customers through the API: in reach, masked by class, written once."""

from datetime import timedelta

import pytest
from django.test import Client

from clientela.audit.models import Event
from clientela.records.models import Classification, Customer, RecordVersion
from clientela.security.models import Purpose, Token
from clientela.security.services.founding import _PURPOSES
from clientela.store.context import system_context
from tests.factories import NOON, add_customer

TOP = ["name", "city", "stage", "branch", "abc_class"]
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def ids(company):
    """Public ids of a customer of each kind that matters here."""
    with system_context("customers for a test"):
        made = {
            "own": add_customer(company, node="madrid", owner="sales", name="Aceros S.A."),
            "colleague": add_customer(company, node="madrid", owner="colleague", name="Bar Luz"),
            "foreign": add_customer(company, node="shanghai", name="上海贸易有限公司"),
            "person": add_customer(
                company, node="madrid", kind="person", name="Ana Gil", phone="+34911234567"
            ),
        }
        return {
            name: str(Customer.objects.get(pk=customer).public_id)
            for name, customer in made.items()
        }


class TestListOfCustomers:
    def test_holds_what_a_salesperson_owns_and_nothing_else(self, caller, ids):
        found = caller("sales").get("/customers").json()["items"]
        assert [c["id"] for c in found] == [ids["own"]]

    def test_holds_the_whole_branch_for_a_credit_controller(self, caller, ids):
        found = caller("credit_controller").get("/customers").json()["items"]
        assert {c["id"] for c in found} == {ids["own"], ids["colleague"], ids["person"]}

    def test_tells_what_it_can_be_ordered_by(self, caller, ids):
        with system_context("figures of customers for a test"):
            told = {"net_sales_base_minor": 123456, "last_purchase_on": "2026-03-04"}
            Customer.objects.filter(public_id=ids["colleague"]).update(**told)
        found = caller("credit_controller").get("/customers", order="-sales").json()["items"]
        figures = {c["id"]: (c["net_sales"], c["last_purchase_on"], c["owner"]) for c in found}
        sold = {"amount": "1234.56", "currency": "EUR"}
        assert figures[ids["colleague"]] == (sold, "2026-03-04", "colleague")
        assert figures[ids["person"]] == (None, None, None)

    @pytest.mark.parametrize(
        ("who", "amount", "day"),
        [("marketing", False, False), ("service", False, True), ("auditor", True, True)],
    )
    def test_tells_of_purchases_what_documents_would(self, caller, company, ids, who, amount, day):
        with system_context("figures of customers for a test"):
            told = {"net_sales_base_minor": 123456, "last_purchase_on": "2026-03-04"}
            Customer.objects.update(**told, abc_class="B", rfm_segment="new")
        program = caller(who)
        found = program.get("/customers").json()["items"]
        assert len(found) >= 3
        for one in found:
            assert (one["net_sales"] is not None) is amount
            assert (one["last_purchase_on"] is not None) is day
            assert (one["abc_class"], one["segment"]) == ("B", "new")
        for order in ("sales", "-sales"):
            assert program.get("/customers", order=order).status_code == (200 if amount else 422)
        for order in ("last_purchase", "-last_purchase"):
            answer = program.get("/customers", order=order)
            assert answer.status_code == (200 if day else 422)
            if not day:
                assert answer.json()["reasons"][0]["code"] == "order_not_allowed"

    def test_tells_a_program_without_documents_what_its_amounts_tell(self, caller, company, ids):
        with system_context("figures of customers for a test"):
            Customer.objects.update(net_sales_base_minor=1, last_purchase_on="2026-03-04")
        service = caller("service", acts=["customer.read"])
        assert {c["last_purchase_on"] for c in service.get("/customers").json()["items"]} == {None}
        assert service.get("/customers", order="last_purchase").status_code == 422

    def test_is_refused_to_the_administrator(self, caller, ids):
        answer = caller("administrator").get("/customers")
        assert answer.status_code == 403
        assert answer.json()["reasons"][0]["code"] == "act_not_permitted"

    def test_masks_a_persons_name_for_marketing_and_cannot_be_sorted_by_it(self, caller, ids):
        marketing = caller("marketing")
        names = {c["id"]: c["name"] for c in marketing.get("/customers").json()["items"]}
        assert names[ids["person"]] == "A*"
        assert names[ids["own"]] == "Aceros S.A."
        assert marketing.get("/customers", order="name").status_code == 422
        assert marketing.get("/customers", name="Ana").json()["items"] == []

    def test_refuses_a_filter_that_there_is_not(self, caller, ids):
        answer = caller("sales").get("/customers", owner__password="x")
        assert answer.status_code == 422

    def test_pages_by_key_through_everything_once(self, caller, company):
        with system_context("customers for a test"):
            for n in range(7):
                add_customer(company, node="madrid", name=f"Taller {n}")
        boss, seen, cursor = caller("boss"), [], ""
        while True:
            page = boss.get("/customers", limit=3, order="name", cursor=cursor).json()
            seen += [c["name"] for c in page["items"]]
            cursor = page["next"]
            if not cursor:
                break
        assert seen == [f"Taller {n}" for n in range(7)]


class TestCustomer:
    def test_that_is_foreign_answers_as_one_that_is_not_there(self, caller, ids):
        sales = caller("sales")
        answers = [sales.get(f"/customers/{i}") for i in (ids["foreign"], NOWHERE, "x'--")]
        assert {a.status_code for a in answers} == {404}
        assert len({a.content for a in answers}) == 1

    def test_is_opened_once_however_often_the_request_is_sent(self, caller, company, ids):
        sales = caller("sales")
        body = {"kind": "company", "branch": "madrid", "attributes": {"name": "Nuevo S.L."}}
        answers = [sales.send("POST", "/customers", body, key="k1") for _ in range(3)]
        assert [a.status_code for a in answers] == [201] * 3
        assert len({a.content for a in answers}) == 1
        other = body | {"attributes": {"name": "Otro S.L."}}
        assert sales.send("POST", "/customers", other, key="k1").status_code == 422
        with system_context("a look"):
            assert Customer.objects.filter(name="Nuevo S.L.").count() == 1

    def test_is_corrected_without_losing_what_was_known(self, caller, ids):
        sales = caller("sales")
        answer = sales.send("PATCH", f"/customers/{ids['own']}", {"changes": {"city": "Cádiz"}})
        assert answer.json()["city"] == "Cádiz"
        with system_context("a look"):
            assert RecordVersion.objects.filter(author="sales").count() == 1

    @pytest.mark.parametrize(
        ("key", "code"),
        [
            ("name#x", "attribute_has_one_value"),
            ("stage#x", "attribute_has_one_value"),
            *(
                (f"phone#{item}", "item_name_invalid")
                for item in ("", "#", "<b>", " a", "x" * 31, "600111")
            ),
        ],
    )
    def test_names_an_item_only_of_what_may_be_several(self, caller, ids, key, code):
        path = f"/customers/{ids['own']}"
        answer = caller("sales").send("PATCH", path, {"changes": {key: "+34911234567"}})
        (reason,) = answer.json()["reasons"]
        assert (answer.status_code, reason["code"]) == (422, code)
        assert reason["text"]
        with system_context("a look"):
            assert key not in Customer.objects.get(public_id=ids["own"]).facts

    def test_still_changes_an_item_of_a_name_that_is_taken_no_more(self, caller, ids):
        with system_context("one of an older release"):
            known = Customer.objects.get(public_id=ids["own"])
            known.facts |= {"phone#<b>": "+34911234567"}
            known.save(update_fields=["facts"])
        path = f"/customers/{ids['own']}"
        answer = caller("sales").send("PATCH", path, {"changes": {"phone#<b>": "+34910000000"}})
        assert answer.status_code == 200

    def test_cannot_be_corrected_by_an_auditor_and_nothing_is_written(self, caller, ids):
        with system_context("a look"):
            before = RecordVersion.objects.count()
        answer = caller("auditor").send(
            "PATCH", f"/customers/{ids['own']}", {"changes": {"city": "X"}}
        )
        assert answer.status_code == 403
        with system_context("a look"):
            assert RecordVersion.objects.count() == before
        assert Event.objects.filter(act="web.request.refused", actor="auditor").count() == 1

    def test_is_as_of_then_in_every_field(self, caller, company, ids):
        """What is believed today stands nowhere beside what was believed then."""
        sales, path = caller("sales"), f"/customers/{ids['own']}"
        with system_context("classes of then and now"):
            own = Customer.objects.get(public_id=ids["own"])
            for value, on in (("A", NOON - timedelta(days=70)), ("C", NOON)):
                Classification.objects.create(
                    customer=own, scheme="abc", value=value, as_of=on.date(), snapshot=1,
                    recorded_at=on,
                )  # fmt: skip
            Customer.objects.filter(pk=own.pk).update(abc_class="C")
        changes = {"changes": {"name": "Hierros S.A.", "city": "Cádiz", "stage": "former"}}
        assert sales.send("PATCH", path, changes).status_code == 200
        now = sales.get(path).json()
        assert [now[key] for key in TOP] == ["Hierros S.A.", "Cádiz", "former", "madrid", "C"]
        then = (NOON - timedelta(days=60)).isoformat()
        asked = sales.get(path, known_on=then).json()
        assert [asked[key] for key in TOP] == ["Aceros S.A.", None, "customer", "madrid", "A"]
        assert {f["key"]: f["value"] for f in asked["facts"]}["name"] == asked["name"]
        back = (NOON - timedelta(days=60)).date().isoformat()
        assert [sales.get(path, true_on=back).json()[key] for key in TOP[:2]] == [
            "Aceros S.A.", None,
        ]  # fmt: skip

    def test_of_whom_nothing_was_known_then_has_no_field(self, caller, ids):
        before = (NOON - timedelta(days=300)).isoformat()
        found = caller("data_steward").get(f"/customers/{ids['person']}", known_on=before).json()
        assert {key for key, value in found.items() if value} == {"id", "kind"}

    def test_masks_the_name_of_then_as_that_of_today(self, caller, ids):
        then = (NOON - timedelta(days=60)).isoformat()
        found = caller("marketing").get(f"/customers/{ids['person']}", known_on=then).json()
        assert found["name"] == "A*"

    def test_refuses_a_write_without_a_key(self, caller, ids):
        sales = caller("sales")
        answer = sales.client.patch(
            f"/api/v1/customers/{ids['own']}", {"changes": {"city": "X"}},
            content_type="application/json", headers={"Authorization": f"Bearer {sales.token}"},
        )  # fmt: skip
        assert answer.json()["reasons"][0]["code"] == "idempotency_key_missing"

    def test_shows_a_masked_value_for_a_purpose_and_writes_who_saw_it(self, caller, ids):
        Purpose.objects.create(
            code="data_quality", name={}, classes=["S2"], roles=["data_steward"], legal_basis="x"
        )
        steward = caller("data_steward")
        path = f"/customers/{ids['person']}"
        facts = {f["key"]: f for f in steward.get(path).json()["facts"]}
        assert facts["phone"]["masked"]
        assert facts["phone"]["value"] == "349****4567"
        body = {"field": "phone", "purpose": "data_quality"}
        assert steward.send("POST", f"{path}/reveal", body).json()["value"] == "+34911234567"
        event = Event.objects.get(act="security.field.revealed")
        assert (event.actor, event.fields_read) == ("data_steward", {"phone": "S2"})
        refused = steward.send("POST", f"{path}/reveal", body | {"purpose": "curiosity"})
        assert refused.status_code == 422
        (reason,) = refused.json()["reasons"]
        assert reason["code"] == "purpose_unknown"
        assert reason["params"] == {"field": "purpose", "known": "data_quality"}
        assert "data_quality" in reason["text"]

    def test_names_the_purposes_of_a_reveal_in_its_description(self, caller):
        description = caller("sales").get("/openapi.json").json()
        told = description["components"]["schemas"]["Reveal"]["properties"]["purpose"]
        for code, _, _, roles, _, _ in _PURPOSES:
            assert f"`{code}` ({', '.join(roles)}" in told["description"]

    def test_shows_no_program_where_a_person_lives_with_or_without_a_case(self, company, caller):
        Purpose.objects.create(
            code="collection", name={}, classes=["S2", "S4"], roles=["credit_controller"],
            legal_basis="x",
        )  # fmt: skip
        with system_context("where a person lives"):
            add_customer(company, node="madrid", key="lives", kind="person", name="Ana Gil",
                         address="Calle Mayor 1")  # fmt: skip
            person = Customer.objects.order_by("-id").first()
        controller = caller("credit_controller")
        for note in ("", "case 7"):
            body = {"field": "address", "purpose": "collection", "note": note}
            answer = controller.send("POST", f"/customers/{person.public_id}/reveal", body)
            assert answer.status_code == 403
            assert answer.json()["reasons"][0]["code"] == "reveal_is_for_persons"
            assert "Calle Mayor" not in answer.content.decode()


class TestToken:
    @pytest.mark.parametrize("header", ["", "Bearer clt_wrong", "Basic YTpi", "Bearer "])
    def test_that_is_not_in_force_answers_401(self, company, header):
        headers = {"Authorization": header} if header else {}
        answer = Client().get("/api/v1/customers", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_is_limited_to_its_acts(self, caller, ids):
        limited = caller("sales", acts=["product.read"])
        assert limited.get("/customers").status_code == 403

    def test_ends_with_the_next_request_when_it_is_revoked(self, caller, company, ids):
        sales = caller("sales")
        assert sales.get("/me").status_code == 200
        Token.objects.update(revoked_at="2026-01-01T00:00Z", revoked_by="officer")
        assert sales.get("/me").status_code == 401

    def test_ends_with_its_user(self, caller, company, ids):
        sales = caller("sales")
        company.users["sales"].is_active = False
        company.users["sales"].save()
        assert sales.get("/me").status_code == 401
