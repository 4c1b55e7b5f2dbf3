"""What is hidden of totals is marked in its place on the chart: left out, it would read as none."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from clientela.analysis.results import HIDDEN, Answer
from clientela.web.analyses.charts import charts

MONEY = {"amount": "100.00", "currency": "EUR"}


def drawn(analysis: str, rows: list[dict[str, Any]], **parameters: Any) -> Mapping[str, Any]:
    (chart,) = charts(
        Answer(
            analysis=analysis, as_of=date(2026, 6, 30), from_on=None, snapshot=1,
            parameters=parameters, population={"customers": 90, "amounts": [MONEY]},
            currency="EUR", columns=[], rows=rows, summary=rows,
        )
    )  # fmt: skip
    return chart


def sold(key: str, net: int | None, previous: int | None = 50) -> dict[str, Any]:
    return {
        "group_key": key, "group_label": None, "is_complete": None, "source": None,
        "net_sales_minor": net, "previous_minor": previous, HIDDEN: net is None,
    }  # fmt: skip


def cell(month: int, active: int | None) -> dict[str, Any]:
    share = None if active is None else active / 40
    return {"cohort": "2026-01", "month_number": month, "retention": share, "is_complete": True,
            "cohort_is_complete": True, HIDDEN: active is None}  # fmt: skip


class TestWhatIsHidden:
    def test_of_a_balance_is_marked_in_its_bucket(self) -> None:
        buckets = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_180")
        row = {f"{name}_minor": 100 for name in buckets} | {"days_over_180_minor": None}
        row |= {"currency": "EUR", "open_base_minor": 700, "days_61_90_minor": 0}
        chart = drawn("ageing", [row])
        assert chart["not_shown"]["places"] == [5]  # a bucket of nothing is told as nothing
        assert chart["not_shown"]["said"] == "Not shown: Over 180 days."

    def test_of_sales_is_marked_and_a_period_before_that_is_not_there_is_not(self) -> None:
        chart = drawn(
            "sales", [sold("ES", 100), sold("CN", None), sold("GB", 7, None)], by="country"
        )
        assert chart["not_shown"]["places"] == [1]
        assert chart["series"][0]["data"][1] is None

    def test_of_classes_and_segments_is_marked_and_not_drawn_as_none(self) -> None:
        rows = [
            {"class": "A", "customers": 20, "net_sales_minor": 9000, HIDDEN: False},
            {"class": "C", "customers": None, "net_sales_minor": None, HIDDEN: True},
            {"class": "inactive", "customers": 32, "net_sales_minor": None, HIDDEN: False},
        ]
        chart = drawn("abc", rows)
        assert chart["labels"] == ["A", "C"]  # shares are of those who bought
        assert chart["not_shown"]["places"] == [1]
        assert [one["data"][1] for one in chart["series"]] == [None, None]

    def test_of_scores_is_told_apart_from_a_band_of_nobody(self) -> None:
        rows = [{"band": "90–100", "customers": 30}, {"band": "60–69", "customers": None}]
        chart = drawn("punctuality", rows)
        assert chart["not_shown"]["places"] == [3]
        assert chart["series"][0]["data"][:4] == [30, 0, 0, None]

    def test_of_days_of_sales_is_marked(self) -> None:
        chart = drawn("dso", [{"receivables_minor": 900, "not_due_minor": None}])
        assert chart["not_shown"]["places"] == [0]

    def test_of_cohorts_is_a_cell_of_its_own(self) -> None:
        chart = drawn("cohorts", [cell(0, 40), cell(1, None), cell(2, 0)])
        assert chart["not_shown"]["places"] == [[1, 0]]
        assert [one[0] for one in chart["data"]] == [0, 2]

    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "Not shown: CN."), ("es", "No se muestran: CN."), ("zh-hans", "不显示：CN。")],
    )
    def test_is_said_in_the_language_of_the_page(self, language: str, said: str) -> None:
        with translation.override(language):
            chart = drawn("sales", [sold("CN", None), sold("ES", 1)], by="month")
        assert chart["not_shown"]["said"] == said

    def test_is_not_spoken_of_where_everything_is_shown(self) -> None:
        assert "not_shown" not in drawn("sales", [sold("ES", 100), sold("CN", 0)], by="country")
