"""The analyses once more, naively: plain Python over rows, from the definitions alone.

Nothing here is shared with the product. Fractions keep every quotient exact.
"""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

Rows = list[dict[str, Any]]


def year_until(as_of: date) -> date:
    """Return the first of the twelve months' days that end with `as_of`."""
    after = as_of + timedelta(days=1)
    day = after.day
    while True:
        try:
            return after.replace(year=after.year - 1, day=day)
        except ValueError:
            day -= 1


def abc(purchases: Rows, as_of: date) -> dict[int, tuple[int, str]]:
    """Return (net sales, class) of each customer with a document in the twelve months."""
    since = year_until(as_of)
    sales: dict[int, int] = defaultdict(int)
    for row in purchases:
        if row["customer_id"] is not None and since <= row["purchased_on"] <= as_of:
            sales[row["customer_id"]] += row["net_base_minor"]
    everything = sum(amount for amount in sales.values() if amount > 0)
    answer = {}
    for customer, amount in sales.items():
        above = sum(other for other in sales.values() if other > amount)
        if amount <= 0:
            answer[customer] = (amount, "inactive")
        elif Fraction(above, everything) < Fraction(85, 100):
            answer[customer] = (amount, "A")
        elif Fraction(above, everything) < Fraction(95, 100):
            answer[customer] = (amount, "B")
        else:
            answer[customer] = (amount, "C")
    return answer


def rfm(purchases: Rows, as_of: date) -> dict[int, tuple[int, int, Fraction, int, int, int]]:
    """Return (recency, frequency, monetary, r, f, m) of each customer that bought."""
    days: dict[int, set[date]] = defaultdict(set)
    net: dict[int, int] = defaultdict(int)
    for row in purchases:
        if row["customer_id"] is None or row["purchased_on"] > as_of:
            continue
        net[row["customer_id"]] += row["net_base_minor"]
        if row["kind"] == "invoice" and row["net_base_minor"] > 0:
            days[row["customer_id"]].add(row["purchased_on"])
    recency = {who: (as_of - max(on)).days for who, on in days.items()}
    frequency = {who: len(on) for who, on in days.items()}
    monetary = {who: Fraction(net[who], frequency[who]) for who in days}
    r = _quintiles({who: -value for who, value in recency.items()})
    f, m = _quintiles(frequency), _quintiles(monetary)
    return {
        who: (recency[who], frequency[who], monetary[who], r[who], f[who], m[who]) for who in days
    }


def _quintiles(values: dict[int, Any]) -> dict[int, int]:
    n = len(values)
    found = {}
    for who, value in values.items():
        below = sum(other < value for other in values.values())
        equal = sum(other == value for other in values.values())
        found[who] = ceil(5 * Fraction(2 * below + equal, 2 * n))
    return found


def cohorts(purchases: Rows, as_of: date) -> dict[tuple[str, int], tuple[int, int, int]]:
    """Return (customers, active, net sales) by cohort and month number."""
    seen = [r for r in purchases if r["customer_id"] is not None and r["purchased_on"] <= as_of]
    bought = [r for r in seen if r["kind"] == "invoice" and r["net_base_minor"] > 0]
    first = {}
    for row in sorted(bought, key=lambda r: r["purchased_on"], reverse=True):
        first[row["customer_id"]] = row["purchased_on"]
    answer = {}
    for start in {(day.year, day.month) for day in first.values()}:
        members = {who for who, day in first.items() if (day.year, day.month) == start}
        year, month, number = *start, 0
        while (year, month) <= (as_of.year, as_of.month):
            here = [
                r
                for r in seen
                if r["customer_id"] in members
                and (r["purchased_on"].year, r["purchased_on"].month) == (year, month)
            ]
            active = {r["customer_id"] for r in here if r in bought}
            net = sum(r["net_base_minor"] for r in here)
            answer[f"{start[0]}-{start[1]:02}", number] = (len(members), len(active), net)
            year, month, number = (year + month // 12, month % 12 + 1, number + 1)
    return answer


def still_open(tables: dict[str, Rows], as_of: date) -> Rows:
    """Return known, positive invoices with what of them is open, and days past due."""
    rows = []
    for invoice in tables["invoices"]:
        if invoice["settlement"] != "known" or invoice["issued_on"] > as_of:
            continue
        mine = [
            a
            for a in tables["allocations"]
            if a["invoice_id"] == invoice["invoice_id"] and a["allocated_on"] <= as_of
        ]
        left = invoice["gross_minor"] - sum(a["amount_minor"] for a in mine)
        base = invoice["gross_base_minor"] - sum(a["amount_base_minor"] for a in mine)
        if invoice["gross_minor"] > 0 and left > 0:
            due = invoice["due_on"] or invoice["issued_on"]
            more = {"open": left, "open_base": base, "days": (as_of - due).days}
            rows.append(invoice | more)
    return rows


def rate_of(tables: dict[str, Rows], currency: str, as_of: date) -> Fraction:
    """Return what a unit is worth in euros: 1, or the newest rate of the day and the week before."""
    if currency == "EUR":
        return Fraction(1)
    days = {
        r["on_day"]: r["unit_whole"] + Fraction(r["unit_high"] * 10**7 + r["unit_low"], 10**14)
        for r in tables["exchange_rates"]
        if r["currency"] == currency and as_of - timedelta(days=7) <= r["on_day"] <= as_of
    }
    return days[max(days)]


def worth(tables: dict[str, Rows], row: dict[str, Any], as_of: date) -> int:
    """Return what is open of a document in euros; a Fraction rounds half to even."""
    return round(row["open"] * rate_of(tables, row["currency"], as_of))


def balances(tables: dict[str, Rows], as_of: date) -> dict[Any, int]:
    """Return what is open in euros by customer and currency."""
    answer: dict[Any, int] = defaultdict(int)
    for row in still_open(tables, as_of):
        answer[row["customer_id"], row["currency"]] += worth(tables, row, as_of)
    return dict(answer)


def ageing(tables: dict[str, Rows], as_of: date) -> dict[Any, list[int]]:
    """Return the six buckets by customer and currency."""
    answer: dict[Any, list[int]] = defaultdict(lambda: [0] * 6)
    for row in still_open(tables, as_of):
        bucket = sum(row["days"] > limit for limit in (0, 30, 60, 90, 180))
        answer[row["customer_id"], row["currency"]][bucket] += row["open"]
    return dict(answer)


def unapplied(tables: dict[str, Rows], as_of: date) -> dict[Any, int]:
    """Return what payments and credit notes have left, by customer and currency of each."""
    issued = {i["invoice_id"] for i in tables["invoices"] if i["issued_on"] <= as_of}
    taken: dict[Any, int] = defaultdict(int)
    for a in tables["allocations"]:
        if a["allocated_on"] <= as_of and a["invoice_id"] in issued:
            for key in ("payment_id", "credit_note_id"):
                taken[key, a[key]] += a["amount_minor"]
    answer: dict[Any, int] = defaultdict(int)
    for p in tables["payments"]:
        if p["received_on"] <= as_of:
            left = p["amount_minor"] - taken["payment_id", p["payment_id"]]
            answer[p["customer_id"], p["currency"]] += left
    for i in tables["invoices"]:
        if i["invoice_id"] in issued and i["settlement"] == "known" and i["gross_minor"] < 0:
            left = -i["gross_minor"] - taken["credit_note_id", i["invoice_id"]]
            answer[i["customer_id"], i["currency"]] += left
    return dict(answer)


POINTS = [
    (-30, 100),
    (-20, 90),
    (0, 80),
    (15, 70),
    (22, 60),
    (30, 50),
    (60, 40),
    (90, 30),
    (120, 20),
]


def points(days: int) -> Fraction:
    """Return the points of days late, straight between the named ones."""
    if days <= -30:
        return Fraction(100)
    for (d0, p0), (d1, p1) in pairwise(POINTS):
        if days <= d1:
            return p0 + Fraction(p1 - p0, d1 - d0) * (days - d0)
    return Fraction(20)


def punctuality(tables: dict[str, Rows], as_of: date) -> dict[int, tuple[Any, ...]]:
    """Return the days late, the score or None, and what is counted of each customer with an item.

    Counted are the invoices of the score, those of them open and late, and late items by our fault.
    """
    since = year_until(as_of)
    received = {p["payment_id"]: p["received_on"] for p in tables["payments"]}
    by_id = {i["invoice_id"]: i for i in tables["invoices"]}
    items = []
    for a in tables["allocations"]:
        i = by_id[a["invoice_id"]]
        due = i["due_on"] or i["issued_on"]
        usable = a["payment_id"] is not None and i["settlement"] == "known" and i["gross_minor"] > 0
        if usable and since <= due <= as_of >= a["allocated_on"] and i["issued_on"] <= as_of:
            days = (received[a["payment_id"]] - due).days
            items.append((i, days, a["amount_base_minor"], a["delay_is_ours"], False))
    for i in still_open(tables, as_of):
        if i["days"] > 0:
            items.append((i, i["days"], max(i["open_base"], 0), i["delay_is_ours"], True))
    answer = {}
    for who in {i["customer_id"] for i, *_ in items} - {None}:
        mine = [item for item in items if item[0]["customer_id"] == who]
        fair = [item for item in mine if not (item[3] and item[1] > 0) and item[2] > 0]
        judged = {i["invoice_id"] for i, *_ in fair}
        enough = len(judged) >= 3
        answer[who] = (
            _mean([(days, weight) for _, days, weight, *_ in mine]),
            _mean([(points(days), weight) for _, days, weight, *_ in fair]) if enough else None,
            len(judged),
            len(judged & {item[0]["invoice_id"] for item in fair if item[4]}),
            sum(1 for item in mine if item[3] and item[1] > 0),
        )
    return answer


def _mean(weighted: list[tuple[Any, int]]) -> Fraction | None:
    weight = sum(w for _, w in weighted)
    return None if weight == 0 else Fraction(sum(value * w for value, w in weighted)) / weight


def count_back(tables: dict[str, Rows], as_of: date) -> Fraction:
    """Return the days by which all customers together owe, counted back by months."""
    sold = [i for i in tables["invoices"] if i["settlement"] == "known" and i["issued_on"] <= as_of]
    owed = sum(worth(tables, i, as_of) for i in still_open(tables, as_of))
    first = min(i["issued_on"] for i in sold).replace(day=1)
    begin, end, days = as_of.replace(day=1), as_of, Fraction(0)
    while owed > 0 and begin >= first:
        sales = max(0, sum(i["gross_base_minor"] for i in sold if begin <= i["issued_on"] <= end))
        length = (end - begin).days + 1
        days += length if owed >= sales else Fraction(length * owed, sales)
        owed -= sales
        end = begin - timedelta(days=1)
        begin = end.replace(day=1)
    return days
