"""Amounts that carry a sign of money beside a column that says the currency: one that the sign
does not stand for sets the row aside, in every column of money, wherever the sign stands."""

from collections.abc import Iterator

from tests.corpus.case import Case, text
from tests.corpus.workbook import sheet

HEADER = ("Invoice No", "Product Code", "Quantity", "Invoice Date", "Unit Price", "Net Amount",
          "Currency", "Customer ID")  # fmt: skip

# id, unit price, net amount, currency, taken
SIGNED = (
    ("euro-in-dollars", "€10.00", "20.00", "USD", False),
    ("euro-behind-in-dollars", "10.00 €", "20.00", "USD", False),
    ("word-in-dollars", "10.00 EUR", "20.00", "USD", False),
    ("net-in-dollars", "10.00", "€20.00", "USD", False),
    ("pound-in-euros", "£10.00", "£20.00", "EUR", False),
    ("yen-in-euros", "￥10.00", "20.00", "EUR", False),
    ("kronor-in-euros", "kr 10.00", "20.00", "EUR", False),
    ("dollar-in-euros", "$10.00", "20.00", "EUR", False),
    ("us-dollar-in-pesos", "US$10.00", "20.00", "MXN", False),
    ("dollar-in-pesos", "$10.00", "$20.00", "MXN", True),
    ("dollar-in-canada", "$10.00", "$20.00", "CAD", True),
    ("dollar-in-australia", "$10.00", "$20.00", "AUD", True),
    ("yen-in-yen", "¥10", "¥20", "JPY", True),
    ("yen-in-yuan", "￥10.00", "20.00元", "CNY", True),
    ("kronor-in-kronor", "kr 10.00", "20.00 kr", "SEK", True),
    ("euro-in-euros", "€10.00", "20.00 EUR", "EUR", True),
)


def cases() -> Iterator[Case]:
    """Yield each amount between two sound rows, in text and in a workbook; and signs in the
    name of a column."""
    sound = ("7", "P-1", "2", "2026-03-04", "3.00", "6.00", "GBP", "A-1")
    for id_, price, net, currency, taken in SIGNED:
        odd = ("8", "P-1", "2", "2026-03-04", price, net, currency, "A-1")
        rows = [sound, odd, ("9", *sound[1:])]
        yield from _both(f"M14-{id_}", HEADER, rows, aside=0 if taken else 1)
    for column, place, name in (("unit-price", 4, "Unit Price (€)"), ("net", 5, "Net Amount EUR")):
        header = (*HEADER[:place], name, *HEADER[place + 1 :])
        rows = [(*sound[:6], currency, "A-1") for currency in ("EUR", "USD", "EUR")]
        rows = [(str(n), *row[1:]) for n, row in enumerate(rows)]
        yield from _both(f"M14-sign-in-{column}", header, rows, aside=1)


def _both(id_: str, header: tuple[str, ...], rows: list[tuple[str, ...]], aside: int) -> list[Case]:
    files = {
        "csv": text(rows, header=header).encode(),
        "xlsx": sheet(rows, header=header),
    }
    field = {4: "unit_price", 5: "net_amount"}
    known = {f"column:{name}": field[n] for n, name in enumerate(header) if n in field}
    return [
        Case(
            id=f"{id_}-{ending}", name=f"file.{ending}", content=content, settings=(),
            answers=known, accepted=3 - aside, set_aside={"currency_conflict": 1} if aside else {},
        )
        for ending, content in files.items()
    ]  # fmt: skip
