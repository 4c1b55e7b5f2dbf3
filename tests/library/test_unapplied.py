"""What is open less what is not applied is what was billed less what was paid, on every day.

The books are made by chance: payments before and after their invoices, of parts, of too much, of
nothing known, paid back; credit notes; allocations of each up to what is left of both sides.
"""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import ibis
import pytest

from clientela.analysis import ageing
from clientela.analysis.expressions.unapplied import unapplied_of
from clientela.analysis.registry import ANALYSES
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS
from clientela.warehouse.session import Session

FIRST_ON = date(2026, 1, 1)
CURRENCIES = ("EUR", "CNY")


def books(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Return a year's invoices, payments and what settles what; all of sources that tell both."""
    chance = random.Random(seed)

    def document(number: int) -> dict[str, Any]:
        return {
            "customer_id": chance.choice([1, 2, 3, 4, None]), "org_node_id": 1, "owner_id": None,
            "source_id": 1, "currency": chance.choice(CURRENCIES),
        }  # fmt: skip

    def day() -> date:
        return FIRST_ON + timedelta(days=chance.randrange(300))

    invoices = [
        document(n) | {
            "invoice_id": n, "kind": "invoice", "settlement": "known", "issued_on": day(),
            "due_on": None, "delay_is_ours": False, "cost_base_minor": None,
            "gross_minor": chance.choice([1, 100, 250, 999]) * chance.choice([1, 1, 1, -1]),
        }
        for n in range(1, 80)
    ]  # fmt: skip
    payments = [
        document(n) | {
            "payment_id": n, "received_on": day(), "amount_base_minor": None,
            "amount_minor": chance.choice([1, 100, 250, 999]) * chance.choice([1, 1, 1, 1, -1]),
        }
        for n in range(1, 80)
    ]  # fmt: skip
    for one in invoices:
        one |= {f"{name}_minor": one["gross_minor"] for name in ("net", "net_base", "gross_base")}
    return {
        "invoices": invoices, "payments": payments,
        "allocations": settled(chance, invoices, payments),
    }  # fmt: skip


def settled(chance: random.Random, invoices: Any, payments: Any) -> list[dict[str, Any]]:
    """Let chosen payments and credit notes settle chosen invoices, up to what is left of both."""
    left = {("invoice", i["invoice_id"]): abs(i["gross_minor"]) for i in invoices}
    left |= {("payment", p["payment_id"]): p["amount_minor"] for p in payments}
    found: list[dict[str, Any]] = []
    for _ in range(120):
        to, by = chance.choice(invoices), chance.choice([*invoices, *payments])
        is_payment = "payment_id" in by
        key = ("payment", by["payment_id"]) if is_payment else ("invoice", by["invoice_id"])
        part = min(left[key], left["invoice", to["invoice_id"]])
        fits = to["gross_minor"] > 0 and to["currency"] == by["currency"] and part > 0
        if not fits or (not is_payment and by["gross_minor"] > 0):
            continue
        part = chance.randint(1, part)
        left[key] -= part
        left["invoice", to["invoice_id"]] -= part
        came_on = by["received_on"] if is_payment else by["issued_on"]
        found.append(
            {
                "allocation_id": len(found) + 1, "invoice_id": to["invoice_id"],
                "payment_id": by["payment_id"] if is_payment else None,
                "credit_note_id": None if is_payment else by["invoice_id"],
                "customer_id": to["customer_id"], "org_node_id": 1, "owner_id": None,
                "allocated_on": came_on + timedelta(days=chance.choice([0, 0, 20])),
                "currency": to["currency"], "amount_minor": part, "amount_base_minor": part,
                "delay_is_ours": False,
            }
        )  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(6))
def test_open_less_not_applied_is_billed_less_paid(seed: int) -> None:
    rows = books(seed)
    contracts = {"invoices": INVOICES, "payments": PAYMENTS, "allocations": ALLOCATIONS}
    tables = {n: ibis.memtable(rows[n], schema=c.schema) for n, c in contracts.items()}
    beside = 0
    with Session.duckdb() as session:
        for days in (30, 120, 299, 400):
            as_of = FIRST_ON + timedelta(days=days)
            owed: Counter[str] = Counter()
            for one in rows["invoices"]:
                owed[one["currency"]] += one["gross_minor"] * (one["issued_on"] <= as_of)
            for one in rows["payments"]:
                owed[one["currency"]] -= one["amount_minor"] * (one["received_on"] <= as_of)
            found = session.rows(ageing(**tables, as_of=as_of, per="total"))
            net = {r["currency"]: r["open_minor"] - r["unapplied_minor"] for r in found}
            assert {c: n for c, n in net.items() if n} == {c: n for c, n in owed.items() if n}
            each = session.rows(ageing(**tables, as_of=as_of))
            for row in found:
                mine = [one for one in each if one["currency"] == row["currency"]]
                for name in ("open_minor", "unapplied_minor", "documents"):
                    assert sum(one[name] for one in mine) == row[name]
            beside += len(found)
    assert beside


def left_of(rows: dict[str, list[dict[str, Any]]], as_of: date) -> dict[Any, Counter[Any]]:
    """Return by customer and currency what each payment and credit note has left on a day."""
    issued = {one["invoice_id"] for one in rows["invoices"] if one["issued_on"] <= as_of}
    taken: Counter[Any] = Counter()
    for one in rows["allocations"]:
        if one["allocated_on"] <= as_of and one["invoice_id"] in issued:
            taken[one["payment_id"] is not None, one["payment_id"] or one["credit_note_id"]] += one[
                "amount_minor"
            ]
    documents = [
        (True, one["payment_id"], one["amount_minor"], one)
        for one in rows["payments"]
        if one["received_on"] <= as_of
    ] + [
        (False, one["invoice_id"], -one["gross_minor"], one)
        for one in rows["invoices"]
        if one["invoice_id"] in issued and one["gross_minor"] < 0
    ]
    found: dict[Any, Counter[Any]] = {}
    for is_payment, number, whole, one in documents:
        left = whole - taken[is_payment, number]
        if left:
            of = found.setdefault((one["customer_id"], one["currency"]), Counter())
            of[is_payment, number, whole] = left
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_makes_up_each_figure_is_what_a_recount_finds(seed: int) -> None:
    rows = books(seed)
    contracts = {"invoices": INVOICES, "payments": PAYMENTS, "allocations": ALLOCATIONS}
    tables = {n: ibis.memtable(rows[n], schema=c.schema) for n, c in contracts.items()}
    as_of = FIRST_ON + timedelta(days=200)
    recounted = left_of(rows, as_of)
    with Session.duckdb() as session:
        for row in session.rows(ageing(**tables, as_of=as_of)):
            key = {name: row[name] for name in ("customer_id", "currency")}
            behind = unapplied_of(tables, ANALYSES["ageing"].period(as_of), key, per="customer")
            found = session.rows(behind)
            left = recounted.pop(tuple(key.values()), Counter())
            assert left == {
                (one["is_payment"], one["document_id"], one["whole_minor"]): one["unapplied_minor"]
                for one in found
            }
            assert row["unapplied_minor"] == sum(left.values())
            assert [one["day"] for one in found] == sorted(one["day"] for one in found)
    assert not recounted
