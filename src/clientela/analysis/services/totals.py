"""Answers for who sees totals alone: groups of customers, and none that is small.

What is hidden is hidden before it is put in order, cut into pages or drawn: its place in a list
would tell of it too.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from clientela.analysis.expressions.customers_behind import ABOVE, BEHIND, BUCKETS, PARTS
from clientela.analysis.expressions.dso import WINDOWS
from clientela.analysis.expressions.spec import Figure
from clientela.analysis.expressions.summaries import TOTALS, totals
from clientela.analysis.results import HIDDEN
from clientela.analysis.services.question import THIN, Asked
from clientela.analysis.services.tables import tables_for
from clientela.analysis.services.worked import (
    Held,
    Worked,
    answerable,
    held_under,
    hold,
    is_of,
    key_of,
    summary_of,
    worked_out,
)
from clientela.analysis.suppression import Group, hidden_groups
from clientela.security.permits import Access
from clientela.warehouse.session import Session

Row = dict[str, Any]
Answering = Callable[[Asked], list[Row]]
IS_HIDDEN = Figure(
    name=HIDDEN, type="boolean", meaning="Figures of few customers, or needed to hide such."
)
# Figures that stand on one document, or that more is needed to hide than is worth it.
_OF_WINDOW = ("dso", "best_possible", "delinquent")
# Of sales, what is told together or not at all, with the counts of who stands behind it. Net sales
# are the sum of the parts: with one of them hidden, the others would tell it.
TOGETHER = (
    (tuple(f"{part}_minor" for part in PARTS), PARTS),
    (("quantity_milli",), ("quantity",)),
)
NEVER = {"cohorts": {"net_sales_minor"}, "ageing": {"oldest_days"}}


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """An answer in groups, the small ones without figures. `none`: nothing of it is shown."""

    held: Held
    figures: tuple[Figure, ...]
    none: bool


def groups_of(access: Access, asked: Asked) -> Grouped:
    """Return the answer in groups with the small ones hidden, worked out once for all its pages.

    Everything is hidden where the whole stands on few customers.
    """
    key = _key(access, asked)
    held = held_under(key)
    if held is None:
        with worked_out(access, asked) as worked:
            held = _hidden_in(access, asked, worked)
            if is_of(access, asked, worked):
                hold(key, held)
    return Grouped(
        held=held, figures=(*_figures(asked), IS_HIDDEN), none=_is_small(held.population)
    )


def groups_to_hold(
    access: Access, asked: Asked, *, but: Collection[str] = ()
) -> tuple[str, Held | None]:
    """Return an answer in groups with its key, as `worked.to_hold` does."""
    key = _key(access, asked)
    return key, None if key in but else groups_of(access, asked).held


def in_order(asked: Asked, table: ir.Table) -> ir.Table:
    """Return an answer in groups in the order it is shown in."""
    name = asked.analysis.name
    if name not in TOTALS:
        return asked.in_order(table)
    return table.order_by(ibis.asc(TOTALS[name][0].name, nulls_first=False))


def _key(access: Access, asked: Asked) -> str:
    return f"{key_of(access, asked)[0]} in groups"


def _figures(asked: Asked) -> tuple[Figure, ...]:
    name = asked.analysis.name
    figures = TOTALS.get(name, asked.analysis.figures)
    return tuple(f for f in figures if f.name not in NEVER.get(name, ()))


def _is_small(population: pa.Table) -> bool:
    return bool(hidden_groups([Group(counts=(population["customers"][0].as_py(),))]))


def _hidden_in(access: Access, asked: Asked, worked: Worked) -> Held:
    """Return an answer in groups with the small ones hidden."""
    name, figures = asked.analysis.name, _figures(asked)
    rows = worked.session.rows(totals(name, worked.table) if name in TOTALS else worked.table)
    rows = _in_fixed_order(rows, figures)
    if _is_small(worked.population):
        shown = [_bare(row, figures) for row in rows]
    else:
        with _beside(access, asked) as answering:
            shown = _HIDING[name](answering, asked, rows, figures)
    schema = ibis.schema({f.name: f.type for f in (*figures, IS_HIDDEN)}).to_pyarrow()
    groups = pa.Table.from_pylist(shown, schema=schema)
    with Session.duckdb() as session:
        ordered = in_order(asked, ibis.memtable(groups))
        drawn = session.arrow(ordered if name in TOTALS else summary_of(name, ordered))
    return Held(
        rows=groups, drawn=drawn, population=worked.population, currency=worked.currency,
        snapshot=worked.snapshot or 0,
    )  # fmt: skip


@contextmanager
def _beside(access: Access, asked: Asked) -> Iterator[Answering]:
    """Give a way to ask more of the tables of a question, in one session opened when needed."""
    with ExitStack() as stack:
        opened: list[Any] = []

        def answering(more: Asked) -> list[Row]:
            if not opened:
                tables = tables_for(access, asked.analysis, asked.source)
                opened.append(stack.enter_context(tables))
            with answerable(more):
                found = more.analysis.rows(opened[0].tables, more.period, more.parameters)
            return _in_fixed_order(opened[0].session.rows(found), more.analysis.figures)

        yield answering


def _in_fixed_order(rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    """Return rows by what they are of. Of two alike the first one covers what is hidden: were it
    another each time, two answers to one question would tell both."""
    keys = [figure.name for figure in figures if figure.is_key]
    return sorted(rows, key=lambda row: [str(row[name]) for name in keys])


def _bare(row: Row, figures: Sequence[Figure], keep: frozenset[str] = frozenset()) -> Row:
    """Return a row with its keys alone."""
    named = {"group_id", "group_label", "cohort", "is_complete", "cohort_is_complete", *keep}
    return {f.name: row[f.name] if f.is_key or f.name in named else None for f in figures} | {
        HIDDEN: True
    }


def _without(rows: Sequence[Row], hidden: set[int], figures: Sequence[Figure]) -> list[Row]:
    return [
        _bare(row, figures) if at in hidden else {**row, HIDDEN: False}
        for at, row in enumerate(rows)
    ]


def _plain(ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    """Bands of score: each customer with an item is in one."""
    groups = [Group(counts=(row["customers"],)) for row in rows]
    return _without(rows, hidden_groups(groups), figures)


def _segments(
    ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]
) -> list[Row]:
    """Segments; who only gave back is in none, and follows from the whole less all of them."""
    (others,) = _counted(ask, asked, "rfm")
    groups = [
        Group(counts=(count,)) for count in (*(r["customers"] for r in rows), others["outside"])
    ]
    return _without(rows, hidden_groups(groups), figures)


def _classes(ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    """Classes: their number stands on all customers, their net sales on those with documents."""
    found = {one["class"]: one["customers"] for one in _counted(ask, asked, "abc")}
    sold = [found.get(row["class"]) for row in rows]
    small = hidden_groups([Group(counts=(row["customers"],)) for row in rows])
    unsold = hidden_groups([Group(counts=(count,)) for count in sold], already=small)
    # Where the two are one, the number tells what is hidden of those who are in the whole.
    hidden = small | {at for at in unsold if sold[at] == rows[at]["customers"]}
    return _bared(_without(rows, hidden, figures), unsold, ("net_sales_minor",))


def _bared(rows: Sequence[Row], places: Collection[int], names: Sequence[str]) -> list[Row]:
    """Return rows, at some places without figures of these names."""
    return [{**row, **dict.fromkeys(names)} if at in places else row for at, row in enumerate(rows)]


def _sales(ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    by = str(asked.parameters["by"])
    above = ABOVE.get(by)
    upper: list[list[str]] = []
    if above is not None:
        higher = replace(asked, parameters={**asked.parameters, "by": above})
        keyed = ask(higher)
        found = _hidden_of_sales(_groups_of_sales(keyed, *_behind_sales(ask, higher)))
        upper = [[keyed[at]["group_key"] for at in places] for places in found]
    groups = _groups_of_sales(rows, *_behind_sales(ask, asked), mixed=by == "branch")
    hidden, *apart = _hidden_of_sales(groups, upper)
    shown = _without(rows, hidden, figures)
    for (names, _), places in zip(TOGETHER, apart, strict=True):
        shown = _bared(shown, places, names)
    return shown


def _hidden_of_sales(
    groups: Sequence[Sequence[Group]], upper: Sequence[Collection[str]] = ()
) -> list[set[int]]:
    """Return the places without figures; and those without each of what is told together.

    :param upper: the keys that are hidden of the groups above, in the same order.
    """
    whole, *apart = groups
    above, *above_apart = upper or [()] * len(groups)
    hidden = hidden_groups(whole, also=above)
    return [
        hidden,
        *(
            hidden_groups(one, also=also, already=hidden)
            for one, also in zip(apart, above_apart, strict=True)
        ),
    ]


def _behind_sales(ask: Answering, asked: Asked) -> tuple[list[Row], list[Row]]:
    counts = _counted(ask, asked, "sales")
    # Periods of thin groups are not chosen, so none of their months follows (see `question`).
    return counts, [] if asked.parameters["by"] in THIN else _counted(ask, asked, "months")


def _groups_of_sales(
    rows: Sequence[Row], counts: Sequence[Row], monthly: Sequence[Row], *, mixed: bool = False
) -> list[list[Group]]:
    """Return sales as groups: by net sales of both periods, and by each of what is told together.

    `mixed`: what has no branch may lie in any region. Each month counts as a figure of its own
    where there are `monthly` counts: periods are whole months, and an answer to March less one to
    February is a month's.
    """
    found = {one["group_key"]: one for one in counts}
    parents = frozenset(one["parent"] for one in counts)
    of_month = {(one["group_key"], one["now"], one["month"]): one for one in monthly}
    months = sorted({(now, month) for _, now, month in of_month})
    whole: list[Group] = []
    apart: list[list[Group]] = [[] for _ in TOGETHER]
    for row in rows:
        key = row["group_key"]
        one = found[key]
        sums = parents if mixed and not key else frozenset({one["parent"]})
        sold, before = one["now"], one["before"]
        monthly_of = [of_month.get((key, now, month), {}) for now, month in months]
        each = (month.get("customers") for month in monthly_of)
        whole.append(Group(counts=(sold, before, *each), sums=sums))
        for (_, names), groups in zip(TOGETHER, apart, strict=True):
            behind = [each.get(name) for each in (one, *monthly_of) for name in names]
            groups.append(Group(counts=tuple(behind), sums=sums))
    return [whole, *apart]


def _cohorts(ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    """Cohorts that are small, whole; and of the others the months in which few of them bought."""
    sizes = {row["cohort"]: row["customers"] for row in rows}
    names = sorted(sizes)
    small = hidden_groups([Group(counts=(sizes[name],)) for name in names])
    hidden_cohorts = {names[at] for at in small}
    groups = [
        Group(
            counts=(row["active"] or None,),
            sums=frozenset({_month(row["cohort"], row["month_number"]), row["cohort"]})
            if row["cohort"] in hidden_cohorts
            else frozenset({_month(row["cohort"], row["month_number"])}),
        )
        for row in rows
    ]
    return _without(rows, hidden_groups(groups, also=hidden_cohorts), figures)


def _month(cohort: str, number: int) -> int:
    year, month = map(int, cohort.split("-"))
    return year * 12 + month - 1 + number


def _ageing(ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    counts = {one["currency"]: one for one in _counted(ask, asked, "ageing")}
    small = hidden_groups([Group(counts=(counts[row["currency"]]["all"],)) for row in rows])
    shown = _without(rows, small, figures)
    return [
        row if row[HIDDEN] else row | dict.fromkeys(_hidden_buckets(counts[row["currency"]]))
        for row in shown
    ]


def _hidden_buckets(counts: Row) -> set[str]:
    """Return the parts of what is open in a currency that are not shown.

    What is open is not due or overdue, and what is overdue is the sum of the later buckets.
    """

    def group(name: str) -> Group:
        return Group(counts=(counts[name],))

    parts, later = ("not_due", "overdue"), BUCKETS[1:]
    hidden = {parts[at] for at in hidden_groups([group(name) for name in parts])}
    if "overdue" in hidden:
        hidden |= set(later)
    else:
        hidden |= {later[at] for at in hidden_groups([group(name) for name in later])}
    if hidden_groups([group("unapplied")]):  # part of no sum: it stands on its own customers
        hidden.add("unapplied")
    return {f"{name}_minor" for name in hidden}


def _dso(ask: Answering, asked: Asked, rows: list[Row], figures: Sequence[Figure]) -> list[Row]:
    """One row in all. Of it each figure of few customers is hidden, and what would tell it.

    What is owed in all stands on the population; days of sales times sales tell what is owed.
    """
    (sales,) = _counted(ask, asked, "dso")
    shorter, longer = WINDOWS
    figures_of = {shorter: (sales["sales_90"],), longer: (sales["sales_365"], sales["earlier"])}
    small = {n for n, counts in figures_of.items() if hidden_groups([Group(counts=counts)])}
    hidden = {f"{name}_{n}" for n in small for name in _OF_WINDOW}
    hidden |= {f"credit_sales_{n}_minor" for n in small}
    if shorter in small:
        hidden.add("dso_count_back")
    owed = _counted(ask, asked, "owed")
    parts = [Group(counts=(one[name],)) for one in owed for name in ("not_due", "overdue")]
    if any(hidden_groups([part]) for part in parts):
        hidden.add("not_due_minor")
        hidden |= {f"{name}_{n}" for n in WINDOWS for name in _OF_WINDOW if name != "dso"}
    return [{**row, **dict.fromkeys(hidden), HIDDEN: False} for row in rows]


def _counted(ask: Answering, asked: Asked, name: str) -> list[Row]:
    """Return how many customers stand behind each group of an analysis."""
    return ask(replace(asked, analysis=BEHIND[name]))


_HIDING: Mapping[str, Callable[[Answering, Asked, list[Row], Sequence[Figure]], list[Row]]] = {
    "abc": _classes,
    "rfm": _segments,
    "punctuality": _plain,
    "sales": _sales,
    "cohorts": _cohorts,
    "ageing": _ageing,
    "dso": _dso,
}
