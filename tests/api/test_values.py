"""A value of a customer's file is read by the rules of an import, whoever states it."""

import pytest

from clientela.intake.entry import attribute_value
from clientela.kernel.reasons import Reason
from clientela.records.models import Customer
from clientela.records.services.desk import correct_customer
from clientela.store.context import system_context
from tests.factories import NOON, add_customer

BAD = {
    "email": ("not an address", "email_invalid"),
    "phone": ("12", "phone_invalid"),
    "country": ("Atlantis", "country_unknown"),
    "tax_number": ("B58818502", "register_number_invalid"),
    "registration_number": ("B58818502", "register_number_invalid"),
    "founded_on": ("2026-02-30", "no_such_day"),
    "customer_since": ("yesterday", "not_a_date"),
    "staff": ("many", "not_a_number"),
    "stage": ("friend", "not_a_choice"),
    "owner": ("1", "attribute_not_set_here"),
    "org_node": ("1", "attribute_not_set_here"),
    "birth_date": ("1981-02-03", "attribute_unknown"),  # of a company
    "name": ("a\u202eb", "value_not_storable"),
}


@pytest.fixture
def company_id(company):
    with system_context("a customer for a test"):
        made = add_customer(company, node="madrid", owner="sales", name="Aceros S.A.", country="ES")
        return str(Customer.objects.get(pk=made).public_id)


class TestValue:
    @pytest.mark.parametrize("name", BAD)
    def test_that_an_import_refuses_is_refused_in_a_correction(self, caller, company_id, name):
        value, code = BAD[name]
        answer = caller("sales").send(
            "PATCH", f"/customers/{company_id}", {"changes": {name: value}}
        )
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], reason["params"]["field"]) == (code, name)

    def test_that_an_import_refuses_is_refused_in_a_new_file(self, caller, company):
        attributes = {"name": "Bar Luz", "email": "x", "phone": "911234567", "country": "ES"}
        body = {"kind": "company", "branch": "madrid", "attributes": attributes}
        answer = caller("sales").send("POST", "/customers", body)
        assert answer.status_code == 422
        assert [r["code"] for r in answer.json()["reasons"]] == ["email_invalid"]

    def test_is_kept_in_the_form_of_an_import(self, caller, company_id):
        changes = {"phone": "911 234 567", "email": "Ventas@ACEROS.example", "country": "Spain",
                   "founded_on": "1998-04-02", "city": " Toledo ", "phone#office": "+34 600 123 456"}  # fmt: skip
        sales = caller("sales")
        answer = sales.send("PATCH", f"/customers/{company_id}", {"changes": changes})
        assert answer.status_code == 200, answer.content
        facts = {
            f["key"]: f["value"] for f in sales.get(f"/customers/{company_id}").json()["facts"]
        }
        assert facts["phone"] == "+34911234567"
        assert facts["phone#office"] == "+34600123456"
        assert facts["email"] == "Ventas@aceros.example"
        assert (facts["country"], facts["city"]) == ("ES", "Toledo")

    def test_that_is_a_number_inside_leaves_as_what_it_names(self, caller, company_id):
        facts = caller("sales").get(f"/customers/{company_id}").json()["facts"]
        values = {fact["key"]: fact["value"] for fact in facts}
        assert (values["org_node"], values["owner"]) == ("madrid", "sales")

    @pytest.mark.parametrize("name", ["birth_date", "founded_on", "customer_since"])
    def test_of_a_day_to_come_is_refused_where_it_tells_of_the_past(self, name):
        said = attribute_value(name, "2026-07-01", country=None, as_of=NOON.date())
        assert said == Reason(code="date_in_the_future")
        today = NOON.date().isoformat()
        assert attribute_value(name, today, country=None, as_of=NOON.date()) == today

    @pytest.mark.parametrize("name", ["founded_on", "customer_since"])
    def test_of_a_day_to_come_is_refused_by_the_api_and_kept_nowhere(
        self, caller, company_id, name
    ):
        sales, address = caller("sales"), f"/customers/{company_id}"
        before = sales.get(address).json()
        for answer in (
            sales.send("PATCH", address, {"changes": {name: "2099-01-01"}}),
            sales.send("POST", "/customers", {
                "kind": "company", "branch": "madrid",
                "attributes": {"name": "Bar Luz", name: "2099-01-01"},
            }),
        ):  # fmt: skip
            assert answer.status_code == 422
            (reason,) = answer.json()["reasons"]
            assert (reason["code"], reason["params"]["field"]) == ("date_in_the_future", name)
        assert sales.get(address).json() == before

    @pytest.mark.parametrize("name", ["owner", "org_node"])
    def test_that_only_a_source_says_is_refused_with_where_it_is_changed(
        self, caller, company_id, name
    ):
        answer = caller("sales").send(
            "PATCH", f"/customers/{company_id}", {"changes": {name: "madrid"}}
        )
        (reason,) = answer.json()["reasons"]
        assert "cannot be changed here" in reason["text"]
        assert "A file of customers says it" in reason["text"]

    def test_of_none_says_that_there_is_none(self, company, company_id):
        access = company.access("sales")
        with system_context("a correction for a test"):
            correct_customer(
                access=access, public_id=company_id, changes={"city": "Toledo"}, at=NOON
            )
            changed = correct_customer(
                access=access, public_id=company_id, changes={"city": None}, at=NOON
            )
        assert changed.city is None
