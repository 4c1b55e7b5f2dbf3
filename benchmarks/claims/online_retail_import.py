"""Claims: `clientela import` and `analyse` on the UCI Online Retail file, against a recount.

    python -m benchmarks.claims.online_retail_import DATA

The product is used as a person does, by its commands, in an installation made for this.
The recount reads the file with the csv module and shares no code with the product. Each
line is rounded once, half to even, to the penny, as the product says it does.
"""

import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from benchmarks.claims.online_retail_analyses import AS_OF, YEAR
from benchmarks.installation import Installation, installation
from benchmarks.recounts import abc_of, rfm_of

KINDS = """
import json, psycopg
from clientela.runtime.database import urls
with psycopg.connect(urls().superuser) as c:
    print(json.dumps(dict(c.execute("select kind, count(*) from trade_invoice group by kind"))))
"""
PENNY = Decimal("0.01")


def recount(path: Path) -> dict[str, Any]:
    """Return every figure that the import must report, from the file alone."""
    documents: dict[str, dict[str, Any]] = {}
    flags: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    lines, products, net = 0, set(), Decimal(0)
    for row in _rows(path):
        lines += 1
        number, quantity, price = row["InvoiceNo"], int(row["Quantity"]), Decimal(row["UnitPrice"])
        document = documents.setdefault(number, {"customer": None, "net": Decimal(0)})
        amount = (quantity * price).quantize(PENNY, ROUND_HALF_EVEN)
        document["customer"] = row["CustomerID"].removesuffix(".0") or document["customer"]
        document["day"] = min(document.get("day", date.max), _day(row["InvoiceDate"]))
        document["net"] += amount
        net += amount
        products.add(row["StockCode"])
        flags["price_zero"] += price == 0
        flags["price_negative"] += price < 0
        flags["anonymous_sale"] += not row["CustomerID"]
        flags["negative_quantity"] += quantity < 0 and number[0] != "C"
        flags["adjustment_document"] += number[0] == "A"
        key = tuple(row.values())
        flags["repeated_line"] += key in seen
        seen.add(key)
    held = [{"number": n, **d} for n, d in documents.items()]
    return {"lines": lines, "held": held, "products": products, "net": net, "flags": flags}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def _day(text: str) -> date:
    day, month, year = text.partition(" ")[0].split("/")
    return date(int(year), int(month), int(day))


def claims_of_import(counted: dict[str, Any], report: dict[str, Any]) -> dict[str, bool]:
    """Compare the report of the run with the recount."""
    held = counted["held"]
    flags = {f["code"]: f["rows"] for f in report["flagged"]}
    customers = {d["customer"] for d in held} - {None}
    totals = report["totals"]
    return {
        f"every row is accounted for: {totals}": totals["read"] == counted["lines"]
        and totals["read"] == totals["accepted"] + totals["rejected"] + totals["skipped"],
        "no row is rejected": totals["rejected"] == 0 and totals["accepted"] == counted["lines"],
        f"{len(held):,} documents": report["written"]["invoices"] == len(held) == 25_900,
        f"{len(customers):,} customers": report["written"]["customers"] == len(customers) == 4_372,
        f"{len(counted['products']):,} products": report["written"]["products"]
        == len(counted["products"]),
        f"net {counted['net']:,}": Decimal(report["amounts"][0]["net"]) == counted["net"],
        **{f"{n:,} rows flagged {c}": flags.get(c) == n for c, n in counted["flags"].items()},
    }


def claims_of_books(counted: dict[str, Any], product: Installation) -> dict[str, bool]:
    """Compare how many documents of each kind stand in the books with the recount."""
    word = {"C": "credit_note", "A": "adjustment"}
    kinds = Counter(word.get(d["number"][0], "invoice") for d in counted["held"])
    books = json.loads(product.python(KINDS))
    return {f"documents by kind, {dict(sorted(kinds.items()))}": books == dict(kinds)}


def claims_of_analyses(counted: dict[str, Any], product: Installation) -> dict[str, bool]:
    """Compare ABC and RFM, asked by command, with the recount."""
    held = [
        {
            **d,
            "customer": int(d["customer"]) if d["customer"] else None,
            "is_sale": d["number"][0] not in "CA",
        }
        for d in counted["held"]
    ]
    counted_abc = abc_of(held, *YEAR)
    words = ("--source", "uci", "--as-of", AS_OF.isoformat())
    abc = {_who(r): (Decimal(r["net_sales"]), r["class"]) for r in _asked(product, "abc", words)}
    bought = {who: v for who, v in abc.items() if who in counted_abc}
    rfm = {
        _who(r): (r["recency_days"], r["frequency"], r["r"], r["f"], r["m"])
        for r in _asked(product, "rfm", words)
    }
    counted_rfm = {who: (*v[:2], *v[3:]) for who, v in rfm_of(held, AS_OF).items()}
    return {
        f"ABC equals the recount for {len(bought):,} customers": bought == counted_abc,
        f"RFM equals the recount for {len(rfm):,} customers": rfm == counted_rfm,
    }


def _asked(product: Installation, name: str, words: tuple[str, ...]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = product.ask("analyse", name, *words)["rows"]
    return rows


def _who(row: dict[str, Any]) -> int:
    return int(row["source_keys"][0].removeprefix("uci/"))


def main() -> int:
    """Import, ask, recount, compare; 1 where a figure is false."""
    path = Path(sys.argv[1]) / "online_retail" / "OnlineRetail.csv.gz"
    counted = recount(path)
    words = ("import", str(path), "--source", "uci", "--set", "currency=GBP", "--yes")
    with installation() as product:
        report, seconds = product.timed(*words)
        claims = claims_of_import(counted, report) | claims_of_books(counted, product)
        claims |= claims_of_analyses(counted, product)
        again = product.ask(*words)
        rebuilt = product.ask("records", "rebuild", "--check")
    claims["the same file again changes nothing"] = again["state"] == "already_imported"
    claims["every customer follows from its versions"] = rebuilt["differences"] == 0
    for claim, holds in claims.items():
        print("holds " if holds else "FALSE ", claim)
    print(f"{counted['lines'] / seconds:,.0f} rows/s, start and refresh included")
    return 0 if all(claims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
