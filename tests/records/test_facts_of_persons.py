"""What describes a private person is masked where it is shown, and sealed but for counted bands."""

import pytest
from django.urls import reverse

from clientela.records.models import Customer
from clientela.settings.setup import READABLE
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.tables.customers import CUSTOMERS
from tests.factories import add_customer
from tests.web.world import World

FACTS = {
    "sex": "female",
    "birth_date": "1990-02-03",
    "age_band": "35 to 44",
    "income_band": "50 to 74k",
    "household_size": "5 and more",
    "household_type": "two adults with kids",
    "marital_status": "widowed",
    "home_ownership": "Sublet flat",
    "children": "three of them",
}
COUNTED = {"sex", "age_band", "income_band", "household_size"}
ROLES = "sales credit_controller credit_manager marketing service data_steward auditor"


@pytest.fixture
def person(world: World) -> Customer:
    with system_context("a person"):
        pk = add_customer(
            world.company, node="madrid", owner="sales", kind="person", name="Ana", key="p-1",
            **FACTS,
        )  # fmt: skip
        return Customer.objects.get(pk=pk)


class TestFactsOfPersons:
    def test_stand_plain_in_no_row_of_the_ledger(self, person: Customer) -> None:
        with system_context("looking at rest"):
            rows = [
                *fetch("select c::text from records_customer c where id = %s", [person.pk]),
                *fetch("select v::text from records_recordversion v"),
            ]
        kept = "\n".join(text for (text,) in rows)
        assert "cipher" in kept
        assert {name for name, value in FACTS.items() if value in kept} == COUNTED

    @pytest.mark.parametrize("role", ROLES.split())
    def test_are_masked_to_every_role(self, world: World, person: Customer, role: str) -> None:
        for page in ("customers:file", "customers:history"):
            answer = world.client(role).get(reverse(page, args=[person.public_id]))
            if answer.status_code == 200:  # sales alone reaches the own customers as owner
                text = answer.content.decode()
                shown = [v for v in (*FACTS.values(), "Female", "Widowed") if f">{v}" in text]
                assert shown == [], (role, page)

    def test_are_told_by_the_api_as_masks(self, world: World, person: Customer) -> None:
        told = world.client("sales").get(f"/api/v1/customers/{person.public_id}").content.decode()
        assert [value for value in FACTS.values() if value in told] == []

    def test_are_in_the_copy_only_as_what_persons_are_counted_by(self) -> None:
        bands = {"sex", "age_band", "income_band", "household_size_band"}
        told = {*FACTS, "household_size_band"}
        assert set(CUSTOMERS.columns) & told == bands
        assert set(READABLE["records_customer"].split()) & told == COUNTED
