"""A document whose lines come in another order is the one in the books; one changed line is not."""

import hashlib
from itertools import permutations

import pytest

from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.intake.giving import company_with_a_till, giver, totals

HEAD = "Invoice No,Stock Code,Quantity,Unit Price,Invoice Date,Customer ID\n"
LINES = [f"F1,{code},{n},10.00,2026-03-04,K1\n" for n, code in enumerate(("TEA", "CUP", "POT"), 1)]
TWICE = [*LINES, LINES[0]]
SETTINGS = {"settings": ["customer_kind=company", "currency=EUR"]}
# What a release that held the order of lines kept of them, by hand.
HELD = "\n".join(
    f"(invoice,K1,2026-03-04,,,{code},{n}.000,10.000000,{n * 1000},0,EUR)"
    for n, code in enumerate(("TEA", "CUP", "POT"), 1)
)


@pytest.fixture
def give(db, tmp_path):
    return giver(company_with_a_till(), tmp_path, kind="sales_lines", source="till")


@pytest.mark.parametrize("order", list(permutations(LINES))[1:])
def test_another_order_is_the_same_document(give, order):
    give(HEAD + "".join(LINES), **SETTINGS)
    assert totals(give(HEAD + "".join(order), **SETTINGS)) == (3, 0, 0, 3)


@pytest.mark.parametrize(
    "other", [TWICE, LINES[:2], [*LINES[:2], LINES[2].replace("10.00", "10.01")]]
)
def test_another_line_is_another_content(give, other):
    give(HEAD + "".join(LINES), **SETTINGS)
    run = give(HEAD + "".join(reversed(other)), **SETTINGS)
    assert (run.accepted, run.skipped, run.rejected) == (0, 0, len(other))


def test_a_document_of_the_release_that_held_the_order_is_known_in_it(give):
    give(HEAD + "".join(LINES), **SETTINGS)
    digest = b"\x02" + hashlib.sha256(HELD.encode()).digest()
    with system_context("a test goes back to an older release"):
        assert Invoice.objects.update(digest=digest) == 1
    assert give(HEAD + "".join(LINES) + "\n", **SETTINGS).skipped == 3
    assert give(HEAD + "".join(reversed(LINES)), **SETTINGS).rejected == 3
