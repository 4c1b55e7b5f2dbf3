"""Money: an exact amount with its ISO 4217 currency.

Amounts are `Decimal`; tables and engines carry whole minor units (cents). Rounding happens once,
to the minor unit, half to even. Exponents are those of ISO 4217 list one: two, unless named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

# Currencies by their exponent, where it is not two.
EXPONENTS: Mapping[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXCEPTIONS: Mapping[str, int] = {
    code: exponent for exponent, codes in EXPONENTS.items() for code in codes.split()
}
_DIGITS = 60  # enough for any product of an amount and a rate before it is rounded


class NotMoney(ValueError):
    """An amount or a currency that cannot be money."""


class CurrenciesDiffer(ValueError):
    """Two amounts of different currencies met without a rate."""


def exponent_of(currency: str) -> int:
    """Return the number of decimal places of a currency: 2 for EUR, 0 for JPY, 3 for KWD."""
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise NotMoney(f"not an ISO 4217 code: {currency!r}")
    return _EXCEPTIONS.get(currency, 2)


def round_to_minor(amount: Decimal, currency: str) -> Decimal:
    """Return `amount` rounded half to even to the currency's minor unit."""
    if not amount.is_finite():
        raise NotMoney(f"not a finite amount: {amount}")
    with localcontext(prec=_DIGITS):
        return amount.quantize(Decimal(1).scaleb(-exponent_of(currency)), ROUND_HALF_EVEN)


@dataclass(frozen=True, order=False)
class Money:
    """An amount of a currency, at any precision until `rounded`.

    >>> Money(Decimal("12.345"), "EUR").minor
    1234
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is no exact, finite amount of a three-letter currency."""
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise NotMoney(f"not an exact, finite amount: {self.amount!r}")
        exponent_of(self.currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> "Money":
        """Return the money of a whole number of minor units: 1234, EUR is 12.34 EUR."""
        with localcontext(prec=_DIGITS):
            return cls(Decimal(minor).scaleb(-exponent_of(currency)), currency)

    @property
    def rounded(self) -> "Money":
        """The same money rounded half to even to the minor unit."""
        return Money(round_to_minor(self.amount, self.currency), self.currency)

    @property
    def minor(self) -> int:
        """The whole number of minor units, rounded half to even."""
        return int(self.rounded.amount.scaleb(exponent_of(self.currency)))

    def converted(self, currency: str, rate: Decimal) -> "Money":
        """Return this money in `currency`, rounded; `rate` is units of it for one of ours.

        Raises NotMoney for a rate that is not a positive, finite number.
        """
        if not isinstance(rate, Decimal) or not rate.is_finite() or rate <= 0:
            raise NotMoney(f"not a rate: {rate!r}")
        with localcontext(prec=_DIGITS):
            return Money(self.amount * rate, currency).rounded

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.amount <= other.amount

    def __str__(self) -> str:
        return f"{self.rounded.amount:f} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrenciesDiffer(f"{self.currency} and {other.currency}")
