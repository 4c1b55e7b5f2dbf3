"""How the page asks about invoices of which only an amount with tax is given."""

import pytest

from clientela.intake.tasks import carry_on
from clientela.security.models import User
from clientela.store.context import system_context
from tests.web.test_imports import again, answered, place, run_of, send, text
from tests.web.world import World

GROSS = (
    "invoice_no,invoice_date,customer_code,currency,total gross\n"
    "F1,2026-03-04,K1,EUR,121.00\nF2,2026-03-05,K2,EUR,60.50\n"
)
RATE = 'name="set:tax_rate"'


@pytest.fixture
def world(world: World, settings) -> World:
    settings.AFTER_IMPORT = ()
    return world


def test_the_page_asks_for_the_tax_in_them_and_keeps_the_answer(world: World) -> None:
    run = run_of(send(world, GROSS, kind="invoices"))
    run = answered(world, run, {"take_sure": "1"})
    page = text(world, run)
    assert "total gross is the amount with tax" in page
    assert RATE in page
    client = world.client("data_steward")
    assert client.post(place("answers", run), {"set:tax_rate": "0.21"}).status_code == 422
    run = answered(world, run, {"take_sure": "1", "set:tax_rate": "21"})
    assert run.questions == []
    carry_on(run.pk, False)
    run = again(run)
    assert (run.state, run.amounts, run.definition["constants"]) == (
        "ready", {"EUR": "150.00"}, {"tax_rate": "21"},
    )  # fmt: skip


def test_one_round_settles_what_can_be_known_in_one(world: World) -> None:
    """The columns are only suggested yet: what their suggestions leave open is asked with them."""
    content = (
        "invoice_no,invoice_date,customer_code,currency,total gross\n"
        'F1,03/04/2026,K1,EUR,"1,210"\nF2,05/04/2026,K2,EUR,"2,420"\n'
    )
    run = run_of(send(world, content, kind="invoices"))
    codes = {q["id"]: q["code"] for q in run.questions}
    assert codes["set:tax_rate"] == "tax_rate_missing"
    page = text(world, run)
    asked = ["set:tax_rate", "dates:invoice_date", "numbers:total gross"]
    assert all(f'name="{one}"' in page for one in asked)
    given = {
        "column:invoice_no": "document_number", "column:invoice_date": "issued_on",
        "column:customer_code": "customer_key", "column:currency": "currency",
        "column:total gross": "gross_amount", "set:tax_rate": "21", "dates:invoice_date": "dmy",
        "numbers:total gross": "decimal_point_grouped_comma",
    }  # fmt: skip
    assert answered(world, run, given).questions == []


@pytest.mark.parametrize(
    ("language", "needs", "asks"),
    [
        ("en", "Net amount or Gross amount", "How much tax is in it"),
        ("zh-hans", "不含税金额或含税金额", "其中含多少税"),
        ("es", "Importe neto o ", "¿Cuánto impuesto incluye"),
    ],
)
def test_the_page_says_in_three_languages_what_invoices_need(
    world: World, language: str, needs: str, asks: str
) -> None:
    run = answered(world, run_of(send(world, GROSS, kind="invoices")), {"take_sure": "1"})
    with system_context("a test chooses a language"):
        User.objects.filter(username="data_steward").update(language=language)
    page = text(world, run)
    assert needs in page
    assert asks in page
