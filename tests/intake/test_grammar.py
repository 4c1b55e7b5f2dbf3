"""Parsers of cells: laws that hold for every text, and values anyone can check."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientela.intake.grammar.answers import Noted
from clientela.intake.grammar.choices import SEX, YES_NO, parse_choice
from clientela.intake.grammar.contact_points import parse_email, parse_phone
from clientela.intake.grammar.dates import DateFormat, parse_day, parse_moment
from clientela.intake.grammar.formats import (
    Undecided,
    decide_dates,
    decide_numbers,
    number_rule,
    number_rule_name,
)
from clientela.intake.grammar.numbers import NumberFormat, parse_number, parse_share
from clientela.intake.grammar.places import parse_country, parse_currency
from clientela.intake.grammar.register_numbers import parse_register_number
from clientela.intake.grammar.words import clean, code_of
from clientela.intake.reading.batch import BadCell
from clientela.kernel.reasons import Reason

POINT, COMMA = NumberFormat(), NumberFormat(decimal=",", grouping=".")
PARSERS = {
    "number": lambda cell: parse_number(cell, POINT, decimals=4),
    "share": lambda cell: parse_share(cell, NumberFormat(percent="points")),
    "moment": lambda cell: parse_moment(cell, DateFormat(order="dmy")),
    "words": clean,
    "code": code_of,
    "country": parse_country,
    "currency": parse_currency,
    "phone": lambda cell: parse_phone(cell, "CN"),
    "email": parse_email,
    "register": lambda cell: parse_register_number(cell, "ES"),
    "yes_no": lambda cell: parse_choice(cell, dict(YES_NO)),
}
CELLS = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from("0123456789.,-+()/: 年月日eE%¥€TZap@"), max_size=24),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.just(BadCell("error_cell")),
)


class TestEveryParser:
    @pytest.mark.parametrize("name", PARSERS)
    @given(cell=CELLS)
    @settings(max_examples=120, deadline=None)
    def test_answers_and_never_raises(self, name, cell):
        answer = PARSERS[name](cell)
        assert not isinstance(answer, str) or answer.strip() == answer != ""

    @pytest.mark.parametrize("name", PARSERS)
    def test_refuses_an_error_cell_by_its_code(self, name):
        assert PARSERS[name](BadCell("error_cell")) == Reason(code="error_cell")

    @pytest.mark.parametrize("name", PARSERS)
    def test_takes_an_empty_cell_as_none(self, name):
        assert PARSERS[name]("") is None
        assert PARSERS[name]("  ") is None


class TestContactPoints:
    @pytest.mark.parametrize("name", ["phone", "email"])
    @pytest.mark.parametrize("cell", ["cafÃ© \ufffd", "锟斤拷", "138\ufffd00138000"])
    def test_that_are_garbled_are_none(self, name, cell):
        assert isinstance(PARSERS[name](cell), Reason)


class TestNumbers:
    @given(st.decimals(-(10**14), 10**14, places=4))
    def test_reads_back_what_is_written_with_groups(self, value):
        assert parse_number(f"{value:,}", POINT, decimals=4) == value
        swapped = f"{value:,}".translate(str.maketrans(",.", ".,"))
        assert parse_number(swapped, COMMA, decimals=4) == value

    @given(st.text(st.sampled_from("0123456789.,"), min_size=1, max_size=9))
    def test_never_reads_a_text_differently_than_a_plain_number_says(self, text):
        answer = parse_number(text, NumberFormat(grouping=""), decimals=9)
        if isinstance(answer, Decimal):
            assert answer == Decimal(text)

    @given(
        st.integers(0x660, 0xFFFF).filter(lambda c: chr(c).isdigit() and not 0xFF10 <= c <= 0xFF19)
    )
    def test_refuses_digits_of_other_scripts(self, code):
        assert isinstance(parse_number(chr(code), POINT, decimals=2), Reason)

    @pytest.mark.parametrize(
        ("text", "rule", "value"),
        [
            ("1,234.50", POINT, "1234.50"),
            ("1.234,50", COMMA, "1234.50"),
            ("1 234,50", NumberFormat(decimal=",", grouping=" "), "1234.50"),
            ("1'234.50", NumberFormat(grouping="'"), "1234.50"),
            ("12,34,567.8", NumberFormat(grouping="indian"), "1234567.8"),
            ("1.2万", NumberFormat(scaled=True), "12000"),
            ("3亿", NumberFormat(scaled=True), "300000000"),
            ("5k", NumberFormat(scaled=True), "5000"),
            ("￥１２．５", POINT, "12.5"),
            ("-$1,000", POINT, "-1000"),
        ],
    )
    def test_reads(self, text, rule, value):
        assert parse_number(text, rule, decimals=4) == Decimal(value)

    @pytest.mark.parametrize("digits", [15, 16])
    def test_holds_fifteen_digits_before_the_point(self, digits):
        answer = parse_number("9" * digits, POINT, decimals=2)
        assert isinstance(answer, Decimal) == (digits == 15)

    @pytest.mark.parametrize("places", [4, 5])
    def test_holds_as_many_places_as_the_field(self, places):
        answer = parse_number("1." + "1" * places, POINT, decimals=4)
        assert isinstance(answer, Decimal) == (places == 4)

    def test_takes_zeros_past_the_last_place(self):
        assert parse_number("1.500000", POINT, decimals=2) == Decimal("1.5")

    @pytest.mark.parametrize(
        ("text", "percent", "share"),
        [
            ("5%", "", "0.05"),
            ("5", "points", "0.05"),
            ("0.05", "fraction", "0.05"),
            ("100%", "", "1"),
        ],
    )
    def test_reads_shares(self, text, percent, share):
        assert parse_share(text, NumberFormat(percent=percent)) == Decimal(share)

    @pytest.mark.parametrize("text", ["101%", "-1%"])
    def test_refuses_a_share_outside_nought_and_one(self, text):
        assert parse_share(text, POINT) == Reason(code="share_out_of_range")


class TestDates:
    @given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
    def test_reads_back_what_is_written_under_each_order(self, day):
        forms = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}
        for order, form in forms.items():
            assert parse_day(day.strftime(form), DateFormat(order=order)) == day
        for form in ("%Y-%m-%d", "%Y%m%d", "%Y年%m月%d日", "%d %B %Y", "%b %d, %Y"):
            assert parse_day(day.strftime(form), DateFormat(order="dmy")) == day

    @given(
        st.datetimes(
            datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2150-01-01")
        ).map(lambda t: t.replace(microsecond=0))
    )
    def test_reads_back_instants(self, instant):
        assert parse_moment(instant.isoformat(), DateFormat()) == (instant.date(), instant)
        written = instant.strftime("%d/%m/%Y %I:%M:%S %p")
        assert parse_moment(written, DateFormat(order="dmy")) == (instant.date(), instant)

    def test_keeps_the_zone_that_is_written(self):
        zone = timezone(timedelta(hours=8))
        wanted = datetime(2026, 3, 4, 23, 30, tzinfo=zone)
        assert parse_moment("2026-03-04T23:30:00+08:00", DateFormat()) == (date(2026, 3, 4), wanted)

    @pytest.mark.parametrize(("pivot", "year"), [(70, 1970), (71, 2070)])
    def test_puts_two_digit_years_from_the_pivot_on_in_the_last_century(self, pivot, year):
        rule = DateFormat(order="dmy", pivot=pivot)
        assert parse_day("01/02/70", rule) == date(year, 2, 1)

    @pytest.mark.parametrize(
        ("text", "day"), [("61", date(1900, 3, 1)), ("46085", date(2026, 3, 4))]
    )
    def test_counts_serials_as_workbooks_do(self, text, day):
        assert parse_day(Decimal(text), DateFormat()) == day

    def test_refuses_serials_from_before_march_1900(self):
        assert parse_day(Decimal(60), DateFormat()) == Reason(code="not_a_date")

    def test_refuses_a_time_without_a_day(self):
        assert parse_day(time(8, 26), DateFormat()) == Reason(code="not_a_date")

    def test_takes_the_end_of_time_for_none(self):
        assert parse_day("9999-12-31", DateFormat()) == Noted(None, "open_end_means_none")


class TestTheRuleOfAColumn:
    @given(st.lists(st.dates(date(2000, 1, 1), date(2030, 12, 31)), min_size=1, max_size=30))
    def test_never_decides_on_an_order_under_which_the_days_are_others(self, days):
        found = decide_dates([day.strftime("%d/%m/%Y") for day in days])
        if isinstance(found, DateFormat):
            assert found.order == "dmy"
        else:
            assert all(day.day <= 12 for day in days)

    @given(st.lists(st.decimals(0, 10**7, places=2), min_size=1, max_size=20))
    def test_never_decides_on_a_mark_under_which_the_numbers_are_others(self, values):
        cells = [f"{value:,}".translate(str.maketrans(",.", ".,")) for value in values]
        found = decide_numbers(cells)
        assert isinstance(found, NumberFormat)
        assert [parse_number(c, found, decimals=2) for c in cells] == values

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            (["03/04/2026"], "date_order_unclear"),
            (["13/04/2026", "04/13/2026"], "date_order_mixed"),
            (["01/02/03"], "date_order_unclear"),
        ],
    )
    def test_asks_about_days(self, cells, code):
        found = decide_dates(cells)
        assert isinstance(found, Undecided)
        assert found.code == code

    @pytest.mark.parametrize(
        ("cells", "code"),
        [(["1,234"], "number_format_unclear"), (["1.234,5", "1,234.5"], "number_format_mixed")],
    )
    def test_asks_about_numbers(self, cells, code):
        found = decide_numbers(cells)
        assert isinstance(found, Undecided)
        assert found.code == code
        for name, _ in found.choices:
            rule = number_rule(name)
            assert rule is not None
            assert number_rule_name(rule) == name

    @pytest.mark.parametrize("text", ["12,34,567", "1,23,456.50"])
    @pytest.mark.parametrize("beside", ["3.50", "1,234", "7"])
    def test_shows_how_groups_of_two_read_and_that_they_may_be_none(self, text, beside):
        found = decide_numbers([text, beside])
        assert isinstance(found, Undecided)
        assert found.code == "number_format_unclear"
        assert dict(found.choices) == {
            "decimal_point_grouped_comma": f"{text} → ?",
            "decimal_point_grouped_indian": f"{text} → {text.replace(',', '')}",
        }

    def test_offers_orders_of_days_that_read_some_with_what_they_read(self):
        found = decide_dates(["13/04/2026", "04/13/2026"])
        assert isinstance(found, Undecided)
        assert dict(found.choices) == {
            "dmy": "13/04/2026 → 2026-04-13", "mdy": "04/13/2026 → 2026-04-13",
        }  # fmt: skip

    def test_leaves_no_question_without_an_answer(self):
        found = decide_dates(["31/02/2026"])
        assert isinstance(found, Undecided)
        assert found.choices

    def test_takes_points_between_day_and_month_as_day_first(self):
        assert decide_dates(["03.04.2026"]) == DateFormat(order="dmy")


class TestPlacesAndPeople:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("EIRE", "IE"), ("USA", "US"), ("RSA", "ZA"), ("Czech Republic", "CZ"), ("UAE", "AE"),
            ("Hong Kong", "HK"), ("中国", "CN"), ("España", "ES"), ("México", "MX"), ("gbr", "GB"),
            ("Deutschland", "DE"), ("ＣＮ", "CN"),
        ],
    )  # fmt: skip
    def test_knows_countries_by_name_and_code(self, text, code):
        assert parse_country(text) == code

    def test_refuses_signs_of_several_currencies(self):
        assert parse_currency("$") == Reason(code="currency_ambiguous")
        assert parse_currency("¥") == Reason(code="currency_ambiguous")

    @pytest.mark.parametrize(
        ("text", "code"), [("rmb", "CNY"), ("欧元", "EUR"), ("mxn", "MXN"), ("£", "GBP")]
    )
    def test_knows_currencies(self, text, code):
        assert parse_currency(text) == code

    def test_refuses_currencies_of_the_past(self):
        assert parse_currency("ESP") == Reason(code="currency_unknown")

    def test_writes_phones_in_one_form(self):
        forms = ["+86 138 1234 5678", "0086 13812345678", "138-1234-5678"]
        assert {parse_phone(form, "CN") for form in forms} == {"+8613812345678"}

    def test_asks_for_no_country_of_what_is_no_number(self):
        assert parse_phone("call me", None) == Reason(code="phone_invalid")
        assert parse_phone("138-1234-5678", None) == Reason(code="phone_country_missing")

    def test_says_that_an_extension_is_left_out(self):
        answer = parse_phone("010-88888888 转 12", "CN")
        assert answer == Noted("+861088888888", "phone_extension_dropped")

    @pytest.mark.parametrize(
        ("text", "country", "wanted"),
        [
            ("B-58818501", "ES", "B58818501"),
            ("GODE561231GR8", "MX", "GODE561231GR8"),
            ("DE136695976", "DE", "DE136695976"),
        ],
    )
    def test_checks_register_numbers_by_country(self, text, country, wanted):
        answer = parse_register_number(text, country)
        assert (answer.value if isinstance(answer, Noted) else answer).endswith(wanted[2:])

    def test_reads_the_sexes_in_three_languages(self):
        assert {parse_choice(word, dict(SEX)) for word in ("F", "女", "Mujer")} == {"female"}
