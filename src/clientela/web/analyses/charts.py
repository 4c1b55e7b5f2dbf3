"""What the chart of an answer draws: plain data, which `charts.js` dresses for the theme."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientela.analysis.expressions.summaries import BANDS, BUCKETS
from clientela.analysis.results import HIDDEN, Answer
from clientela.analysis.rules import SEGMENTS
from clientela.analysis.services.presenting import amount_of
from clientela.kernel.money import exponent_of
from clientela.web import formats
from clientela.web.analyses import words

Rows = Sequence[Mapping[str, Any]]
MOST_COHORTS = 60  # that a map shows: five years
STEPS = (0, 10, 20, 30, 45, 60)  # percent at which a colour of the map begins
SCORES = [name for _, name in BANDS] + ["20–49", "too_few"]


def charts(answer: Answer) -> list[dict[str, Any]]:
    """Return the charts of an answer, none where there is nothing to draw.

    Each says on its axes what it measures and in which unit. Amounts of several currencies never
    share an axis: each currency has a chart of its own. What is hidden of totals is marked in its
    place (`not_shown`): left out, it would read as nothing.
    """
    if not answer.summary:
        return []
    drawn = _CHARTS[answer.analysis](answer, answer.summary)
    if isinstance(drawn, dict) and not drawn["labels"]:
        return []
    several = drawn if isinstance(drawn, list) else [drawn]
    return [{**one, "place": f"-{n}" if n else ""} for n, one in enumerate(several)]


def _pairs(answer: Answer, rows: Rows, key: str, order: Sequence[str]) -> dict[str, Any]:
    """Two bars for each group: its share of customers and of net sales."""
    found = {row[key]: row for row in rows}
    names = [name for name in order if name in found]
    if _is_in_part(rows):  # the population, of which shares are taken then, is of those who bought
        names = [name for name in names if name != "inactive"]
    customers, sales = _whole(answer, rows)
    drawn = {
        "kind": "bars",
        "unit": "percent",
        "axis": _("Share, %"),
        "across": words.figure(key),
        "labels": [words.code(name) for name in names],
        "series": [
            {
                "name": words.figure("customers"),
                "data": [_percent(found[n]["customers"], customers) for n in names],
            },
            {
                "name": words.figure("net_sales"),
                "data": [_percent(found[n]["net_sales_minor"], sales) for n in names],
            },
        ],
    }
    return drawn | _not_shown(drawn)


def _percent(part: int | None, whole: int | Decimal) -> float | None:
    return None if part is None else round(float(100 * part / whole), 1)


def _is_in_part(rows: Rows) -> bool:
    """Tell whether some of the groups' net sales are hidden."""
    return any(row["net_sales_minor"] is None for row in rows)


def _not_shown(drawn: Mapping[str, Any], series: int | None = None) -> dict[str, Any]:
    """Return the places of bars whose figures are hidden, with the words for them.

    :param series: of how many series the absence of a figure means that it is hidden.
    """
    figures = [one["data"] for one in drawn["series"][:series]]
    places = [at for at, of in enumerate(zip(*figures, strict=True)) if None in of]
    names = ", ".join(drawn["labels"][at] for at in places)
    return _words_of_hidden(places, _("Not shown: %(places)s.") % {"places": names})


def _words_of_hidden(places: Sequence[Any], said: str) -> dict[str, Any]:
    if not places:
        return {}
    return {"not_shown": {"places": places, "name": _("Not shown"), "said": said}}


def _whole(answer: Answer, rows: Rows) -> tuple[int, Decimal]:
    """Return what shares are taken of: all groups, or the population where some are hidden."""
    if _is_in_part(rows) and answer.population["amounts"]:
        (amount,) = answer.population["amounts"]
        sales = Decimal(amount["amount"]).scaleb(exponent_of(amount["currency"]))
        return answer.population["customers"] or 1, sales or Decimal(1)
    sales = Decimal(sum(row["net_sales_minor"] or 0 for row in rows))
    return sum(row["customers"] or 0 for row in rows) or 1, sales or Decimal(1)


def _abc(answer: Answer, rows: Rows) -> dict[str, Any]:
    return _pairs(answer, rows, "class", ("A", "B", "C", "inactive"))


def _rfm(answer: Answer, rows: Rows) -> dict[str, Any]:
    return _pairs(answer, rows, "segment", [segment.name for segment in SEGMENTS])


def _sales(answer: Answer, rows: Rows) -> dict[str, Any]:
    by = answer.parameters.get("by")
    drawn = sorted(rows, key=lambda r: r["group_key"] or "") if by == "month" else rows
    many = len({row.get("source") for row in rows}) > 1
    bars = {
        "kind": "bars",
        "unit": answer.currency,
        "axis": answer.currency,
        "across": words.code(str(by)),
        "labels": [_group(by, row, many) for row in drawn],
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
    return bars | _not_shown(bars, 1)  # a period before there may be none


def _group(by: object, row: Mapping[str, Any], many: bool) -> str:
    """Return what a bar is called; `many`: the products are of more than one source."""
    if by == "country":
        return formats.country(row["group_key"]) or words.nameless(by)
    name = str(row["group_label"] or row["group_key"] or words.nameless(by))
    if by == "month":
        return words.in_part(name) if row["is_complete"] is False else formats.month(name)
    return f"{name} ({row['source']})" if many and row.get("source") else name


def _cohorts(answer: Answer, rows: Rows) -> dict[str, Any]:
    """A cell each; one that the cut-off cuts short is told apart, and so is such a cohort."""
    whole = {row["cohort"]: row["cohort_is_complete"] for row in rows}
    cohorts = sorted(whole)[-MOST_COHORTS:]
    rows = [row for row in rows if row["cohort"] >= cohorts[0]]
    months = max(row["month_number"] for row in rows) + 1
    most = {"n": formats.number(MOST_COHORTS)}
    hidden = [[r["month_number"], cohorts.index(r["cohort"])] for r in rows if r.get(HIDDEN)]
    said = ngettext("Not shown: one cell.", "Not shown: %(n)s cells.", len(hidden))
    return _words_of_hidden(hidden, said % {"n": formats.number(len(hidden))}) | {
        "note": _("The map shows the newest %(n)s cohorts; the table below has all.") % most
        if len(whole) > MOST_COHORTS
        else "",
        "scale": _scale(),
        "kind": "heat",
        "unit": "percent",
        "axis": words.figure("cohort"),
        "across": _("Months later (retention, %)"),
        "in_part": _("The month is not over"),
        "labels": [str(n) for n in range(months)],
        "rows": [
            formats.month(name) if whole[name] else words.in_part(name) for name in cohorts
        ],
        "data": [
            [row["month_number"], cohorts.index(row["cohort"]), round(100 * row["retention"], 1),
             int(row["is_complete"])]
            for row in rows
            if row["retention"] is not None
        ],
    }  # fmt: skip


def _scale() -> list[dict[str, Any]]:
    """Return the steps of the colours, each with what it stands for in percent."""
    ends = [*STEPS[1:], None]
    return [
        {
            "from": step,
            "until": end,
            "label": f"≥ {step} %" if end is None else f"{step}–{end} %",
        }
        for step, end in zip(STEPS, ends, strict=True)
    ]


def _ageing(answer: Answer, rows: Rows) -> list[dict[str, Any]]:
    by_weight = sorted(rows, key=lambda row: (-(row["open_base_minor"] or 0), row["currency"]))
    drawn: list[dict[str, Any]] = [
        {
            "kind": "bars",
            "title": row["currency"],
            "unit": row["currency"],
            "axis": row["currency"],
            "note": _beside(row),
            "across": _("Days past due"),
            "labels": [words.figure(bucket) for bucket in BUCKETS],
            "series": [
                {
                    "name": words.figure("open"),
                    "data": [
                        _amount(row[f"{bucket}_minor"], row["currency"]) for bucket in BUCKETS
                    ],
                }
            ],
        }
        for row in by_weight
    ]
    return [one | _not_shown(one) for one in drawn]


def _beside(row: Mapping[str, Any]) -> str:
    """Return how much money and credit that no invoice took stands beside what is open."""
    if not row.get("unapplied_minor"):
        return ""
    said = formats.money(row["unapplied_minor"], row["currency"])
    return _("Beside it, not applied: %(amount)s of payments and credit notes.") % {"amount": said}


def _punctuality(answer: Answer, rows: Rows) -> dict[str, Any]:
    found = {row["band"]: row["customers"] for row in rows}
    drawn = {
        "kind": "bars",
        "unit": "",
        "axis": words.figure("customers"),
        "across": words.figure("score"),
        "labels": [words.code(name) for name in SCORES],
        "series": [
            {"name": words.figure("customers"), "data": [found.get(name, 0) for name in SCORES]}
        ],
    }
    return drawn | _not_shown(drawn)


def _dso(answer: Answer, rows: Rows) -> dict[str, Any]:
    drawn = {
        "kind": "bars",
        "unit": answer.currency,
        "axis": answer.currency,
        "across": _("Rank by receivables"),
        "labels": [str(n + 1) for n in range(len(rows))],
        "series": [
            {
                "name": words.figure(name),
                "data": [_amount(row[f"{name}_minor"], answer.currency) for row in rows],
            }
            for name in ("receivables", "not_due")
        ],
    }
    return drawn | _not_shown(drawn)


def _amount(minor: int | None, currency: str) -> float | None:
    text = amount_of(minor, currency)
    return None if text is None else float(text)


_CHARTS: Mapping[str, Callable[[Answer, Rows], dict[str, Any] | list[dict[str, Any]]]] = {
    "abc": _abc,
    "rfm": _rfm,
    "sales": _sales,
    "cohorts": _cohorts,
    "ageing": _ageing,
    "punctuality": _punctuality,
    "dso": _dso,
}
