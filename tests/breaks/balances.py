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
        file="src/clientela/trade/migrations/0009_rates_in_the_copy.py",
        old="from trade_exchangerate where replaced_at is null\n",
        new="from trade_exchangerate\n",
        red="tests/web/test_day_rates.py::TestRatesInTheCopy::test_are_those_that_hold_and_follow_what_is_entered",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-sale-left-out-is-asked-a-rate-for",
        file="src/clientela/analysis/services/amounts.py",
        old="lacking = lacking_of(told, as_of=as_of) and _stood_on(session, asked, tables)",
        new="lacking = lacking_of(told, as_of=as_of)",
        red="tests/web/test_left_out_without_rate.py::TestASaleLeftOut"
        "::test_refuses_no_receivables_on_page_api_or_command",
        quick=False,
    ),
    Break(
        name="what-is-open-without-a-rate-weighs-nothing",
        file="src/clientela/analysis/expressions/receivables.py",
        old="left = ibis.ifelse(i.open_base_minor < 0, 0, i.open_base_minor)",
        new="left = ibis.greatest(i.open_base_minor, 0)",
        red="tests/spec/test_left_out_without_rate.py::TestReceivables"
        "::test_stand_on_those_of_one_that_does_where_they_read_its_rate",
        quick=False,
    ),
    Break(
        name="payments-change-a-source-unasked",
        file="src/clientela/intake/services/telling.py",
        old="    if answer == KNOWN:\n",
        new="    if answer == KNOWN or take_sure:\n",
        red="tests/web/test_payments_of_a_source.py::TestPayments"
        "::test_ask_in_words_and_the_answer_changes_the_source",
        quick=False,
    ),
)
