"""The map of cohorts: what its colours stand for, and how much of a long history it shows."""

from datetime import date

from clientela.analysis.results import Answer
from clientela.web.analyses.charts import MOST_COHORTS, charts


def answer(cohorts: int) -> Answer:
    """Return an answer with so many cohorts, each seen until the last month."""
    names = [f"{2000 + n // 12}-{n % 12 + 1:02}" for n in range(cohorts)]
    rows = [
        {"cohort": name, "month_number": k, "retention": 0.25, "active": 1, "customers": 4,
         "is_complete": True, "cohort_is_complete": True}
        for at, name in enumerate(names)
        for k in range(cohorts - at)
    ]  # fmt: skip
    return Answer(
        analysis="cohorts", as_of=date(2026, 1, 1), from_on=None, snapshot=1, parameters={},
        population={}, currency="EUR", columns=[], rows=rows, summary=rows,
    )  # fmt: skip


class TestMap:
    def test_has_a_scale_without_a_gap_that_says_what_each_colour_is(self) -> None:
        (chart,) = charts(answer(3))
        scale = chart["scale"]
        assert scale[0]["from"] == 0
        assert scale[-1]["until"] is None
        assert [one["until"] for one in scale[:-1]] == [one["from"] for one in scale[1:]]
        assert [scale[0]["label"], scale[-1]["label"]] == ["0–10 %", "≥ 60 %"]

    def test_shows_the_newest_cohorts_and_says_so(self) -> None:
        (chart,) = charts(answer(MOST_COHORTS + 7))
        assert len(chart["rows"]) == MOST_COHORTS
        assert len(chart["labels"]) == MOST_COHORTS
        assert chart["rows"][-1] == "Jul 2005"
        assert all(0 <= row < MOST_COHORTS for _, row, *_ in chart["data"])
        assert "newest 60 cohorts" in chart["note"]

    def test_says_nothing_where_it_shows_all(self) -> None:
        (chart,) = charts(answer(MOST_COHORTS))
        assert chart["note"] == ""
