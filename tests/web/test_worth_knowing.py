"""The page of an import says what a person should look at before it is loaded, and where."""

import pytest

from clientela.intake.tasks import carry_on
from tests.web.test_imports import again, answered, run_of, send, text
from tests.web.world import World

HEAD = "Invoice No,Product Code,Description,Quantity,Unit Price,Invoice Date,Customer ID,Currency\n"
ROWS = "".join(f"{n},P1,Tea,1,3.50,2026-03-01,C1,EUR\n" for n in range(1, 21))
ODD = (
    "21,P1,Tea,1,3500,2026-03-01,C1,EUR\n"
    "22,P2,瀹㈡埛,(2),3.50,2026-03-01,C1,EUR\n"
    "23,P1,Tea,1,3.50,2026-03"
)


@pytest.fixture
def world(world: World, settings) -> World:
    settings.AFTER_IMPORT = ()
    return world


def test_amounts_far_out_garbled_text_and_a_file_cut_off_are_said(world: World) -> None:
    run = run_of(send(world, HEAD + ROWS + ODD, kind="sales_lines"))
    run = answered(world, run, {"take_sure": "1"})
    assert run.questions == []
    carry_on(run.pk, False)
    run = again(run)
    assert (run.state, run.accepted, run.rejected) == ("ready", 22, 1)
    page = text(world, run)
    for said in (
        "An amount hundreds of times above or below what is usual", "Row 21, Unit Price: ***",
        "Row 22, Description: 瀹㈡埛", "perhaps “客户”", "The file may have been cut off",
        "Numbers in brackets", "Quantity: 1",
    ):  # fmt: skip
        assert said in page
    assert page.count("perhaps") == 1
