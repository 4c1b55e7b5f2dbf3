"""Mappings applied, suggested, saved."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.model import Mapping
from clientela.intake.mapping.suggest import suggest, suggest_kind
from clientela.intake.mapping.typer import Typer
from clientela.intake.results import FileFacts, Question, RunReport, Totals
from clientela.kernel.reasons import Invalid
from tests.corpus.case import CUSTOMER_HEADER, CUSTOMER_ROWS, HEADER, ROWS, text
from tests.intake.importing import import_file

SALES = Mapping(
    kind="sales_lines",
    columns={
        "document_number": "no", "quantity": "qty", "unit_price": "price", "issued_on": "day",
        "customer_key": "who",
    },
    constants={"currency": "EUR"},
    prefixes={"C": "credit_note", "A": "adjustment"},
)  # fmt: skip
SALES_HEADER = ("no", "qty", "price", "day", "who")


def sale(**cells):
    row = {"no": "1", "qty": "2", "price": "1.50", "day": "2026-03-04", "who": "A"} | cells
    typer = Typer(KINDS["sales_lines"], SALES, SALES_HEADER, as_of=date(2026, 3, 10))
    return typer.row([row[name] for name in SALES_HEADER])


class TestSalesLines:
    @given(st.decimals(-1000, 1000, places=3), st.decimals(0, 1000, places=6))
    def test_net_is_quantity_by_price_rounded_once_half_to_even(self, quantity, price):
        typed = sale(qty=str(quantity), price=format(price, "f"))
        wanted = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        assert typed.columns["net_amount"] == [wanted]

    @pytest.mark.parametrize(
        ("number", "kind"),
        [
            ("536365", "invoice"), ("C536379", "credit_note"), ("c1", "credit_note"),
            ("A563185", "adjustment"), ("CN100", "invoice"), ("INV-1", "invoice"),
        ],
    )  # fmt: skip
    def test_the_letters_of_the_number_say_the_kind(self, number, kind):
        assert sale(no=number).columns["document_kind"] == [kind]

    @pytest.mark.parametrize(
        ("cells", "codes"),
        [
            ({"price": "0"}, ["price_zero"]),
            ({"qty": "-1"}, ["negative_quantity"]),
            ({"qty": "(1)"}, ["negative_quantity"]),
            ({"qty": "0"}, [""]),
            ({"no": "C1", "qty": "-1"}, [""]),
            ({"no": "C1"}, ["positive_credit_note"]),
            ({"no": "A1", "price": "-5"}, ["adjustment_document,price_negative"]),
            ({"who": ""}, ["anonymous_sale"]),
            ({"day": "2026-03-10"}, [""]),
            ({"day": "2026-03-11"}, ["date_in_future"]),
        ],
    )
    def test_flags_what_a_person_should_know(self, cells, codes):
        wanted = codes[0].split(",") if codes[0] else []
        assert sale(**cells).flag_texts() == [",".join(sorted(wanted))]

    @pytest.mark.parametrize(
        ("text", "said"),
        [("(1)", True), ("1-", True), ("−1", True), ("－1", True), ("-1", False), ("- 1", False),
         ("-１", False), ("1", False), ("(0)", False)],
    )  # fmt: skip
    def test_says_how_a_number_below_zero_was_written_but_keeps_it_out_of_the_books(
        self, text, said
    ):
        typed = sale(qty=text)
        assert ("negative_written_otherwise" in typed.flags) is said
        assert "negative_written_otherwise" not in typed.flag_texts()[0]
        assert typed.note_texts()[0].startswith("negative_written_otherwise@") is said

    def test_says_nothing_of_a_price_whose_sign_of_money_follows_its_minus(self):
        assert "negative_written_otherwise" not in sale(price="-€5").flags
        assert "negative_written_otherwise" not in sale(price="€-5").flags
        assert "negative_written_otherwise" in sale(price="€(5)").flags

    def test_counts_a_row_with_two_bad_cells_once(self):
        typed = sale(qty="x", day="y")
        assert typed.totals == Totals(read=1, rejected=1)
        assert [p.field for p in typed.aside[0].problems] == ["quantity", "issued_on"]
        assert [p.value for p in typed.aside[0].problems] == ["x", "y"]

    def test_keeps_the_day_and_the_instant(self):
        typed = sale(day="2026-03-04 08:26")
        assert typed.columns["issued_on"] == [date(2026, 3, 4)]
        assert typed.columns["issued_at"][0].hour == 8

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"columns": {"document_number": "no"}}, "required_field_unmapped"),
            ({"columns": {**SALES.columns, "unit": "nowhere"}}, "column_missing"),
            ({"columns": {**SALES.columns, "wings": "who"}}, "unknown_field"),
            ({"constants": {"currency": "XXX"}}, "constant_invalid"),
        ],
    )
    def test_refuses_a_mapping_that_does_not_fit(self, change, code):
        mapping = Mapping(**{**vars(SALES), **change})
        with pytest.raises(Invalid) as refused:
            Typer(KINDS["sales_lines"], mapping, SALES_HEADER)
        assert refused.value.reasons[0].code == code


class TestOtherKinds:
    @pytest.mark.parametrize(
        ("kind", "content", "accepted", "aside"),
        [
            (
                "invoices",
                "invoice,invoice date,customer,net,vat,total\n1,2026-03-04,A,10,2,12\n2,2026-03-04,A,10,2,13\n3,2026-03-04,A,,,\n4,2026-03-05,A,,2,12\n",
                2,
                {"amounts_disagree": 1, "amount_missing": 1},
            ),
            (
                "payments",
                "payment id,payment date,customer id,amount\n1,2026-03-04,A,10\n2,2026-03-04,A,0\n3,2026-03-04,,5\n4,2026-03-04,B,-2\n",
                2,
                {"amount_zero": 1, "payer_missing": 1},
            ),
            (
                "products",
                "sku,product name,price,category\n1,Tea,2.5,Drinks\n2,Cup,-1,Ware\n,Pot,3,Ware\n",
                1,
                {"amount_negative": 1, "required": 1},
            ),
        ],
    )
    def test_takes_and_sets_aside(self, kind, content, accepted, aside, tmp_path):
        path = tmp_path / "file.csv"
        path.write_text(content)
        found = import_file(path, kind=kind, settings=("currency=EUR",))
        assert found.asked == []
        assert found.totals.accepted == accepted
        assert dict(found.aside_codes) == aside

    def test_completes_net_tax_and_gross(self, tmp_path):
        path = tmp_path / "file.csv"
        path.write_text("invoice,invoice date,customer,vat,total\n1,2026-03-04,A,2,12\n")
        found = import_file(path, kind="invoices", settings=("currency=EUR",))
        assert found.columns["net_amount"] == [Decimal(10)]

    def test_reads_phones_beside_the_country_of_their_row(self, tmp_path):
        path = tmp_path / "file.csv"
        path.write_text(text(CUSTOMER_ROWS, header=CUSTOMER_HEADER))
        found = import_file(path, kind="customers")
        assert found.columns["phone"] == ["+34912345678", "+861088888888", "+525512345678"]

    def test_asks_for_the_country_of_phones_without_one(self, tmp_path):
        path = tmp_path / "file.csv"
        path.write_text("id,name,type,phone\n1,Ana,person,912345678\n")
        assert import_file(path, kind="customers").asked == ["phone_country_missing"]


class TestSuggestions:
    @pytest.mark.parametrize(
        "header",
        [
            ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"),
            ("发票号", "产品编码", "产品名称", "数量", "开票日期", "单价", "客户编号", "国家"),
            ("Factura", "Referencia", "Descripción", "Cantidad", "Fecha", "Precio unitario", "Cliente", "País"),
            ("invoice_no*", "SKU", " ITEM ", "QTY", "Invoice date", "unit-price", "Customer code", "COUNTRY"),
        ],
    )  # fmt: skip
    def test_knows_the_columns_of_sales_in_three_languages(self, header):
        samples = {name: [row[n] for row in ROWS] for n, name in enumerate(header)}
        found = suggest(header, samples, KINDS["sales_lines"])
        wanted = ["document_number", "product_code", "product_name", "quantity", "issued_on", "unit_price", "customer_key", "country"]  # fmt: skip
        assert [s.field for s in found] == wanted
        assert all(s.is_sure for s in found)

    @given(
        st.lists(
            st.sampled_from([s for f in KINDS["customers"].fields for s in f.synonyms]),
            unique=True,
            max_size=12,
        )
    )
    def test_gives_each_field_one_column_and_each_column_one_field(self, header):
        found = suggest(header, {}, KINDS["customers"])
        assert len({s.field for s in found}) == len(found) == len({s.column for s in found})
        assert all(0 <= s.confidence <= 1 for s in found)

    def test_prefers_the_column_whose_cells_fit(self):
        found = suggest(["Quantity"], {"Quantity": ["red", "blue"]}, KINDS["sales_lines"])
        assert not any(s.is_sure for s in found)

    @pytest.mark.parametrize(
        ("header", "kind"),
        [
            (HEADER, "sales_lines"),
            (CUSTOMER_HEADER, "customers"),
            (("Invoice Number", "Invoice Date", "Due Date", "Customer ID", "Total", "VAT"), "invoices"),
            (("Payment ID", "Payment Date", "Customer ID", "Amount Paid", "Method"), "payments"),
            (("SKU", "Product Name", "Category", "List Price"), "products"),
        ],
    )  # fmt: skip
    def test_knows_the_kind_by_its_columns(self, header, kind):
        assert suggest_kind(header, {})[0][0] == kind

    def test_finds_credit_notes_by_letter_only_on_evidence(self, tmp_path):
        path = tmp_path / "file.csv"
        rows = [*ROWS, *ROWS, ("C1004", "P", "Tea", "-1", "2026-03-20", "1.00", "A", "Spain")]
        path.write_text(text(rows))
        found = import_file(path, settings=("currency=EUR",))
        assert found.columns["document_kind"].count("credit_note") == 1
        rows[-1] = (*rows[-1][:3], "1", *rows[-1][4:])
        path.write_text(text(rows))
        found = import_file(path, settings=("currency=EUR",))
        assert found.columns["document_kind"].count("credit_note") == 0


class TestMapping:
    def test_keeps_itself_through_json(self):
        mapping = SALES.with_rule("qty", nulls=("-",)).with_setting("branch_code=Z")
        assert Mapping.from_json(mapping.as_json()) == mapping

    def test_takes_constants_and_letters_from_settings(self):
        mapping = Mapping(kind="sales_lines").with_setting("currency=GBP")
        mapping = mapping.with_setting("document_kind=C:credit_note, a:adjustment")
        assert mapping.constants == {"currency": "GBP"}
        assert mapping.prefixes == {"C": "credit_note", "A": "adjustment"}

    @pytest.mark.parametrize("setting", ["currency", "=GBP", "document_kind=C:"])
    def test_refuses_settings_it_cannot_read(self, setting):
        with pytest.raises(Invalid):
            Mapping(kind="sales_lines").with_setting(setting)

    @pytest.mark.parametrize("value", [{}, {"kind": "x"}, {"kind": 1, "rules": []}])
    def test_refuses_what_it_did_not_write(self, value):
        with pytest.raises(Invalid):
            Mapping.from_json(value)


class TestResults:
    @pytest.mark.parametrize("counts", [(1, 0, 0, 0), (2, 1, 0, 0), (1, 1, 1, -1)])
    def test_totals_that_do_not_add_up_are_not_made(self, counts):
        read, accepted, rejected, skipped = counts
        with pytest.raises(ValueError, match="row"):
            Totals(read=read, accepted=accepted, rejected=rejected, skipped=skipped)

    def test_the_report_has_the_agreed_shape(self):
        facts = FileFacts(name="a.csv", sha256="0", encoding="utf-8", separator=",", rows=1)
        report = RunReport(run="r", state="done", file=facts, totals=Totals(read=1, accepted=1), questions=(Question(id="a", code="b"),))  # fmt: skip
        shape = report.as_json()
        assert list(shape) == ["run", "state", "file", "totals", "flagged", "by_reason", "written", "amounts", "questions"]  # fmt: skip
        assert shape["totals"] == {"read": 1, "accepted": 1, "rejected": 0, "skipped": 0}
