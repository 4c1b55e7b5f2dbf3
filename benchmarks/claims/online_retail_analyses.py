"""Claim: ABC and RFM of the UCI Online Retail file equal a recount in plain Python.

    python -m benchmarks.claims.online_retail_analyses DATA

DATA is the folder that holds online_retail/OnlineRetail.csv.gz (541,909 lines). The recount reads
the file with the csv module and keeps every quotient a fraction. Ours are the expressions over a
table of purchases that DuckDB makes of the same file. Ends non-zero where they differ.
"""

import csv
import gzip
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import ibis

from benchmarks.recounts import abc_of, rfm_of
from clientela.analysis.registry import ANALYSES
from clientela.tables.purchases import PURCHASES
from clientela.warehouse.session import Session

AS_OF = date(2011, 12, 9)
YEAR = (date(2010, 12, 10), AS_OF)
UNITS = 1000  # prices have up to three decimals: a thousandth of a pound keeps sums exact
MAKE = """
SELECT row_number() OVER (ORDER BY number) AS purchase_id, customer_id,
       CAST(1 AS BIGINT) AS org_node_id, CAST(1 AS BIGINT) AS sold_by_id,
       CAST(NULL AS BIGINT) AS owner_id, CAST(1 AS BIGINT) AS source_id,
       CASE WHEN number LIKE 'C%' THEN 'credit_note' WHEN number LIKE 'A%' THEN 'adjustment'
            ELSE 'invoice' END AS kind,
       purchased_on, 'GBP' AS currency, net_base_minor AS net_minor, net_base_minor,
       CAST(NULL AS BIGINT) AS margin_base_minor,
       kind = 'invoice' AND net_base_minor > 0 AS is_purchase
FROM (SELECT InvoiceNo AS number, CAST(max(CustomerID) AS BIGINT) AS customer_id,
             max(strptime(InvoiceDate, '%d/%m/%Y %H:%M')::DATE) AS purchased_on,
             CAST(sum(CAST(Quantity AS BIGINT) * CAST(UnitPrice AS DECIMAL(18, 3)) * 1000)
                  AS BIGINT) AS net_base_minor
      FROM read_csv('{path}', all_varchar = true, header = true) GROUP BY 1)
"""


def documents(path: Path) -> list[dict[str, Any]]:
    """Read the file's documents: customer, day, net in pounds, whether a sale."""
    found: dict[str, dict[str, Any]] = {}
    with gzip.open(path, "rt", encoding="utf-8", errors="strict", newline="") as text:
        for row in csv.DictReader(text):
            document = found.setdefault(
                row["InvoiceNo"], {"customer": None, "day": None, "net": Decimal(0)}
            )
            document["is_sale"] = row["InvoiceNo"][0] not in "CA"
            if row["CustomerID"]:
                document["customer"] = int(float(row["CustomerID"]))
            document["day"] = _day(row["InvoiceDate"])
            document["net"] += int(row["Quantity"]) * Decimal(row["UnitPrice"])
    return list(found.values())


def _day(text: str) -> date:
    day, month, year = text.partition(" ")[0].split("/")
    return date(int(year), int(month), int(day))


def ours(path: Path) -> tuple[dict[int, Any], dict[int, Any]]:
    """The same by our expressions over a table of purchases."""
    with duckdb.connect() as engine:
        made = engine.execute(MAKE.format(path=path)).to_arrow_table()
    tables = {PURCHASES.name: ibis.memtable(made)}
    with Session.duckdb() as session:
        abc, rfm = ANALYSES["abc"], ANALYSES["rfm"]
        classes = {
            row["customer_id"]: (Decimal(row["net_sales_minor"]) / UNITS, row["class"])
            for row in session.rows(abc.rows(tables, abc.period(AS_OF)))
        }
        names = ("recency_days", "frequency", "monetary_minor", "r", "f", "m")
        scores = {
            row["customer_id"]: tuple(row[name] for name in names)
            for row in session.rows(rfm.rows(tables, rfm.period(AS_OF)))
        }
    return classes, scores


def main() -> int:
    """Compare and print; 1 where a figure differs."""
    path = Path(sys.argv[1]) / "online_retail" / "OnlineRetail.csv.gz"
    held = documents(path)
    classes, scores = ours(path)
    abc = abc_of(held, *YEAR)
    rfm = {who: (*v[:2], round(v[2] * UNITS), *v[3:]) for who, v in rfm_of(held, AS_OF).items()}
    claims = {
        "documents are 25,900": len(held) == 25_900,
        "their net is 9,747,747.93": sum(d["net"] for d in held).quantize(Decimal("0.01"))
        == Decimal("9747747.93"),
        "customers with an id are 4,372": len({d["customer"] for d in held} - {None}) == 4_372,
        f"ABC classes and sales are equal, {Counter(word for _, word in abc.values())}": classes
        == abc,
        f"RFM values and quintiles are equal, {len(rfm)} customers": scores == rfm,
    }
    for claim, holds in claims.items():
        print("holds " if holds else "FALSE ", claim)
    return 0 if all(claims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
