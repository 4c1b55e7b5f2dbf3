"""What the first money gives the group, and what later money lacks, is said by the report."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from clientela.intake.models import Run
from clientela.intake.selectors import report_of
from clientela.intake.services import advance
from clientela.security.models import OrgNode
from clientela.store.context import system_context
from clientela.trade.services.rates import GivenRate, enter_rates
from tests.factories import make_company
from tests.intake.bringing import Books, Row, content_of

MIXED = [
    Row(number="A", day="2026-03-01", amount=10000, currency="USD"),
    Row(number="B", day="2026-03-02", amount=10000, currency="CNY"),
    Row(number="C", day="2026-03-03", amount=10000, currency="USD"),
]
LATER = [Row(number="D", day="2026-03-04", amount=10000, currency="EUR")]
FILES = {
    "invoices": content_of("invoices", MIXED),
    "later": content_of("later", LATER),
    "payments": content_of(
        "payments", [Row(number="P", day="2026-03-05", amount=1, currency="EUR")]
    ),
}


@pytest.fixture
def books(db, tmp_path: Path) -> Books:
    """A group without a currency."""
    company = make_company()
    with system_context("as it was founded"):
        OrgNode.objects.filter(kind="group").update(base_currency="")
    return Books(company, tmp_path, FILES, source="till")


def told(run: Run, code: str) -> tuple[int, dict[str, int]]:
    """Return how often a report flags a code, and of what."""
    with system_context("a test looks"):
        report = report_of(run)
    return report.flagged.get(code, 0), dict(report.noted.get(code, {}))


def currency() -> str:
    with system_context("a test looks"):
        return OrgNode.objects.get(kind="group").base_currency


class TestFirstMoney:
    def test_gives_the_currency_of_most_rows_and_says_so_before_and_after(self, books):
        run = books.receive("invoices", confirmed=False)
        assert (run.state, currency()) == ("ready", "")
        assert told(run, "group_currency_set") == (2, {"USD": 2})
        run = advance(run, books.access, at=books.at, confirmed=True)
        assert (run.state, currency()) == ("done", "USD")
        assert told(run, "group_currency_set") == (2, {"USD": 2})
        assert told(books.bring("later"), "group_currency_set") == (0, {})

    def test_is_not_said_to_give_it_where_another_import_came_before(self, books):
        waits = books.receive("invoices", confirmed=False)
        books.bring("later")
        run = advance(waits, books.access, at=books.at, confirmed=True)
        assert (run.state, currency()) == ("done", "EUR")
        assert told(run, "group_currency_set") == (0, {})

    def test_of_a_trial_changes_nothing(self, books):
        run = books.receive("invoices", dry_run=True)
        assert told(run, "group_currency_set") == (2, {"USD": 2})
        assert currency() == ""


def test_documents_without_a_rate_are_counted_until_rates_are_entered(books):
    first, later = books.bring("invoices"), books.bring("later")
    payments = books.bring("payments")
    assert told(first, "documents_without_rate") == (1, {"CNY": 1})
    assert told(later, "documents_without_rate") == (1, {"EUR": 1})
    assert told(payments, "documents_without_rate") == (1, {"EUR": 1})
    rate = GivenRate(currency="EUR", base="USD", on_day=date(2026, 3, 4), rate=Decimal("1.08"))
    with system_context("a test enters a rate"):
        enter_rates(access=books.access, rates=[rate], origin="a test", at=books.at)
    assert told(later, "documents_without_rate") == (0, {})
    assert told(payments, "documents_without_rate") == (0, {})
    assert told(first, "documents_without_rate") == (1, {"CNY": 1})
