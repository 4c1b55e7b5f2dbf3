"""ABC and RFM counted again in plain Python, with every quotient a fraction.

A document is {customer, day, net, is_sale}: `customer` None where it is anonymous, `net` a Decimal,
`is_sale` false for credit notes and adjustments. Shares no code with the product.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

Document = dict[str, Any]
Values = tuple[int, int, Fraction, int, int, int]


def abc_of(held: Sequence[Document], since: date, as_of: date) -> dict[Any, tuple[Decimal, str]]:
    """Return net sales and class of each customer in the period."""
    sales: dict[Hashable, Decimal] = defaultdict(Decimal)
    for document in held:
        if document["customer"] is not None and since <= document["day"] <= as_of:
            sales[document["customer"]] += document["net"]
    total = sum(amount for amount in sales.values() if amount > 0)
    above: dict[Decimal, Decimal] = {}
    running = Decimal(0)
    for amount, count in sorted(Counter(sales.values()).items(), reverse=True):
        above[amount] = running
        running += amount * count
    classes = {}
    for customer, amount in sales.items():
        if amount <= 0:
            word = "inactive"
        else:
            before = above[amount] * 100
            word = "A" if before < total * 85 else "B" if before < total * 95 else "C"
        classes[customer] = (amount, word)
    return classes


def rfm_of(held: Sequence[Document], as_of: date, since: date = date.min) -> dict[Any, Values]:
    """Return recency, frequency, monetary value and quintiles of each customer that bought."""
    days: dict[Hashable, set[date]] = defaultdict(set)
    net: dict[Hashable, Decimal] = defaultdict(Decimal)
    for document in held:
        if document["customer"] is None or not since <= document["day"] <= as_of:
            continue
        net[document["customer"]] += document["net"]
        if document["is_sale"] and document["net"] > 0:
            days[document["customer"]].add(document["day"])
    recency = {who: (as_of - max(on)).days for who, on in days.items()}
    frequency = {who: len(on) for who, on in days.items()}
    monetary = {who: Fraction(net[who]) / frequency[who] for who in days}
    r = _quintiles({who: -value for who, value in recency.items()})
    f, m = _quintiles(frequency), _quintiles(monetary)
    return {
        who: (recency[who], frequency[who], monetary[who], r[who], f[who], m[who]) for who in days
    }


def _quintiles(values: dict[Any, Any]) -> dict[Any, int]:
    quintile, below = {}, 0
    for value, equal in sorted(Counter(values.values()).items()):
        quintile[value] = ceil(Fraction(5 * (2 * below + equal), 2 * len(values)))
        below += equal
    return {who: quintile[value] for who, value in values.items()}
