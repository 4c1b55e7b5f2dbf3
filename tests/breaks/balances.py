"""The breaks of what is owed at the exchange rate of its day."""

from tests.breaks.break_ import Break

BALANCES = (
    Break(
        name="a-rate-of-the-day-after-holds",
        file="src/clientela/analysis/expressions/rates.py",
        old="(rates.on_day <= last_on)",
        new="(rates.on_day <= last_on + ibis.interval(days=1))",
        red="tests/spec/test_balances.py::TestValue::test_takes_the_newest_rate_of_the_day_and_the_seven_before",
        quick=False,
    ),
    Break(
        name="half-a-cent-is-rounded-up",
        file="src/clientela/analysis/expressions/rates.py",
        old="((rest == half) & (down % 2 == 1))",
        new="(rest == half)",
        red="tests/spec/test_balances.py::TestValue::test_is_rounded_half_to_even",
        quick=False,
    ),
    Break(
        name="a-replaced-rate-stays-in-the-copy",
        file="src/clientela/trade/migrations/0008_rates_in_the_copy.py",
        old="from trade_exchangerate where replaced_at is null\n",
        new="from trade_exchangerate\n",
        red="tests/web/test_day_rates.py::TestRatesInTheCopy::test_are_those_that_hold_and_follow_what_is_entered",
        quick=False,
        own_database=True,
    ),
)
