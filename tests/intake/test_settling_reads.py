"""What a payment settles is found by a few probes, however many there are beside it.

Counted, not timed, while the books fill up and the planner's picture of them is of before: each
batch is explained as it runs, and the pages that it reads are told by the invoice.
"""

import json
from typing import Any

import pytest
from django.db import connection

from clientela.store.context import system_context
from tests.factories import make_company
from tests.intake.bringing import Books, Row, content_of

MANY = 15_000  # three batches
MOST = 60  # pages that one invoice may cost, where its payment and both indexes take a dozen


@pytest.mark.slow
@pytest.mark.parametrize("order", [("invoices", "payments"), ("payments", "invoices")])
def test_an_invoice_costs_a_few_pages_in_either_order(
    fresh_database: Any, tmp_path: Any, order: tuple[str, str]
) -> None:
    invoices = [
        Row(number=f"F{n}", day="2026-03-01", amount=1000 + n, of=f"K{n % 500}")
        for n in range(MANY)
    ]
    payments = [
        Row(number=f"P{n}", day="2026-04-01", amount=1000 + n, names=f"F{n}", of=f"K{n % 500}")
        for n in range(MANY)
    ]
    files = {"invoices": content_of("invoices", invoices)}
    files["payments"] = content_of("payments", payments)
    with system_context("a company for a test"):
        books = Books(make_company(), tmp_path, files)
    pages: list[float] = []

    def explained(run: Any, query: str, params: Any, many: bool, context: Any) -> Any:
        if "create temp table claim" in query:
            asked = f"explain (analyze, buffers, timing off, format json) {query[query.index('select') :]}"
            run(asked, params, many, context)
            (answer,) = context["cursor"].fetchone()
            plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
            read = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            pages.append(read / max(plan["Actual Rows"], 1))
        return run(query, params, many, context)

    books.bring(order[0])
    with connection.execute_wrapper(explained):
        books.bring(order[1])
    assert len(pages) == 3
    assert max(pages) < MOST, pages
