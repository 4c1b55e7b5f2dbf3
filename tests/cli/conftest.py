"""An answer of an analysis, drawn by hand."""

from datetime import date

import pytest

from clientela.analysis.results import Answer, Column


@pytest.fixture
def answer() -> Answer:
    nothing = {"documents": 0, "amount": "0.00", "currency": "EUR"}
    return Answer(
        analysis="abc",
        as_of=date(2026, 6, 30),
        from_on=date(2025, 7, 1),
        snapshot=3,
        parameters={"a_until_percent": 85},
        population={
            "scope": "own_reach",
            "customers": 1,
            "documents": 2,
            "amounts": [{"amount": "1234.50", "currency": "EUR"}],
            "anonymous": {"documents": 2, "amount": "3.00", "currency": "EUR"},
            "without_settlement": nothing,
        },
        currency="EUR",
        columns=[
            Column(name="customer", type="string"),
            Column(name="name", type="string"),
            Column(name="net_sales", type="decimal", unit="currency"),
            Column(name="rank", type="int64"),
        ],
        rows=[{"customer": "a" * 36, "name": "Bar", "net_sales": "1234567.89", "rank": 1}],
    )
