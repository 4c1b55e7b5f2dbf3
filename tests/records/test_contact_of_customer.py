"""Service changes how a customer is reached, and nothing else of its file."""

import pytest
from django.urls import reverse

from clientela.kernel.reasons import NotPermitted
from clientela.records.attributes import ATTRIBUTES, CONTACT
from clientela.records.services import correct_customer
from clientela.store.context import system_context
from tests.factories import NOON
from tests.web.world import World

CHANGES = {"phone": "+34600111222", "email": "a@b.example", "postcode": "45001"}


def correct(world: World, who: str, **changes: str) -> None:
    with system_context("a test"):
        correct_customer(
            access=world.company.access(who), public_id=str(world.customers["colleague"].public_id),
            changes=changes, at=NOON,
        )  # fmt: skip


class TestService:
    def test_changes_how_a_customer_is_reached(self, world: World) -> None:
        correct(world, "service", **CHANGES)
        with system_context("a test"):
            world.customers["colleague"].refresh_from_db()
        assert world.customers["colleague"].facts["postcode"] == "45001"

    @pytest.mark.parametrize("name", sorted(ATTRIBUTES.keys() - CONTACT - {"org_node", "owner"}))
    def test_changes_no_other_fact_and_not_both_at_once(self, world: World, name: str) -> None:
        for changes in ({name: "x"}, {name: "x", **CHANGES}):
            with pytest.raises(NotPermitted) as refused:
                correct(world, "service", **changes)
            assert refused.value.reasons[0].params["act"] == "customer.write"
        with system_context("a test"):
            world.customers["colleague"].refresh_from_db()
        assert "postcode" not in world.customers["colleague"].facts

    def test_sees_fields_for_no_more_than_that(self, world: World) -> None:
        url = reverse("customers:edit", args=[world.customers["colleague"].public_id])
        service, steward = world.client("service"), world.client("data_steward")
        shown = {field.key for field in service.get(url).context["fields"]}
        added = {f"{word}:{name}" for word in ("add", "as") for name in ("phone", "email")}
        assert shown == CONTACT | added
        assert {field.key for field in steward.get(url).context["fields"]} > CONTACT
        page = service.get(reverse("customers:file", args=[world.customers["own"].public_id]))
        assert (page.context["may_edit"], page.context["may_write"]) == (True, False)
