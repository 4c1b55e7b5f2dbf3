"""What the reader and the typer find in the UCI Online Retail file, recounted by pandas.

    python -m benchmarks.claims.online_retail_reading DATA

DATA is the folder that holds `online_retail/OnlineRetail.csv.gz`. The recount shares no code with
the product. Ends with 1 when a figure differs.
"""

import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas as pd

from clientela.intake.kinds.registry import KINDS, known_names
from clientela.intake.mapping.plan import plan
from clientela.intake.mapping.typer import Typer
from clientela.intake.reading.describe import describe
from clientela.intake.reading.records import records
from clientela.intake.results import Totals

SEVERAL = ("Channel Islands", "European Community")


def ours(path: Path) -> dict[str, object]:
    """Count with the product, as `clientela import --yes --set currency=GBP` reads it."""
    found = describe(path, known_names=known_names())
    settled = plan(found, settings=["currency=GBP"], take_sure=True)
    if settled.questions:
        sys.exit(f"questions are open: {[question.id for question in settled.questions]}")
    typer = Typer(KINDS[settled.mapping.kind], settled.mapping, found.layout.header)
    totals, flags, net = Totals(), Counter[str](), Decimal(0)
    kinds: dict[object, object] = {}
    customers, products, countries = set(), set(), Counter[object]()
    for batch in records(path, found.layout):
        typed = typer.batch(batch)
        totals += typed.totals
        flags.update({code: len(rows) for code, rows in typed.flags.items()})
        columns = typed.columns
        net += sum(columns["net_amount"], Decimal(0))  # type: ignore[arg-type]
        kinds |= dict(zip(columns["document_number"], columns["document_kind"], strict=True))
        customers.update(columns["customer_key"])
        products.update(columns["product_code"])
        countries.update(columns["country"])
    of_kind = Counter(kinds.values())
    return {
        "rows read": totals.read,
        "rows accepted": totals.accepted,
        "rows rejected": totals.rejected,
        "documents": len(kinds),
        "credit notes": of_kind["credit_note"],
        "adjustments": of_kind["adjustment"],
        "customers with an id": len(customers - {None}),
        "product codes": len(products),
        "countries": len(countries.keys() - {None}),
        "rows without a country": countries[None],
        "net amount": f"{net:.2f}",
        **{f"flag {code}": flags[code] for code in sorted(flags)},
    }


def recounted(path: Path) -> dict[str, object]:
    """Count with pandas."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    number, price = frame["InvoiceNo"], pd.to_numeric(frame["UnitPrice"])
    quantity = frame["Quantity"].astype(int)
    no_country = frame["Country"].isin([*SEVERAL, "Unspecified"])
    cents = (frame["UnitPrice"].map(Decimal) * quantity.map(Decimal)).sum()
    documents = number.drop_duplicates()
    return {
        "rows read": len(frame),
        "rows accepted": len(frame),
        "rows rejected": 0,
        "documents": len(documents),
        "credit notes": int(documents.str.startswith("C").sum()),
        "adjustments": int(documents.str.startswith("A").sum()),
        "customers with an id": frame.loc[frame["CustomerID"] != "", "CustomerID"].nunique(),
        "product codes": frame["StockCode"].nunique(),
        "countries": frame.loc[~no_country, "Country"].nunique(),
        "rows without a country": int(no_country.sum()),
        "net amount": f"{cents:.2f}",
        "flag adjustment_document": int(number.str.startswith("A").sum()),
        "flag anonymous_sale": int((frame["CustomerID"] == "").sum()),
        "flag country_is_several": int(frame["Country"].isin(SEVERAL).sum()),
        "flag country_not_said": int((frame["Country"] == "Unspecified").sum()),
        "flag negative_quantity": int(((quantity < 0) & ~number.str.startswith("C")).sum()),
        "flag price_negative": int((price < 0).sum()),
        "flag price_zero": int((price == 0).sum()),
    }


# As published with the data set and worked out by hand beforehand.
STATED = {
    "rows read": 541_909, "rows rejected": 0, "documents": 25_900, "credit notes": 3_836,
    "adjustments": 3, "customers with an id": 4_372, "product codes": 4_070,
    "net amount": "9747747.93", "flag anonymous_sale": 135_080, "flag price_zero": 2_515,
    "flag price_negative": 2, "flag negative_quantity": 1_336,
}  # fmt: skip


def main() -> int:
    """Print each figure beside its recount; answer the exit code."""
    path = Path(sys.argv[1]) / "online_retail" / "OnlineRetail.csv.gz"
    started = time.perf_counter()
    found = ours(path)
    seconds = time.perf_counter() - started
    wanted = recounted(path)
    false = 0
    for name in dict.fromkeys([*found, *wanted]):
        figures = [found.get(name), wanted.get(name), STATED.get(name, wanted.get(name))]
        right = len(set(map(str, figures))) == 1
        false += not right
        print(f"{'ok   ' if right else 'FALSE'} {name:28} {figures[0]!s:>14} {figures[1]!s:>14}")
    print(f"{int(str(found['rows read'])) / seconds:,.0f} rows/s, described, planned and typed")
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
