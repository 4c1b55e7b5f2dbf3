"""What the chart of an answer draws: plain data, which `charts.js` dresses for the theme."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clientela.analysis.expressions.summaries import BANDS, BUCKETS
from clientela.analysis.results import Answer
from clientela.analysis.rules import SEGMENTS
from clientela.kernel.money import Money
from clientela.web import formats
from clientela.web.analyses import words

Rows = Sequence[Mapping[str, Any]]
SCORES = [name for _, name in BANDS] + ["20–49", "too_few"]


def chart(answer: Answer) -> dict[str, Any] | None:
    """Return the chart of an answer, or None where there is nothing to draw."""
    if not answer.summary:
        return None
    return _CHARTS[answer.analysis](answer, answer.summary)


def _pairs(answer: Answer, rows: Rows, key: str, order: Sequence[str]) -> dict[str, Any]:
    """Two bars for each group: its share of customers and of net sales."""
    found = {row[key]: row for row in rows}
    names = [name for name in order if name in found]
    customers = sum(row["customers"] for row in rows) or 1
    sales = sum(row["net_sales_minor"] or 0 for row in rows) or 1
    return {
        "kind": "bars",
        "unit": "percent",
        "labels": [words.code(name) for name in names],
        "series": [
            {
                "name": words.figure("customers"),
                "data": [round(100 * found[n]["customers"] / customers, 1) for n in names],
            },
            {
                "name": words.figure("net_sales"),
                "data": [round(100 * (found[n]["net_sales_minor"] or 0) / sales, 1) for n in names],
            },
        ],
    }


def _abc(answer: Answer, rows: Rows) -> dict[str, Any]:
    return _pairs(answer, rows, "class", ("A", "B", "C", "inactive"))


def _rfm(answer: Answer, rows: Rows) -> dict[str, Any]:
    return _pairs(answer, rows, "segment", [segment.name for segment in SEGMENTS])


def _sales(answer: Answer, rows: Rows) -> dict[str, Any]:
    by = answer.parameters.get("by")
    drawn = sorted(rows, key=lambda r: r["group_key"] or "") if by == "month" else rows
    return {
        "kind": "bars",
        "unit": answer.currency,
        "labels": [_group(by, row) for row in drawn],
        "series": [
            {
                "name": words.figure("net_sales"),
                "data": [_amount(row["net_sales_minor"], answer.currency) for row in drawn],
            },
            {
                "name": words.figure("previous"),
                "data": [_amount(row["previous_minor"], answer.currency) for row in drawn],
            },
        ],
    }


def _group(by: object, row: Mapping[str, Any]) -> str:
    if by == "country":
        return formats.country(row["group_key"]) or "–"
    return str(row["group_label"] or row["group_key"] or "–")


def _cohorts(answer: Answer, rows: Rows) -> dict[str, Any]:
    cohorts = sorted({row["cohort"] for row in rows})
    months = max(row["month_number"] for row in rows) + 1
    return {
        "kind": "heat",
        "unit": "percent",
        "labels": [str(n) for n in range(months)],
        "rows": cohorts,
        "data": [
            [row["month_number"], cohorts.index(row["cohort"]), round(100 * row["retention"], 1)]
            for row in rows
            if row["retention"] is not None
        ],
    }


def _ageing(answer: Answer, rows: Rows) -> dict[str, Any]:
    return {
        "kind": "stacked",
        "unit": "",
        "labels": [row["currency"] for row in rows],
        "series": [
            {
                "name": words.figure(bucket),
                "data": [_amount(row[f"{bucket}_minor"], row["currency"]) for row in rows],
            }
            for bucket in BUCKETS
        ],
    }


def _punctuality(answer: Answer, rows: Rows) -> dict[str, Any]:
    found = {row["band"]: row["customers"] for row in rows}
    return {
        "kind": "bars",
        "unit": "",
        "labels": [words.code(name) for name in SCORES],
        "series": [
            {"name": words.figure("customers"), "data": [found.get(name, 0) for name in SCORES]}
        ],
    }


def _dso(answer: Answer, rows: Rows) -> dict[str, Any]:
    return {
        "kind": "bars",
        "unit": answer.currency,
        "labels": [str(n + 1) for n in range(len(rows))],
        "series": [
            {
                "name": words.figure(name),
                "data": [_amount(row[f"{name}_minor"], answer.currency) for row in rows],
            }
            for name in ("receivables", "not_due")
        ],
    }


def _amount(minor: int | None, currency: str) -> float | None:
    return None if minor is None else float(Money.of_minor(minor, currency).amount)


_CHARTS: Mapping[str, Callable[[Answer, Rows], dict[str, Any]]] = {
    "abc": _abc,
    "rfm": _rfm,
    "sales": _sales,
    "cohorts": _cohorts,
    "ageing": _ageing,
    "punctuality": _punctuality,
    "dso": _dso,
}
