"""A sales file drawn by a seed, and what must stand in the books after it: counted here."""

import csv
import random
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

HEADER = ["Invoice No", "Date", "Customer ID", "Stock Code", "Quantity", "Unit Price", "Currency"]


def write(path: Path, *, rows: int, seed: int) -> None:
    """Write a file of `rows` lines: documents of one to nine lines, some of them bad."""
    chance = random.Random(seed)
    number, lines = 10_000, 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        while lines < rows:
            number += 1
            credit = chance.random() < 0.05
            name = f"{'C' if credit else ''}{number}"
            day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            customer = f"k{chance.randint(1, 900)}" if chance.random() > 0.1 else ""
            for _ in range(min(chance.randint(1, 9), rows - lines)):
                quantity = chance.randint(1, 40) * (-1 if credit else 1)
                price = f"{chance.randint(5, 9000) / 100:.2f}"
                if chance.random() < 0.002:
                    price = "twelve"
                product = f"p{chance.randint(1, 300)}"
                writer.writerow([name, day, customer, product, quantity, price, "EUR"])
                lines += 1


def expected(path: Path) -> dict[str, object]:
    """Return what the books must hold: whole documents only, to the cent."""
    documents: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            documents[row["Invoice No"]].append(row)
    bad = {n for n, rows in documents.items() if any(r["Unit Price"] == "twelve" for r in rows)}
    good = {n: rows for n, rows in documents.items() if n not in bad}
    amounts = {
        n: sum(Decimal(r["Quantity"]) * Decimal(r["Unit Price"]) for r in rows)
        for n, rows in good.items()
    }
    return {
        "read": sum(map(len, documents.values())),
        "rejected": sum(len(documents[n]) for n in bad),
        "documents": {n: (len(rows), amounts[n]) for n, rows in good.items()},
        "customers": len({r["Customer ID"] for rows in good.values() for r in rows} - {""}),
        "per_customer": dict(
            Counter(rows[0]["Customer ID"] for rows in good.values() if rows[0]["Customer ID"])
        ),
    }
