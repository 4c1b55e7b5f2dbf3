"""Columns whose form cannot be told, or changes on the way: dates, numbers, amounts."""

from collections.abc import Iterator

from tests.corpus.case import HEADER, ROWS, Case, text

SOUND = text(ROWS)
INDIAN = {
    "whole": ("12,34,567", "3.50"),
    "decimals": ("1,23,456.50", "3.50"),
    "beside-thousands": ("12,34,567", "1,234"),
}


def column_of(name: str, values: list[str]) -> list[tuple[str, ...]]:
    """Return sales rows whose column has these values."""
    at = HEADER.index(name)
    return [(*ROWS[0][:at], value, *ROWS[0][at + 1 :]) for value in values]


def cases() -> Iterator[Case]:
    """Yield the cases of dates and numbers of whole columns."""
    yield from _columns()
    yield from _numbers()
    yield from _indian()
    yield from _rules()


def _columns() -> Iterator[Case]:
    def dates(*values: str) -> bytes:
        return text(column_of("Invoice Date", list(values))).encode()

    def prices(*values: str) -> bytes:
        return text(column_of("Unit Price", list(values))).encode()

    yield Case(
        id="D01-undecidable", content=dates("03/04/2026", "05/06/2026"), asked="date_order_unclear"
    )
    yield Case(
        id="D01-answered",
        content=dates("03/04/2026", "05/06/2026"),
        answers={"dates:Invoice Date": "mdy"},
        accepted=2,
    )
    yield Case(id="D02-mixed", content=dates("13/04/2026", "04/13/2026"), asked="date_order_mixed")
    yield Case(id="D01-day-first", content=dates("13/04/2026", "05/06/2026"), accepted=2)
    yield Case(id="D01-month-first", content=dates("04/13/2026", "05/06/2026"), accepted=2)
    yield Case(id="D01-points", content=dates("03.04.2026", "05.06.2026"), accepted=2)
    yield Case(
        id="D06-two-digits", content=dates("03/04/26", "05/06/26"), asked="date_order_unclear"
    )
    yield Case(
        id="D06-two-digits-decided",
        content=dates("31/04/99", "30/12/98"),
        accepted=1,
        set_aside={"no_such_day": 1},
    )
    yield Case(
        id="M01-thousand-or-decimal",
        content=prices("1,234", "2,345"),
        asked="number_format_unclear",
    )


def _numbers() -> Iterator[Case]:
    def prices(*values: str) -> bytes:
        return text(column_of("Unit Price", list(values))).encode()

    yield Case(
        id="M01-answered",
        content=prices("1,234", "2,345"),
        answers={"numbers:Unit Price": "decimal_comma_grouped_point"},
        accepted=2,
    )
    yield Case(id="M01-comma", content=prices("1.234,50", "2,5"), accepted=2)
    yield Case(id="M01-space", content=prices("1 234,50", "2,5"), accepted=2)
    yield Case(id="M01-apostrophe", content=prices("1'234.50", "2.5"), accepted=2)
    yield Case(id="M01-mixed", content=prices("1.234,50", "1,234.50"), asked="number_format_mixed")
    yield Case(id="M04-scale", content=prices("1.2万", "3.5"), asked="scale_unclear")
    yield Case(
        id="M04-scale-taken",
        content=prices("1.2万", "3.5"),
        answers={"scale:Unit Price": "take"},
        accepted=2,
    )
    yield Case(id="M12-dash", content=prices("-", "3.5"), asked="null_words")
    yield Case(
        id="M12-dash-answered",
        content=prices("-", "3.5"),
        answers={"nulls:Unit Price": "none"},
        accepted=1,
        set_aside={"amount_missing": 1},
    )
    yield Case(
        id="M12-null",
        content=text(column_of("Customer ID", ["NULL", "A-1"])).encode(),
        accepted=2,
        flagged={"anonymous_sale": 1},
    )
    yield Case(id="M14-no-currency", content=SOUND.encode(), settings=(), asked="currency_missing")


def _indian() -> Iterator[Case]:
    for name, values in INDIAN.items():
        content = text(column_of("Unit Price", list(values))).encode()
        yield Case(id=f"M02-indian-{name}", content=content, asked="number_format_unclear")
        yield Case(
            id=f"M02-indian-{name}-answered",
            content=content,
            answers={"numbers:Unit Price": "decimal_point_grouped_indian"},
            accepted=2,
        )
        yield Case(
            id=f"M02-indian-{name}-is-not",
            content=content,
            answers={"numbers:Unit Price": "decimal_point_grouped_comma"},
            accepted=1,
            set_aside={"grouping_wrong": 1},
        )


def _rules() -> Iterator[Case]:
    discount = text(
        [(*row, value) for row, value in zip(ROWS, ("5", "0", "10", "0"), strict=True)],
        header=(*HEADER, "Discount"),
    )
    yield Case(id="M13-percent", content=discount.encode(), asked="percent_unclear")
    yield Case(
        id="M13-percent-answered",
        content=discount.encode(),
        answers={"percent:Discount": "points"},
        accepted=4,
    )
    due = text([(*row, "2026-03-01") for row in ROWS], header=(*HEADER, "Due Date"))
    yield Case(
        id="D14-due-before-issue",
        content=due.encode(),
        accepted=0,
        set_aside={"due_before_issued": 4},
    )
    same = text([(*row, row[4]) for row in ROWS], header=(*HEADER, "Due Date"))
    yield Case(id="D14-due-on-issue", content=same.encode(), accepted=4)
    net = text([(*row, "37.50") for row in ROWS], header=(*HEADER, "Net Amount"))
    yield Case(
        id="M16-amount-differs", content=net.encode(), accepted=4, flagged={"amount_differs": 3}
    )
