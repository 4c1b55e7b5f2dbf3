"""Money and periods."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.kernel.money import CurrenciesDiffer, Money, NotMoney, exponent_of
from clientela.kernel.period import NotAPeriod, Period, months_later, period_until

minors = st.integers(-(10**17), 10**17)
currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "CNY"])
days = st.dates(date(1990, 1, 1), date(2080, 12, 31))


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [
            ("0.125", "EUR", 12),
            ("0.135", "EUR", 14),
            ("-0.125", "EUR", -12),
            ("2.5", "JPY", 2),
            ("3.5", "JPY", 4),
            ("1.0005", "KWD", 1000),
            ("1.00015", "CLF", 10002),
        ],
    )
    def test_rounds_half_to_even_at_the_minor_unit(self, amount, currency, minor):
        assert Money(Decimal(amount), currency).minor == minor

    @given(minors, currencies)
    def test_comes_back_from_minor_units_unchanged(self, minor, currency):
        assert Money.of_minor(minor, currency).minor == minor

    @given(minors, currencies, st.decimals("0.000001", "1000000", places=6))
    def test_converts_exactly_and_rounds_once(self, minor, currency, rate):
        exact = Fraction(minor, 10 ** exponent_of(currency)) * Fraction(rate) * 100
        assert Money.of_minor(minor, currency).converted("EUR", rate).minor == round(exact)

    @given(minors, minors)
    def test_adds_and_subtracts(self, one, other):
        a, b = Money.of_minor(one, "EUR"), Money.of_minor(other, "EUR")
        assert (a + b).minor == one + other
        assert (a + b - b) == a
        assert (a < b, a <= b) == (one < other, one <= other)

    def test_refuses_to_meet_another_currency(self):
        euro, yen = Money(Decimal(1), "EUR"), Money(Decimal(1), "JPY")
        for act in (
            lambda: euro + yen,
            lambda: euro - yen,
            lambda: euro < yen,
            lambda: euro <= yen,
        ):
            with pytest.raises(CurrenciesDiffer):
                act()

    @pytest.mark.parametrize("amount", [1.5, "1", Decimal("NaN"), Decimal("Infinity")])
    def test_refuses_what_is_not_exact_and_finite(self, amount):
        with pytest.raises(NotMoney):
            Money(amount, "EUR")

    @pytest.mark.parametrize("currency", ["eur", "EURO", "", "E1R", "ÉUR"])
    def test_refuses_what_is_no_currency_code(self, currency):
        with pytest.raises(NotMoney):
            Money(Decimal(1), currency)

    @pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1), Decimal("NaN"), 1.1])
    def test_refuses_what_is_no_rate(self, rate):
        with pytest.raises(NotMoney):
            Money(Decimal(1), "EUR").converted("USD", rate)

    def test_reads_as_amount_and_code(self):
        assert str(Money(Decimal("1234.5"), "EUR")) == "1234.50 EUR"
        assert str(Money(Decimal("1E+3"), "JPY")) == "1000 JPY"


class TestPeriod:
    def test_ends_with_the_day_it_is_asked_for(self):
        period = period_until(date(2026, 6, 30), 12)
        assert (period.from_on, period.until_on) == (date(2025, 7, 1), date(2026, 7, 1))
        assert date(2026, 6, 30) in period
        assert date(2026, 7, 1) not in period
        assert date(2025, 6, 30) not in period

    def test_without_months_has_no_beginning(self):
        period = period_until(date(2026, 6, 30))
        assert (period.from_on, period.days, period.months, period.before()) == (None,) * 4
        assert date(1900, 1, 1) in period

    @given(days, st.integers(1, 60))
    def test_is_as_many_months_long_as_asked(self, day, months):
        period = period_until(day, months)
        assert period.months == months
        assert period.last_on == day

    @given(days, st.integers(1, 900))
    def test_before_ends_where_the_period_begins(self, day, length):
        period = Period(day, day + timedelta(days=length))
        before = period.before()
        assert before is not None
        assert before.until_on == period.from_on
        if period.months is None:
            assert before.days == period.days == length

    def test_before_twelve_months_are_the_twelve_before(self):
        before = period_until(date(2024, 2, 29), 12).before()
        assert before == Period(date(2022, 3, 1), date(2023, 3, 1))

    @given(days, st.integers(-200, 200))
    def test_months_later_keeps_the_day_or_takes_the_last(self, day, months):
        later = months_later(day, months)
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == day.day or (later + timedelta(days=1)).day == 1

    def test_refuses_to_end_before_it_begins(self):
        with pytest.raises(NotAPeriod):
            Period(date(2026, 1, 1), date(2026, 1, 1))
