"""Names that say outright which amount a column holds, and files of which the other columns tell."""

import pytest

from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.suggest import suggest, suggest_kind

WITH_TAX = (
    "Amount incl. VAT", "Amount including tax", "Amount inc. VAT", "AmountInclVAT", "Line total (VAT incl.)",
    "Tax inclusive amount", "Amount with tax", "Total con IVA", "Importe con IVA", "Importe (IVA incluido)",
    "Importe con I.V.A.", "Importe c/IVA", "IVA incluido", "Ventas con impuestos", "含税金额", "金额（含税）",
    "含税销售额", "价税合计", "Sales amount incl. of all taxes",
)  # fmt: skip
RATES = (
    "VAT %", "VAT-%", "Tax %", "VAT rate", "Tax percentage", "Tax pct", "IVA (%)", "% de IVA", "Tipo de IVA",
    "Porcentaje de IVA", "Tasa de IVA", "税率", "增值税税率", "税率（%）", "Sales tax rate",
)  # fmt: skip
WITHOUT = ("Amount excl. VAT", "Importe sin IVA", "不含税金额", "未税金额", "Amount without tax")
FIGURES = ["121.00", "60.50", "33.10"]


def found_in(name, kind, cells=FIGURES):
    return [(s.field, s.is_sure) for s in suggest([name], {name: cells}, KINDS[kind])]


@pytest.mark.parametrize("kind", ["sales_lines", "invoices"])
class TestAName:
    @pytest.mark.parametrize("name", WITH_TAX)
    def test_that_says_that_tax_is_in_it_is_the_gross_amount(self, kind, name):
        ((field, sure),) = found_in(name, kind)
        assert field == "gross_amount"
        # A total of a line is none of an invoice, nor are sales.
        assert sure or (
            kind == "invoices" and name.split()[0] in ("Line", "Sales", "Ventas", "含税销售额")
        )

    @pytest.mark.parametrize("name", RATES)
    def test_that_says_per_cent_or_rate_is_the_rate(self, kind, name):
        assert found_in(name, kind, ["21", "10", "21"]) == [("tax_rate", True)]

    @pytest.mark.parametrize("name", WITHOUT)
    def test_that_says_that_it_is_not_is_the_net_amount(self, kind, name):
        assert found_in(name, kind) == [("net_amount", True)]

    @pytest.mark.parametrize(
        "name", ["Unit price incl. VAT", "Precio con IVA", "含税单价", "P.V.P. IVA incl."]
    )
    def test_of_a_price_with_tax_in_it_is_of_no_field(self, kind, name):
        assert found_in(name, kind) == []

    @pytest.mark.parametrize("name", ["是否含税", "Tax included", "IVA incluido"])
    def test_over_yes_and_no_is_of_no_field(self, kind, name):
        assert found_in(name, kind, ["yes", "no", "是"]) == []


class TestANameThatSaysMore:
    @pytest.mark.parametrize("name", ["Facturado con IVA", "Invoice total incl. VAT"])
    def test_is_asked_about(self, name):
        assert found_in(name, "sales_lines") == [("gross_amount", False)]

    @pytest.mark.parametrize("name", ["Cost incl. tax", "Descuento con IVA"])
    def test_of_another_thing_is_no_amount_of_the_line(self, name):
        assert found_in(name, "sales_lines") == []

    @pytest.mark.parametrize(
        "name", ["Not incl. VAT", "IVA no incluido", "Corporate tax", "Exchange rate"]
    )
    def test_of_something_else_is_not_taken_for_it(self, name):
        assert found_in(name, "sales_lines") not in ([("gross_amount", True)], [("tax_rate", True)])

    def test_leaves_the_other_amounts_to_the_other_columns(self):
        samples = dict.fromkeys(
            ("Unit price", "Amount incl. VAT", "VAT %", "VAT", "Amount"), FIGURES
        )
        found = suggest(list(samples), samples, KINDS["sales_lines"])
        assert [s.field for s in found] == [
            "unit_price", "gross_amount", "tax_rate", "tax_amount", "net_amount",
        ]  # fmt: skip


class TestPlainNames:
    @pytest.mark.parametrize(
        ("kind", "name", "cells", "field"),
        [
            ("invoices", "Número", ["F1", "F2"], "document_number"),
            ("invoices", "Numero", ["1", "2"], "document_number"),
            ("invoices", "Base", FIGURES, "net_amount"),
            ("customers", "Number", ["1", "2", "3"], "customer_key"),
            ("customers", "Tax number", ["B1", "B2"], "register_number"),
        ],
    )
    def test_are_known(self, kind, name, cells, field):
        assert found_in(name, kind, cells) == [(field, True)]

    @pytest.mark.parametrize("header", ["Number,Date,Amount", "Nº,Fecha,Importe"])
    def test_of_a_number_leave_open_whether_it_is_of_an_invoice_or_a_payment(self, header):
        (_, first), (_, second), *_ = scores = suggest_kind(header.split(","), {})
        assert {kind for kind, _ in scores[:2]} == {"invoices", "payments"}
        assert first - second < 0.1
        assert found_in(header.split(",")[0], "payments") == [("payment_number", False)]

    def test_give_way_to_one_that_says_more(self):
        header = ["Número", "Número de factura"]
        found = {s.column: s.field for s in suggest(header, {}, KINDS["invoices"])}
        assert found["Número de factura"] == "document_number"
