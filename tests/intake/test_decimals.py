"""An amount with more places than its currency is taken and said, whichever amount it is."""

from decimal import Decimal

import pytest

from clientela.intake.kinds.invoices import INVOICES

AMOUNTS = ("net_amount", "tax_amount", "gross_amount")


@pytest.mark.parametrize("name", AMOUNTS)
@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [("100.005", "GBP", True), ("100.50", "GBP", False), ("100.5", "JPY", True),
     ("1.234", "KWD", False)],
)  # fmt: skip
def test_is_said_of_every_amount_of_an_invoice(name, amount, currency, said):
    columns = {field.name: [None] for field in INVOICES.fields} | {one: [None] for one in AMOUNTS}
    columns |= {name: [Decimal(amount)], "currency": [currency], "document_kind": ["invoice"]}
    flags = {code: rows for of in INVOICES.flags for code, rows in of(columns, 1).items()}
    assert (flags["more_decimals_than_currency"] == [0]) == said
