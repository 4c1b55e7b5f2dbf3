"""An answer as the rows of a page: cells in the reader's language, links to what is behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_currency, format_percent
from django.urls import reverse
from django.utils.translation import gettext

from clientela.analysis.results import HIDDEN, Answer, Column
from clientela.analysis.services.behind import key_of_customer, key_of_group
from clientela.analysis.services.presenting import OUTER
from clientela.security.permits import Access
from clientela.web import formats
from clientela.web.analyses import words
from clientela.web.analyses.asking import Wanted
from clientela.web.analyses.beside import ways_beside

INNER = {"customer", "source_keys", "currency", HIDDEN}
WORDS = {"class", "segment", "band"}
SHORT = {"cohort", "currency", "key", "source"}  # never broken into lines
NAMED = {"product", "customer", "branch", "region"}  # groups that have a name beside their key


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column's heading, and the way to sort by it."""

    label: str
    figure: bool
    order: str
    sorted: str  # ascending, descending, or empty
    wide: bool  # names, which are long


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell; `url` leads to the customer, `only` narrows the table to rows like this."""

    text: str
    figure: bool = False
    short: bool = False
    url: str = ""
    only: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """What the page shows."""

    heads: list[Head]
    rows: list[tuple[list[Cell], str]]  # cells, and the address of the documents behind

    @property
    def opens(self) -> bool:
        """Whether any row leads to its documents."""
        return any(behind for _, behind in self.rows)


def table(access: Access, wanted: Wanted, answer: Answer) -> Table:
    """Return the part of an answer that the page shows."""
    columns = _led_by_class([c for c in answer.columns if _is_shown(c, answer)])
    single = bool(access.sees_single("analysis.run") and access.may("analysis.trace"))
    of_rows = [{**row, **inner} for row, inner in zip(answer.rows, answer.keys, strict=True)]
    behind = [_behind(wanted, row) if single else "" for row in of_rows]
    beside = ways_beside(access, wanted, of_rows, behind)
    rows = [
        ([_cell(access, column, row, answer, way) for column in columns], link)
        for row, way, link in zip(answer.rows, beside, behind, strict=True)
    ]
    return Table(heads=[_head(column, wanted) for column in columns], rows=rows)


def _led_by_class(columns: list[Column]) -> list[Column]:
    """Return the columns with the class beside the name: it is what was asked for, and a telephone
    shows two of them."""
    classes = [c for c in columns if c.name in WORDS]
    rest = [c for c in columns if c.name not in WORDS]
    behind = next((n for n, c in enumerate(rest, start=1) if c.name == "name"), 0)
    return [*rest[:behind], *classes, *rest[behind:]] if behind else columns


def _is_shown(column: Column, answer: Answer) -> bool:
    if column.name == "currency":
        return answer.analysis == "ageing"
    by = answer.parameters.get("by")
    if column.name == "name" and answer.parameters.get("per") == "total":
        return False  # one row of all
    if column.name == "source":
        return len({row["source"] for row in (*answer.rows, *answer.summary)}) > 1
    if column.name == "cohort_is_complete" or (column.name == "is_complete" and by == "month"):
        return False  # said beside the month
    if column.name == "group":
        return by in NAMED
    if column.name == "key":
        return by not in ("customer", "branch", "region")
    return column.name not in INNER


def _head(column: Column, wanted: Wanted) -> Head:
    inner = _inner(column, wanted)
    order = wanted.part.order
    falling, rising = order == f"-{inner}", order == inner
    following = inner if falling else f"-{inner}" if _is_figure(column) or rising else inner
    return Head(
        label=_label(column, wanted),
        figure=_is_figure(column),
        order=following if inner else "",
        sorted="descending" if falling else "ascending" if rising else "",
        wide=column.name in ("name", "group"),
    )


def _label(column: Column, wanted: Wanted) -> str:
    """Return what a column is called; a group by what it is: a month, a country."""
    by = wanted.asked.parameters.get("by")
    grouped = column.name == ("group" if by in NAMED else "key")
    return words.code(by) if by and grouped else words.figure(column.name)


def _inner(column: Column, wanted: Wanted) -> str:
    """Return the column of the expression behind an outer one; empty: not to be sorted by."""
    names = {figure.name for figure in wanted.asked.analysis.figures}
    inner = next((i for i, outer in OUTER.items() if outer == column.name), column.name)
    for name in (inner, f"{column.name}_minor"):
        if name in names:
            return name
    return ""


def _is_figure(column: Column) -> bool:
    return column.unit is not None or column.type in ("int64", "float64", "decimal")


def _cell(
    access: Access, column: Column, row: Mapping[str, Any], answer: Answer, beside: str
) -> Cell:
    """Return one cell. `beside`: where the figure of what is not applied leads."""
    value = row[column.name]
    by = answer.parameters.get("by")
    if column.name == "name":
        return _customer(access, row)
    if not value and column.name == ("group" if by in NAMED else "key"):
        return Cell(text=words.nameless(by), short=column.name == "key")
    if column.name in WORDS:
        return Cell(text=words.code(value), short=True, only=f"is:{column.name}={value}")
    if column.name == "key" and by == "country":
        return Cell(text=formats.country(value), short=True)
    if column.name == "cohort" or (column.name == "key" and by == "month"):
        whole = row["cohort_is_complete" if column.name == "cohort" else "is_complete"]
        # A group that is hidden is told apart by nothing.
        name = words.in_part(value) if whole is False else formats.month(value)
        return Cell(text=name, short=True)
    own = row.get("currency") if column.unit != "base_currency" else None
    text = text_of(column, value, own or answer.currency)
    url = beside if column.name == "unapplied" else ""
    return Cell(text=text, figure=_is_figure(column), short=column.name in SHORT, url=url)


def _customer(access: Access, row: Mapping[str, Any]) -> Cell:
    keys = row.get("source_keys") or []
    text = str(row["name"] or (keys[0] if keys else "") or row["customer"] or words.ANONYMOUS)
    if row["customer"] and access.may("customer.read"):
        return Cell(text=text, url=reverse("customers:file", args=[row["customer"]]))
    return Cell(text=text)


def text_of(column: Column, value: Any, currency: str) -> str:
    """Return a figure in the reader's language; `currency`: of an amount."""
    if value is None:
        return "–" if _is_figure(column) else ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if column.unit == "quantity":
        return formats.number(Decimal(value))
    if column.type == "decimal":
        return str(format_currency(Decimal(value), currency, locale=formats.locale()))
    if column.unit == "share":
        return str(format_percent(value, "#,##0.0 %", locale=formats.locale()))
    if isinstance(value, float):
        return formats.number(round(value, 1))
    return formats.number(value) if isinstance(value, int) else str(value)


def title_of(wanted: Wanted, title: Mapping[str, Any]) -> str:
    """Return what a row is called that its documents are shown of."""
    by = wanted.asked.parameters.get("by")
    if "group" in title:
        name = title["group"]
        if by in ("country", "month"):
            name = (formats.country if by == "country" else formats.month)(title["key"])
        if by == "customer" and not name:
            return words.nameless(by)
        return f"{words.code(str(by))}: {name or words.nameless(by)}"
    if "cohort" in title:
        month = {"cohort": formats.month(title["cohort"]), "number": title["month_number"]}
        return gettext("First bought in %(cohort)s, month %(number)s") % month
    if wanted.asked.parameters.get("per") == "total":
        name = words.code("total")
    else:
        keys = title.get("source_keys") or ()
        name = str(title["name"] or next(iter(keys), "") or title["customer"] or words.ANONYMOUS)
    return f"{name} · {title['currency']}" if "currency" in title else name


def _behind(wanted: Wanted, row: Mapping[str, Any]) -> str:
    """Return the address of the documents behind a row."""
    keys = {}
    for figure in wanted.asked.analysis.figures:
        if not figure.is_key:
            continue
        if figure.name == "customer_id":
            keys["key:customer"] = key_of_customer(row["customer"], row["customer_id"])
        elif figure.name == "group_key":
            keys["key:group_key"] = key_of_group(row["group_key"])
        else:
            keys[f"key:{figure.name}"] = "" if row[figure.name] is None else row[figure.name]
    kept = {k: v for k, v in wanted.given.items() if k not in ("page", "order") and k[:3] != "is:"}
    name = wanted.asked.analysis.name
    return f"{reverse('analyses:documents', args=[name])}?{urlencode(kept | keys)}"
