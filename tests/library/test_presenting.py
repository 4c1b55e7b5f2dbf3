"""Amounts leave in the currency they are in: a balance in its own, a book value in the group's."""

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services.presenting import columns_of, rows_of


class TestAgeing:
    ROW = {
        "customer_id": None, "currency": "CNY", "documents": 1, "not_due_minor": 100,
        "days_1_30_minor": 0, "days_31_60_minor": 0, "days_61_90_minor": 0,
        "days_91_180_minor": 0, "days_over_180_minor": 0, "open_minor": 12_345,
        "overdue_minor": 0, "oldest_days": 0, "unapplied_minor": 500, "open_base_minor": 1_568,
    }  # fmt: skip

    def test_keeps_the_currency_of_the_row_beside_the_book_value_of_the_group(self):
        figures = [f for f in ANALYSES["ageing"].figures if f.name != "customer_id"]
        (row,) = rows_of(None, figures, [self.ROW], "EUR")
        assert (row["open"], row["currency"], row["open_base"]) == ("123.45", "CNY", "15.68")
        assert row["unapplied"] == "5.00"
        units = {column.name: column.unit for column in columns_of(figures)}
        assert (units["open"], units["open_base"]) == ("currency", "base_currency")
        assert len([c for c in columns_of(figures) if c.name == "currency"]) == 1
