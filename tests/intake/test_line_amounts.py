"""Lines of sales documents of which the file gives the amount with tax, and the rate of the tax."""

from decimal import ROUND_HALF_EVEN
from decimal import Decimal as D

import pytest

from clientela.kernel.reasons import Invalid
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.intake.importing import import_file
from tests.intake.taking import flag, taken

HEAD = "Invoice No,Document type,Date,Customer No,Product,Quantity,Unit price,Currency"
PLACES = {"EUR": D("0.01"), "JPY": D(1), "KWD": D("0.001")}
TRIPLE = ("net_amount", "tax_amount", "gross_amount")

# document, quantity, unit price, amount with tax, rate in per cent, currency. The documents hold
# lines of several rates, one is a credit note, some have halves of a minor unit to be rounded.
LINES = (
    ("L-1", "2", "100.00", "242.00", "21", "EUR"), ("L-1", "1", "9.05", "9.96", "10", "EUR"),
    ("L-1", "3", "0.05", "0.16", "4", "EUR"), ("L-1", "1", "5.00", "5.00", "0", "EUR"),
    ("L-2", "1", "0.50", "0.51", "2", "EUR"), ("L-2", "1", "0.10", "0.63", "5", "EUR"),
    ("L-2", "7", "3.33", "28.21", "21", "EUR"), ("L-3", "-2", "100.00", "-242.00", "21", "EUR"),
    ("L-3", "-1", "0.50", "-0.63", "5", "EUR"), ("L-4", "1", "150", "165", "10", "JPY"),
    ("L-4", "3", "5", "16", "8", "JPY"), ("L-5", "-3", "333", "-1099", "10", "JPY"),
    ("L-6", "1", "1.005", "1.055", "5", "KWD"), ("L-1", "1", "0.62", "0.65", "4", "EUR"),
    ("L-3", "-1", "0.62", "-0.65", "4", "EUR"), ("L-5", "-1", "62", "-65", "4", "JPY"),
)  # fmt: skip


def lines(rows=LINES, *, price=True, rate=True):
    """Return a file of these lines, with or without the unit price and the rate."""
    head = HEAD + ",Amount incl. VAT" + (",VAT %" if rate else "")
    text = [head if price else head.replace(",Unit price", "")]
    for number, quantity, each, gross, percent, currency in rows:
        kind = "credit note" if quantity.startswith("-") else "invoice"
        cells = [
            number,
            kind,
            "2026-05-05",
            "C1",
            "P1",
            quantity,
            *([each] if price else []),
            currency,
        ]
        text.append(",".join([*cells, gross, *([percent + "%"] if rate else [])]))
    return "\n".join(text) + "\n"


def recounted(rows=LINES):
    """Return (net, tax, gross) of each document, each line rounded once, half to even."""
    sums = {}
    for number, _, _, gross, percent, currency in rows:
        parts = D(100) + D(percent)
        tax = (D(gross) * D(percent) / parts).quantize(PLACES[currency], ROUND_HALF_EVEN)
        net, taxes, whole = sums.get(number, (D(0), D(0), D(0)))
        sums[number] = (net + D(gross) - tax, taxes + tax, whole + D(gross))
    return sums


@pytest.fixture
def read(tmp_path):
    """Return a function: what becomes of a file of lines with this content."""

    def imported(content, *settings, **answers):
        path = tmp_path / "lines.csv"
        path.write_text(content, encoding="utf-8")
        named = {name.replace("__", ":"): value for name, value in answers.items()}
        return import_file(path, kind="sales_lines", settings=settings, answers=named)

    return imported


def one(gross="242.00", beside="", *, head="Amount incl. VAT", price="100.00"):
    more = beside.partition("=")
    return (
        f"{HEAD},{head}{',' + more[0] if beside else ''}\n"
        f"L-1,,2026-05-05,C1,P1,2,{price},EUR,{gross}{',' + more[2] if beside else ''}\n"
    )


def amounts(found):
    assert found.asked == []
    return [
        tuple(str(found.columns[name][n]) for name in TRIPLE) for n in range(len(found.row_nos))
    ]


class TestALineWithItsAmountAndRate:
    def test_is_parted(self, read):
        found = read(one(beside="VAT %=21%"))
        assert amounts(found) == [("200.00", "42.00", "242.00")]
        assert not found.flags["amount_differs"]

    @pytest.mark.parametrize("rate", ["21", "21%", "21 %"])
    def test_may_have_the_rate_said_for_all(self, read, rate):
        for found in (
            read(one(), f"tax_rate={rate}"),
            read(one(), set__tax_rate=rate),
            read(one(price=""), f"tax_rate={rate}"),
        ):
            assert amounts(found) == [("200.00", "42.00", "242.00")]

    def test_takes_no_rate_that_may_mean_two_things(self, read):
        with pytest.raises(Invalid) as refused:
            read(one(), "tax_rate=0.21")
        assert [why.code for why in refused.value.reasons] == ["constant_share_unclear"]

    def test_has_what_21_means_asked(self, read):
        asked = read(one(beside="VAT %=21"))
        assert [q.id for q in asked.questions] == ["percent:VAT %"]

    def test_is_completed_of_the_tax_or_the_net_amount_beside_it(self, read):
        for beside in ("VAT=42.00", "Net amount=200.00"):
            assert amounts(read(one(beside=beside))) == [("200.00", "42.00", "242.00")]

    def test_gives_the_tax_of_a_price_where_no_amount_is_given(self, read):
        content = f"{HEAD},VAT %\nL-1,,2026-05-05,C1,P1,2,100.00,EUR,21%\n"
        content += "".join(f"L-1,,2026-05-05,C1,P1,1,{each},EUR,21%\n" for each in ("0.50", "1.50"))
        assert amounts(read(content)) == [
            ("200.00", "42.00", "242.00"), ("0.50", "0.10", "0.60"), ("1.50", "0.32", "1.82"),
        ]  # fmt: skip

    def test_is_set_aside_where_the_three_do_not_add_up(self, read):
        content = one(beside="VAT=42.00").replace(",VAT\n", ",VAT,Net amount\n")
        for net, codes in (("200.00", []), ("200.01", []), ("200.02", ["amounts_disagree"])):
            found = read(content.replace(",42.00\n", f",42.00,{net}\n"))
            assert [row.code for row in found.aside] == codes

    def test_is_flagged_where_quantity_and_price_make_another_amount(self, read):
        for price, flagged in (("100.00", 0), ("100.005", 0), ("100.01", 1), ("121.00", 1)):
            found = read(one(beside="VAT %=21%", price=price))
            assert amounts(found) == [("200.00", "42.00", "242.00")]
            assert found.flags["amount_differs"] == flagged


class TestALineWithItsAmountAndPriceAlone:
    def test_has_the_difference_for_its_tax(self, read):
        assert amounts(read(one())) == [("200.00", "42.00", "242.00")]
        assert amounts(read(one(gross="217.80", beside="Discount=10%"))) == [
            ("180.00", "37.80", "217.80")
        ]

    def test_has_the_rate_asked_where_the_tax_may_be_in_the_price(self, read):
        for content in (one(price="121.00"), one(price=""), one(price="10.00")):
            (asked,) = read(content).questions
            assert (asked.id, asked.code, asked.column) == (
                "set:tax_rate", "tax_rate_missing", "Amount incl. VAT",
            )  # fmt: skip

    @pytest.mark.parametrize("gross", ["199.98", "260.02", "-242.00", "2420.00"])
    def test_is_set_aside_where_no_tax_is_like_the_difference(self, read, gross):
        sound = "".join(f"M-{n},,2026-05-05,C1,P1,2,100.00,EUR,242.00\n" for n in range(12))
        found = read(one(gross=gross) + sound)
        assert [(row.row_no, row.code) for row in found.aside] == [(1, "amounts_disagree")]
        assert found.aside[0].problems[0].column == "Amount incl. VAT"

    def test_is_set_aside_where_nothing_tells_the_net_amount(self, read):
        content = one(beside="VAT=42.00") + "L-2,,2026-05-05,C1,P1,2,,EUR,242.00,\n"
        found = read(content + "L-3,,2026-05-05,C1,P1,2,,EUR,,\n")
        assert [row.code for row in found.aside] == ["net_amount_unknown", "amount_missing"]


class TestADocument:
    @pytest.mark.django_db
    @pytest.mark.parametrize("price", [True, False])
    def test_has_the_sums_of_its_lines_to_the_minor_unit(self, tmp_path, price):
        run = taken(tmp_path, lines(price=price))
        assert (run.state, run.accepted) == ("done", len(LINES)), run.questions
        with system_context("a test looks"):
            found = {
                i.number: (i.net, i.tax, D(i.gross_minor) * PLACES[i.currency])
                for i in Invoice.objects.all()
            }
        assert found == recounted()

    @pytest.mark.django_db
    def test_of_prices_that_make_something_else_is_flagged(self, tmp_path):
        run = taken(tmp_path, lines())
        odd = [
            number for number, quantity, each, gross, percent, currency in LINES
            if abs(D(quantity) * D(each) - D(gross) / (1 + D(percent) / 100)) > PLACES[currency] * 2
        ]  # fmt: skip
        assert odd
        assert flag(run, "amount_differs")["rows"] == len(odd)

    @pytest.mark.django_db
    def test_of_amounts_and_taxes_has_their_differences(self, tmp_path):
        head = f"{HEAD},Importe con IVA,IVA\n".replace(",Unit price", "")
        rows = [
            (number, quantity, currency, D(gross), recounted([line])[number][1])
            for line in LINES
            for number, quantity, _, gross, _, currency in [line]
        ]
        taken(tmp_path, head + "".join(
            f"{number},{'credit note' if gross < 0 else 'invoice'},2026-05-05,C1,P1,{quantity},{currency},{gross},{tax}\n"
            for number, quantity, currency, gross, tax in rows
        ))  # fmt: skip
        with system_context("a test looks"):
            found = {i.number: (i.net, i.tax) for i in Invoice.objects.all()}
        assert found == {number: sums[:2] for number, sums in recounted().items()}
