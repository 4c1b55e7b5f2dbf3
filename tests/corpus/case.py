"""One bad file and what must become of it."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

HEADER = (
    "Invoice No",
    "Product Code",
    "Description",
    "Quantity",
    "Invoice Date",
    "Unit Price",
    "Customer ID",
    "Country",
)
SETTINGS = ("currency=EUR",)
AS_OF = date(2026, 6, 30)
ROWS = (
    ("1001", "P-1", "Tea, green", "3", "2026-03-04", "12.50", "A-1", "Spain"),
    ("1001", "P-2", "Café", "2", "2026-03-04", "7.25", "A-1", "Spain"),
    ("1002", "P-1", "茶叶", "10", "2026-03-05", "11.00", "A-2", "China"),
    ("1003", "P-3", "Tea cup", "1", "2026-03-17", "4.75", "A-3", "Mexico"),
)
CUSTOMER_HEADER = (
    "Customer ID",
    "Name",
    "Customer Type",
    "Country",
    "Tax Number",
    "Phone",
    "Email",
    "Birth Date",
)
CUSTOMER_ROWS = (
    ("A-1", "Tés del Sur, S.L.", "company", "ES", "B58818501", "+34 912 345 678", "a@sur.es", ""),
    ("A-2", "北京茶叶有限公司", "company", "CN", "", "010-8888 8888", "b@cha.cn", ""),
    ("A-3", "María López", "person", "MX", "", "+52 55 1234 5678", "m@mail.mx", "1980-02-29"),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file and its outcome. `refused` and `asked` are codes; `set_aside` code → rows, rejected
    or skipped; `flagged` code → rows; `values` field → expected values of the accepted rows."""

    id: str
    name: str = "file.csv"
    content: bytes = b""
    kind: str = "sales_lines"
    settings: Sequence[str] = SETTINGS
    answers: Mapping[str, str] = field(default_factory=dict)
    refused: str | None = None
    asked: str | None = None
    accepted: int | None = None
    set_aside: Mapping[str, int] = field(default_factory=dict)
    flagged: Mapping[str, int] = field(default_factory=dict)
    noted: str | None = None
    not_noted: str | None = None
    values: Mapping[str, Sequence[object]] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the file under its own name into a folder."""
        path = folder / self.name
        path.write_bytes(self.content)
        return path


def text(
    rows: Sequence[Sequence[str]], *, header: Sequence[str] | None = HEADER, separator: str = ","
) -> str:
    """Return rows as a CSV text with LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def with_cell(column: str, value: str, *, row: int = 0) -> list[tuple[str, ...]]:
    """Return a sales row with one cell replaced, added to the sound ones at a place."""
    at = HEADER.index(column)
    bad = list(ROWS[0])
    bad[at] = value
    rows = list(ROWS)
    rows.insert(row, tuple(bad))
    return rows


def with_customer(column: str, value: str, *, row: int = 0) -> list[tuple[str, ...]]:
    """Return a customer with one cell replaced, added to the sound ones at a place."""
    at = CUSTOMER_HEADER.index(column)
    bad = ["B-1", "Casa Nueva, S.A.", "company", "ES", "", "", "", ""]
    bad[at] = value
    rows = list(CUSTOMER_ROWS)
    rows.insert(row, tuple(bad))
    return rows
