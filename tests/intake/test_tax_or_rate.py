"""A column called a tax may hold the rate of it: it is asked about, and never taken for money."""

import openpyxl
import pytest

from clientela.intake.mapping.tax import holds_rates
from tests.intake.importing import import_file

HEAD = "Factura,Fecha,Código cliente,Moneda,Importe neto,"
NETS = ("1000,00", "1100,00", "1200,00", "1300,00")


def text(name, taxes, nets=NETS):
    rows = [f'VA{n},1{n}/05/2026,PK{n},EUR,"{net}","{tax}"'
            for n, (net, tax) in enumerate(zip(nets, taxes, strict=True))]  # fmt: skip
    return HEAD + name + "\n" + "\n".join(rows) + "\n"


def ids(found):
    return [question.id for question in found.questions]


def book(path, name, cells, form):
    made = openpyxl.Workbook()
    page = made.active
    page.append([*HEAD.rstrip(",").split(","), name])
    for n, cell in enumerate(cells):
        page.append([f"F{n}", f"2026-05-1{n}", f"K{n}", "EUR", 1000 + 100 * n, cell])
        page.cell(row=n + 2, column=6).number_format = form
    made.save(path)
    return path


@pytest.fixture
def read(tmp_path):
    def imported(content, **answers):
        path = tmp_path / "invoices.csv"
        path.write_text(content, encoding="utf-8")
        named = {name.replace("__", ":"): value for name, value in answers.items()}
        return import_file(path, kind="invoices", answers=named)

    return imported


class TestColumn:
    @pytest.mark.parametrize("name", ["IVA", "VAT", "税额"])
    @pytest.mark.parametrize(
        "taxes", [("21", "21", "10", "21"), ("20",) * 4, ("0,21", "0,21", "0,10", "0,21")]
    )
    def test_that_looks_like_rates_is_asked_about(self, read, name, taxes):
        assert f"column:{name}" in ids(read(text(name, taxes)))

    def test_that_holds_amounts_is_not(self, read):
        taxes = ("210,00", "231,00", "252,00", "273,00")
        assert "column:IVA" not in ids(read(text("IVA", taxes)))

    def test_answered_as_rates_gives_the_tax(self, read):
        said = {"column__IVA": "tax_rate", "percent__IVA": "points"}
        found = read(text("IVA", ("21", "21", "10", "21")), **said)
        assert (found.asked, found.totals.accepted) == ([], 4)
        assert [str(v) for v in found.columns["gross_amount"]] == [
            "1210.00", "1331.00", "1320.00", "1573.00",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("taxes", "nets", "rates"),
        [
            (["21"], ["1000.00"], True), (["210.00"], ["1000.00"], False),
            (["21"] * 3, ["150", "200", "300"], True), (["0", "0"], ["10", "20"], False),
            (["2.10"] * 3, ["10.00"] * 3, False), (["21%"], ["100"], True), (["1500"], [], False),
        ],
    )  # fmt: skip
    def test_is_told_by_what_it_is_of_the_amounts(self, taxes, nets, rates):
        assert holds_rates(taxes, nets) is rates


class TestWorkbook:
    def test_shows_per_cent_and_is_read_so(self, tmp_path):
        path = book(tmp_path / "a.xlsx", "Tipo IVA", [0.21, 0.21, 0.1], "0%")
        found = import_file(path, kind="invoices")
        assert (found.asked, found.totals.accepted) == ([], 3)
        assert [str(v) for v in found.columns["tax_amount"]] == ["210.00", "231.00", "120.00"]

    def test_of_a_tax_that_shows_per_cent_is_asked_about(self, tmp_path):
        path = book(tmp_path / "a.xlsx", "IVA", [0.21, 0.21, 0.1], "0.0%")
        assert "column:IVA" in ids(import_file(path, kind="invoices"))

    def test_of_rates_without_a_sign_is_asked_what_they_mean(self, tmp_path):
        path = book(tmp_path / "a.xlsx", "Tipo IVA", [21, 21, 10], "0")
        assert "percent:Tipo IVA" in ids(import_file(path, kind="invoices"))

    def test_with_the_signs_of_two_currencies_says_so(self, tmp_path):
        path = book(tmp_path / "a.xlsx", "Vence", ["2026-07-01", "2026-07-01"], "@")
        made = openpyxl.load_workbook(path)
        for row, form in ((2, "#,##0.00 [$€-C0A]"), (3, "[$$-409]#,##0.00")):
            made.active.cell(row=row, column=5).number_format = form
        made.save(path)
        assert "several_currency_signs" in import_file(path, kind="invoices").notes


class TestNumberThatIsNoAmount:
    def test_is_set_aside_with_its_row(self, tmp_path):
        path = tmp_path / "lines.csv"
        head = "Invoice number,Invoice date,Customer number,Product,Quantity,Unit price,Currency\n"
        rows = (
            "E1,2026-05-05,D1,P1,2,1500,EUR", "E2,2026-05-05,D1,P1,8412345678905,1500,EUR",
            "E3,2026-05-05,D1,P1,1,356938035643809,EUR", "E4,2026-05-05,D1,P1,99999999999,9999999,EUR",
        )  # fmt: skip
        path.write_text(head + "\n".join(rows) + "\n")
        found = import_file(path, kind="sales_lines")
        assert found.totals.accepted == 1
        assert sorted((one.row_no, one.code) for one in found.aside) == [
            (2, "too_many_digits"), (3, "too_many_digits"), (4, "amount_too_large"),
        ]  # fmt: skip
