"""Exchange rates: what one minor unit of a currency was worth in those of the group's on a day.

    worth = rate × 10 ^ (decimals of the base − decimals of the currency)
          = unit_whole + unit_high / 10⁷ + unit_low / 10¹⁴

A rate has ten places and up to ten digits before the point, and currencies have up to four
decimals, so these three whole numbers hold it exactly. One number would be too long for an engine.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.kernel.money import exponent_of
from clientela.kernel.rates import DIGITS, PLACES
from clientela.tables.contract import Column, ContractBroken, TableContract

LIMB = 10**7

EXCHANGE_RATES = TableContract(
    name="exchange_rates",
    meaning="Exchange rates that hold (of one that was corrected, the later one).",
    one_row_per=("rate_id",),
    columns={
        "rate_id": Column("int64", "The rate.", "S0"),
        "currency": Column(
            "string", "ISO 4217 code of the currency that is worth so much.", "S0", form="currency"
        ),
        "base": Column(
            "string", "ISO 4217 code of what it is worth that in.", "S0", form="currency"
        ),
        "on_day": Column("date", "Day of the rate; it holds for the seven days after too.", "S0"),
        "unit_whole": Column(
            "int64",
            "What one minor unit of the currency is worth, the whole minor units of the base.",
            "S0",
            unit="minor of base currency",
        ),
        "unit_high": Column(
            "int64", "The next seven decimals of it.", "S0", unit="10^-7 minor of base currency"
        ),
        "unit_low": Column(
            "int64", "The seven after these.", "S0", unit="10^-14 minor of base currency"
        ),
    },
)


def rates_of(rates: Iterable[tuple[str, str, date, Any]]) -> list[dict[str, Any]]:
    """Return rows of the contract for rates given as (currency, base, day, rate).

    Raises ContractBroken for a rate that is not positive, or has more digits than one may have.

    :param rates: a rate may be a Decimal, a text, or any number that is written as a decimal.
    """
    rows = []
    for number, (currency, base, on_day, rate) in enumerate(rates, start=1):
        worth = _parts(rate) * 10 ** (exponent_of(base) - exponent_of(currency) + 4)
        whole, rest = divmod(worth, LIMB**2)
        rows.append(
            {
                "rate_id": number, "currency": currency, "base": base, "on_day": on_day,
                "unit_whole": whole, "unit_high": rest // LIMB, "unit_low": rest % LIMB,
            }
        )  # fmt: skip
    return rows


def _parts(rate: Any) -> int:
    """Return a rate in ten-thousand-millionths."""
    try:
        exact = Decimal(str(rate)).scaleb(PLACES)
        parts = int(exact)
    except (InvalidOperation, ValueError, OverflowError):
        raise ContractBroken(f"exchange_rates: {rate!r} is no rate") from None
    if exact != parts or not 0 < parts < 10 ** (PLACES + DIGITS):
        raise ContractBroken(f"exchange_rates: {rate!r} is no rate of up to {PLACES} places")
    return parts


def itself(currency: str) -> ir.Table:
    """Return the table of rates of trade in one currency: one unit is worth one."""
    zero = ibis.literal(0, type="int64")
    return (
        zero.name("rate_id")
        .as_table()
        .select(
            "rate_id",
            currency=ibis.literal(currency),
            base=ibis.literal(currency),
            on_day=ibis.literal(date(1970, 1, 1)),
            unit_whole=ibis.literal(1, type="int64"),
            unit_high=zero,
            unit_low=zero,
        )
    )
