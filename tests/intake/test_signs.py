"""An amount never comes in under a currency that its own sign contradicts: recounted from the
file by plain Python, which knows signs of its own."""

import csv
from collections import Counter
from decimal import Decimal

from clientela.intake.grammar.signs import currencies_of_cell, currencies_of_column
from tests.intake.importing import import_file

MEANT = {"€": {"EUR"}, "£": {"GBP"}, "$": {"USD", "MXN"}, "¥": {"JPY", "CNY"}, "": None}
CURRENCIES = ("EUR", "GBP", "USD", "MXN", "JPY", "CNY")


def written(tmp_path, price="Unit Price"):
    """Write every sign beside every currency, and return the file."""
    path = tmp_path / "prices.csv"
    pairs = [(sign, currency) for sign in MEANT for currency in CURRENCIES]
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file)
        out.writerow(
            [
                "Invoice No",
                "Product Code",
                "Quantity",
                "Invoice Date",
                price,
                "Currency",
                "Customer ID",
            ]
        )
        for n, (sign, currency) in enumerate(pairs, start=1):
            out.writerow([f"F-{n}", "P-1", 1, "2026-03-04", f"{sign}{n}.00", currency, "A-1"])
    return path


def recounted(path, named=None):
    """Return the amount in each currency that the signs of the file allow."""
    found = Counter()
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, _, _, _, price, currency, _ in list(csv.reader(file))[1:]:
            meant = MEANT[price[0] if price[0] in "€£$¥" else ""]
            if (meant is None or currency in meant) and (named is None or currency in named):
                found[currency] += Decimal(number[2:])
    return found


def brought(result):
    found = Counter()
    columns = result.columns
    for amount, currency in zip(columns["net_amount"], columns["currency"], strict=True):
        found[currency] += amount
    return found


class TestTheSignOfAnAmount:
    def test_keeps_out_the_rows_of_another_currency_and_no_others(self, tmp_path):
        path = written(tmp_path)
        result = import_file(path, kind="sales_lines")
        assert brought(result) == recounted(path)
        assert result.totals.accepted + result.totals.rejected == len(MEANT) * len(CURRENCIES)

    def test_names_row_column_value_and_both_currencies(self, tmp_path):
        result = import_file(written(tmp_path), kind="sales_lines")
        (row,) = [row for row in result.aside if row.row_no == 3]  # € beside USD
        (problem,) = row.problems
        assert (problem.column, problem.value) == ("Unit Price", "€3.00")
        assert problem.reason.code == "currency_conflict"
        assert problem.reason.params == {"expected": "USD", "found": "EUR"}

    def test_in_the_name_of_the_column_holds_for_every_row(self, tmp_path):
        path = written(tmp_path, price="Unit Price (€)")
        result = import_file(
            path, kind="sales_lines", answers={"column:Unit Price (€)": "unit_price"}
        )
        assert brought(result) == recounted(path, named={"EUR"})

    def test_in_the_name_of_the_column_contradicts_what_was_said_for_all_rows(self, tmp_path):
        path = tmp_path / "prices.csv"
        path.write_text(
            "Invoice No,Product Code,Quantity,Invoice Date,Unit Price (€),Customer ID\n"
            "F-1,P-1,1,2026-03-04,10.00,A-1\n",
            encoding="utf-8-sig",
        )
        answers = {"column:Unit Price (€)": "unit_price"}
        result = import_file(path, kind="sales_lines", settings=("currency=USD",), answers=answers)
        assert result.aside_codes == {"currency_conflict": 1}


def test_the_sign_in_the_name_of_a_column_is_a_sign_only_where_it_stands_alone():
    assert currencies_of_column("Price (€)") == currencies_of_column("Net EUR") == ("EUR",)
    assert "MXN" in currencies_of_column("Importe $")
    assert "CNY" in currencies_of_column("金额（元）")
    for name in ("Unit price", "Total", "Bunkr", "Steur", "Price per kr unit", "单价(万)"):
        assert currencies_of_column(name) == ()


def test_an_amount_without_a_sign_stands_for_no_currency():
    for text in ("10.00", "-3", "(5)", "1.2万", "", "5%"):
        assert currencies_of_cell(text) == ()
