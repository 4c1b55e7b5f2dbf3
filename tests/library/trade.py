"""A small company's trade, made by chance from a seed: rows as plain dictionaries."""

import random
from datetime import date, timedelta
from typing import Any

from clientela.tables.exchange_rates import rates_of

Rows = list[dict[str, Any]]
FIRST_ON = date(2023, 11, 15)
DAYS = 960  # until 2026-07-01, a day after the usual cut-off


def company(seed: int, customers: int = 40, documents: int = 400) -> dict[str, Rows]:
    """Return rows of every contract that the analyses read, consistent with one another."""
    chance = random.Random(seed)
    invoices = [_invoice(chance, number, customers) for number in range(1, documents + 1)]
    payments, allocations = _settled(chance, invoices)
    return {
        "customers": [_customer(chance, number) for number in range(1, customers + 6)],
        "org_nodes": _nodes(),
        "products": [
            {
                "product_id": number,
                "category_1": chance.choice(["tea", "cups", None]),
                "category_2": None,
                "category_3": None,
                "launched_on": None,
            }
            for number in range(1, 8)
        ],
        "invoices": invoices,
        "invoice_lines": _lines(chance, invoices),
        "payments": payments,
        "allocations": allocations,
        "purchases": [_purchase(invoice) for invoice in invoices],
        "exchange_rates": _rates(chance),
    }


def _rates(chance: random.Random) -> Rows:
    """Rates of two or three days a week, so that every day has one that is a few days old."""
    days = [n for n in range(-8, DAYS) if n % 3 == 0 or chance.random() < 0.1]
    return rates_of(
        ("CNY", "EUR", FIRST_ON + timedelta(days=n), f"{chance.uniform(0.11, 0.14):.6f}")
        for n in days
    )


def _day(chance: random.Random) -> date:
    return FIRST_ON + timedelta(days=chance.randrange(DAYS))


def _customer(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "customer_id": number,
        "kind": chance.choice(["company", "person"]),
        "stage": chance.choice(["customer", "customer", "former", "prospect", "related"]),
        "org_node_id": chance.choice([3, 4]),
        "owner_id": chance.choice([None, 100, 101]),
        "country": chance.choice(["ES", "CN", "GB", None]),
        "region": chance.choice(["North", "South", None]),
        "city": None,
        "industry": None,
        "sex": None,
        "age_band": None,
        "income_band": None,
        "household_size_band": None,
        "first_known_on": FIRST_ON,
        "is_archived": False,
    }


def _nodes() -> Rows:
    rows = [
        (1, None, "group", "All", None, None),
        (2, 1, "region", "North", 2, None),
        (3, 2, "branch", "Bilbao", 2, 3),
        (4, 2, "branch", "Burgos", 2, 4),
        (5, 1, "team", "Head office", None, None),
    ]
    names = {number: name for number, _, _, name, _, _ in rows}
    return [
        {
            "org_node_id": number,
            "parent_id": parent,
            "kind": kind,
            "name": name,
            "region_id": region,
            "region_name": names.get(region),
            "branch_id": branch,
            "branch_name": names.get(branch),
        }
        for number, parent, kind, name, region, branch in rows
    ]


def _invoice(chance: random.Random, number: int, customers: int) -> dict[str, Any]:
    kind = chance.choices(["invoice", "credit_note", "adjustment"], [85, 12, 3])[0]
    # Few different amounts, so that ties are common.
    net = chance.choice([0, 100, 250, 250, 999, chance.randrange(1, 100_000)])
    if kind == "credit_note" or (kind == "adjustment" and chance.random() < 0.5):
        net = -(net // 3)
    currency, rate = chance.choice([("EUR", 1.0), ("EUR", 1.0), ("CNY", 0.127)])
    gross = net + round(net * 0.21)
    issued_on = _day(chance)
    owner = chance.choice([None, 100, 101])
    return {
        "invoice_id": number,
        "customer_id": None if chance.random() < 0.1 else int(customers * chance.random() ** 2) + 1,
        "org_node_id": (node := chance.choice([3, 4, 5])),
        "sold_by_id": _seller(number, node),
        "owner_id": owner,
        "source_id": chance.choice([1, 2]),
        "kind": kind,
        "settlement": "unknown" if chance.random() < 0.1 else "known",
        "issued_on": issued_on,
        "due_on": None
        if chance.random() < 0.05
        else issued_on + timedelta(days=chance.choice([0, 14, 30, 60])),
        "delay_is_ours": chance.random() < 0.05,
        "currency": currency,
        "net_minor": net,
        "gross_minor": gross,
        "net_base_minor": round(net * rate),
        "gross_base_minor": round(gross * rate),
        "cost_base_minor": chance.choice([None, round(net * rate * 0.7)]),
    }


def _seller(number: int, node: int) -> int:
    """Another node than the one that serves the customer, in one of three documents."""
    return {3: 4, 4: 5, 5: 3}[node] if number % 3 == 0 else node


def _lines(chance: random.Random, invoices: Rows) -> Rows:
    lines: Rows = []
    for invoice in invoices:
        first = invoice["net_base_minor"] // 3
        for net in (first, invoice["net_base_minor"] - first):
            lines.append(
                {
                    "line_id": len(lines) + 1,
                    **{
                        name: invoice[name]
                        for name in (
                            *("invoice_id", "customer_id", "org_node_id", "sold_by_id", "owner_id"),
                            *("source_id", "kind", "issued_on", "currency"),
                        )
                    },
                    "product_id": chance.choice([1, 2, 3, 4, 5, 6, 7, None]),
                    "quantity_milli": chance.randrange(-3000, 9000),
                    "net_minor": net,
                    "net_base_minor": net,
                    "cost_base_minor": None,
                }
            )
    return lines


def _settled(chance: random.Random, invoices: Rows) -> tuple[Rows, Rows]:
    payments: Rows = []
    allocations: Rows = []
    for invoice in invoices:
        if invoice["gross_minor"] <= 0 or chance.random() < 0.25:
            continue
        late = chance.choice([-35, -20, -3, 0, 0, 1, 15, 22, 29, 75, 130, 300])
        received_on = (invoice["due_on"] or invoice["issued_on"]) + timedelta(days=late)
        share = chance.choice([1, 1, 1, 2])
        amount = invoice["gross_minor"] // share
        base = invoice["gross_base_minor"] // share
        scope = {name: invoice[name] for name in ("customer_id", "org_node_id", "owner_id")}
        number = len(payments) + 1
        payments.append(
            {
                "payment_id": number,
                **scope,
                "source_id": invoice["source_id"],
                "received_on": received_on,
                "currency": invoice["currency"],
                "amount_minor": amount,
                "amount_base_minor": base,
            }
        )
        credited = chance.random() < 0.1
        allocations.append(
            {
                "allocation_id": number,
                "invoice_id": invoice["invoice_id"],
                "payment_id": None if credited else number,
                "credit_note_id": 1 if credited else None,
                **scope,
                "allocated_on": received_on + timedelta(days=chance.choice([0, 0, 3])),
                "currency": invoice["currency"],
                "amount_minor": amount,
                "amount_base_minor": base,
                "delay_is_ours": chance.random() < 0.1,
            }
        )
    return payments, allocations


def _purchase(invoice: dict[str, Any]) -> dict[str, Any]:
    net, cost = invoice["net_base_minor"], invoice["cost_base_minor"]
    same = (
        *("customer_id", "org_node_id", "sold_by_id", "owner_id", "source_id", "kind"),
        *("currency", "net_minor"),
    )
    return {
        "purchase_id": invoice["invoice_id"],
        **{name: invoice[name] for name in same},
        "purchased_on": invoice["issued_on"],
        "net_base_minor": net,
        "margin_base_minor": None if cost is None else net - cost,
        "is_purchase": invoice["kind"] == "invoice" and net > 0,
    }
