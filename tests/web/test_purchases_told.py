"""What a customer bought up to the day is for who reads documents: two readings tell one."""

import pytest

from clientela.records.models import Customer
from clientela.security.models import Grant
from clientela.store.context import system_context
from tests.factories import NOON
from tests.web.world import LONG_AFTER, World

AMOUNT, DAY = "7,321.45", "17 Mar 2026"
ALL = "?columns=kind,abc,segment,sales,last,known"
ORDERS = ("sales", "-sales", "last_purchase", "-last_purchase")
READ_AMOUNTS = {"sales", "credit_controller", "credit_manager", "data_steward", "auditor"}
READ_DAYS = READ_AMOUNTS | {"service"}
EVERY = sorted(READ_DAYS | {"marketing"})


@pytest.fixture
def bought(world: World) -> World:
    told = {"abc_class": "A", "rfm_segment": "not_to_be_lost"}
    told |= {"net_sales_base_minor": 732145, "last_purchase_on": "2026-03-17"}
    with system_context("figures for a test"):
        for one in world.customers.values():
            Customer.objects.filter(pk=one.pk).update(**told)
    return world


def also(world: World, who: str, role: str, node: str) -> None:
    with system_context("a second role for a test"):
        Grant.objects.create(
            user=world.company.users[who], role=role, node=world.company.nodes[node],
            valid_from=NOON, valid_to=LONG_AFTER, proposed_by="a", proposed_at=NOON,
            approved_by="b", approved_at=NOON,
        )  # fmt: skip


class TestThePage:
    @pytest.mark.parametrize("who", EVERY)
    def test_shows_amount_and_day_to_who_reads_them(self, bought: World, who: str) -> None:
        text = bought.client(who).get("/customers/" + ALL).content.decode()
        assert '<span class="tag tag-key">A</span>' in text
        assert (AMOUNT in text) is (who in READ_AMOUNTS)
        assert ("Net sales, 12 months" in text) is (who in READ_AMOUNTS)
        assert (DAY in text) is (who in READ_DAYS)
        assert ("Last purchase" in text) is (who in READ_DAYS)

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("who", ["marketing", "service"])
    def test_falls_back_from_an_order_that_would_tell(
        self, bought: World, who: str, order: str
    ) -> None:
        answer = bought.client(who).get(f"/customers/?order={order}")
        text = answer.content.decode()
        assert answer.status_code == 200
        kept = who == "service" and order.endswith("last_purchase")
        assert ("cannot be sorted that way" in text) is not kept
        assert (f'name="order" value="{order}"' in text) is kept
        assert "Name colleague" in text

    def test_shows_of_two_roles_what_each_place_allows(self, bought: World) -> None:
        also(bought, "marketing", "credit_controller", "sevilla")
        client = bought.client("marketing")
        text = client.get("/customers/" + ALL).content.decode()
        assert text.count(AMOUNT) == 1
        assert text.count(DAY) == 1
        assert "cannot be sorted" in client.get("/customers/?order=-sales").content.decode()
        assert "cannot be sorted" in client.get("/customers/?order=last_purchase").content.decode()

    def test_refuses_an_order_that_there_is_not(self, bought: World) -> None:
        assert bought.client("marketing").get("/customers/?order=phone").status_code == 422
