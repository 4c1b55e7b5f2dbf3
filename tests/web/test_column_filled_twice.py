"""A column that is chosen for two fields is refused with both, by page and by program."""

import pytest

from clientela.store.context import system_context
from tests.web.test_imports import ANSWERS, again, answered, place, run_of, send
from tests.web.world import World

TAXED = """Invoice,Product,Qty,Importe con IVA,Date,Client,Note
1001,A-1,2,121.00,2026-03-01,C1,
"""
BASE = {k: v for k, v in ANSWERS.items() if k != "column:Price"}
COLUMN = "column:Importe con IVA"
AS_TAX = {**BASE, COLUMN: "tax_amount"}


@pytest.fixture
def world(world: World, settings) -> World:
    settings.AFTER_IMPORT = ()
    return world


def refused(world: World, body: dict[str, str], language: str = "") -> str:
    run = run_of(send(world, TAXED, kind="sales_lines"))
    headers = {"Accept-Language": language} if language else {}
    answer = world.client("data_steward").post(place("answers", run), body, headers=headers)
    assert answer.status_code == 422
    assert again(run).definition["columns"] == run.definition["columns"]
    return answer.content.decode()


class TestThePage:
    def test_refuses_a_column_that_is_chosen_for_a_needed_field_as_well(self, world: World) -> None:
        page = refused(world, AS_TAX | {"need:unit_price": "Importe con IVA"})
        assert "Importe con IVA fills Tax already; it cannot fill Unit price as well" in page

    def test_refuses_one_that_is_chosen_for_two_needed_fields(self, world: World) -> None:
        body = {k: v for k, v in BASE.items() if k != "column:Qty"}
        body |= {"need:quantity": "Qty", "need:unit_price": "Qty"}
        page = refused(world, body)
        assert "The column Qty fills Quantity already" in page

    @pytest.mark.parametrize("said", ["", "ignore", "unit_price"])
    def test_takes_one_of_which_nothing_else_is_said(self, world: World, said: str) -> None:
        run = run_of(send(world, TAXED, kind="sales_lines"))
        body = BASE | {COLUMN: said, "need:unit_price": "Importe con IVA"}
        assert answered(world, run, body).definition["columns"]["unit_price"] == "Importe con IVA"

    def test_lets_a_column_be_something_else_later(self, world: World) -> None:
        run = run_of(send(world, TAXED, kind="sales_lines"))
        with system_context("a program has answered"):
            run.answers = {**run.answers, "answers": {"field:unit_price": "Importe con IVA"}}
            run.save(update_fields=["answers"])
        run = answered(world, run, BASE | {COLUMN: "gross_amount", "set:tax_rate": "21"})
        assert run.questions == []
        assert run.definition["columns"]["gross_amount"] == "Importe con IVA"
        assert "unit_price" not in run.definition["columns"]
