"""Which column is which field where its name leaves it open: the cells decide. And the names that
exports of common programs carry."""

import pytest

from clientela.intake.kinds.erp_names import NAMES
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.plan import plan
from clientela.intake.mapping.suggest import suggest
from clientela.intake.mapping.things import code_share, company_share, tied
from clientela.intake.reading.describe import describe

KEYS = ["C1", "C2", "C1", "C3", "C2", "C1"]
BUYERS = ["Aceros S.L.", "Bar Luz", "Aceros S.L.", "Cafés Sol", "Bar Luz", "Aceros S.L."]
PERSONS = ["Ana Ruiz", "Luis Gil", "Ana Ruiz", "Eva Sanz", "Luis Gil", "Ana Ruiz"]
CODES = ["P-1", "P-2", "P-2", "P-1", "P-3", "P-3"]
GOODS = ["Té verde", "Café molido", "Café molido", "Té verde", "Taza", "Taza"]
TEA = ["绿茶250克", "咖啡豆", "咖啡豆", "绿茶250克", "茶杯", "茶杯"]
FIRMS = [
    "上海茶叶有限公司",
    "北京商行",
    "上海茶叶有限公司",
    "广州公司",
    "北京商行",
    "上海茶叶有限公司",
]
REST = {
    "Invoice No": ["1", "2", "3", "4", "5", "6"], "Date": ["2026-03-04"] * 6,
    "Qty": ["1", "2", "3", "4", "5", "6"], "Price": ["1.5"] * 6,
}  # fmt: skip

# what stands in the file beside REST -> field of each of these columns
SALES = [
    # a thing's word over codes, over names, over both in two columns
    ({"Producto": CODES, "Cliente": KEYS}, "product_code customer_key"),
    ({"Producto": GOODS, "Cliente": KEYS}, "product_name customer_key"),
    ({"Product": CODES, "Description": GOODS, "Customer": KEYS}, "product_code product_name customer_key"),
    ({"产品": TEA, "产品编码": CODES, "客户": FIRMS, "客户编号": KEYS}, "product_name product_code customer_name customer_key"),
    ({"商品": CODES, "商品名称": TEA, "客户": KEYS, "客户名称": FIRMS}, "product_code product_name customer_key customer_name"),
    ({"Artículo": CODES, "Descripción": GOODS, "Cliente": BUYERS, "Nº cliente": KEYS}, "product_code product_name customer_name customer_key"),
    ({"Item": GOODS, "Customer": PERSONS, "Account No": KEYS}, "product_name customer_name customer_key"),
    # a name of something: what it goes together with, wherever it stands
    ({"Name": BUYERS, "Product": CODES, "Customer": KEYS}, "customer_name product_code customer_key"),
    ({"Name": GOODS, "Product": CODES, "Customer": KEYS}, "product_name product_code customer_key"),
    ({"Nombre": PERSONS, "Cód. artículo": CODES, "Cód. cliente": KEYS}, "customer_name product_code customer_key"),
    ({"Cód. artículo": CODES, "Cód. cliente": KEYS, "Nombre": GOODS}, "product_code customer_key product_name"),
    ({"名称": FIRMS, "存货编码": CODES, "客户编码": KEYS}, "customer_name product_code customer_key"),
    ({"客户编码": KEYS, "存货编码": CODES, "名称": TEA}, "customer_key product_code product_name"),
    # the other name is given
    ({"Cliente": KEYS, "Nombre": PERSONS, "Descripción": GOODS}, "customer_key customer_name product_name"),
    ({"Customer": KEYS, "Customer Name": PERSONS, "Name": GOODS}, "customer_key customer_name product_name"),
    # a code of something
    ({"Código": CODES, "Descripción": GOODS, "Cliente": KEYS}, "product_code product_name customer_key"),
    ({"Code": KEYS, "Customer Name": BUYERS, "SKU": CODES}, "customer_key customer_name product_code"),
    ({"编码": KEYS, "客户名称": FIRMS, "商品名称": TEA}, "customer_key customer_name product_name"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "fields"), SALES, ids=[" ".join(c) for c, _ in SALES])
def test_a_word_that_leaves_it_open_is_settled_by_the_cells(columns, fields):
    samples = {**REST, **columns}
    found = suggest(list(samples), samples, KINDS["sales_lines"])
    by_column = {s.column: s for s in found}
    assert [by_column[c].field for c in columns] == fields.split()
    assert all(by_column[c].is_sure for c in columns)
    assert {by_column[c].field for c in REST} == {
        "document_number", "issued_on", "quantity", "unit_price",
    }  # fmt: skip


class TestDoubt:
    def test_is_asked_where_half_are_codes(self):
        samples = {**REST, "Producto": ["P-1", "Té", "P-2", "Café", "P-3", "Taza"]}
        found = {s.column: s for s in suggest(list(samples), samples, KINDS["sales_lines"])}
        assert not found["Producto"].is_sure

    def test_is_asked_where_a_name_goes_with_nothing(self):
        samples = {**REST, "Name": [f"Thing {n}" for n in "abcdef"]}
        found = {s.column: s for s in suggest(list(samples), samples, KINDS["sales_lines"])}
        assert (found["Name"].field, found["Name"].is_sure) == ("customer_key", False)

    def test_leaves_sales_to_a_named_customer_to_somebody(self):
        samples = {**REST, "Cliente": BUYERS, "Producto": GOODS}
        found = {s.column: s for s in suggest(list(samples), samples, KINDS["sales_lines"])}
        assert (found["Cliente"].field, found["Cliente"].is_sure) == ("customer_key", True)

    def test_of_an_empty_column_is_left_to_its_name(self):
        found = suggest(["Producto", "Cliente"], {}, KINDS["sales_lines"])
        assert [s.field for s in found] == ["product_name", "customer_key"]


class TestOtherKinds:
    @pytest.mark.parametrize(("name", "cells", "field"), [
        ("Cliente", BUYERS, "name"), ("Cliente", KEYS, "customer_key"), ("客户", FIRMS, "name"),
        ("客户", KEYS, "customer_key"), ("Name", BUYERS, "name"), ("Nombre", PERSONS, "name"),
        ("名称", FIRMS, "name"), ("Código", KEYS, "customer_key"), ("Account", KEYS, "customer_key"),
    ])  # fmt: skip
    def test_customers(self, name, cells, field):
        (found,) = suggest([name], {name: cells}, KINDS["customers"])
        assert (found.field, found.is_sure) == (field, True)

    @pytest.mark.parametrize(("name", "cells", "field"), [
        ("Producto", GOODS, "product_name"), ("Producto", CODES, "product_code"),
        ("Item", CODES, "product_code"), ("商品", TEA, "product_name"), ("Name", GOODS, "product_name"),
        ("Nombre", GOODS, "product_name"), ("名称", TEA, "product_name"),
    ])  # fmt: skip
    def test_products(self, name, cells, field):
        (found,) = suggest([name], {name: cells}, KINDS["products"])
        assert (found.field, found.is_sure) == (field, True)

    @pytest.mark.parametrize("name", ["Name", "Nombre", "名称"])
    def test_invoices(self, name):
        samples = {"Customer ID": KEYS, name: BUYERS}
        found = {s.column: s for s in suggest(list(samples), samples, KINDS["invoices"])}
        assert (found[name].field, found[name].is_sure) == ("customer_name", True)


class TestEvidence:
    def test_counts_codes(self):
        assert code_share(["P-1", "1002", "SKU_9", "A 1", "Tea", "绿茶250克"]) == 0.5
        assert code_share(["", "n/a"]) is None

    def test_ties_what_comes_again_together(self):
        assert tied(KEYS, BUYERS) == 1
        assert tied(CODES, BUYERS) < 0.5
        assert tied(["a", "b"], ["x", "y"]) is None
        assert tied(["a", "a"], ["x", "x"]) is None

    def test_knows_companies_by_their_ends(self):
        assert company_share(["Aceros S.L.", "Tea Ltd", "上海有限公司", "Grupo S.A. de C.V."]) == 1
        assert company_share(["Salsa", "Tea cup", "Bolsa", "茶杯"]) == 0


def test_every_name_of_a_program_is_sure_of_its_field():
    missed = []
    for kind, fields in NAMES.items():
        for field, names in fields.items():
            for name in names.split("|"):
                found = suggest([name], {}, KINDS[kind])
                if [(s.field, s.is_sure) for s in found] != [(field, True)]:
                    missed.append((kind, field, name, found))
    assert missed == []


# Heads of files as programs write them, with two rows each -> fields that are taken unasked.
EXPORTS = {
    "business central": (
        "Document No.,Posting Date,Sell-to Customer No.,Sell-to Customer Name,Item No.,Description,Quantity,Unit Price,Line Amount Excl. VAT,Currency Code",
        "103001,2026-03-04,10000,Cannon Group PLC,1896-S,ATHENS Desk,2,649.40,1298.80,GBP",
        "103002,2026-03-05,20000,Selangorian Ltd.,1900-S,PARIS Guest Chair,1,125.10,125.10,GBP",
    ),
    "sap": (
        "VBELN,FKDAT,KUNAG,MATNR,ARKTX,FKIMG,NETWR,WAERK",
        "90000001,20260304,1000,M-01,Monitor Sunny,2,1298.80,EUR",
        "90000002,20260305,2000,M-02,Monitor Flat,1,125.10,EUR",
    ),
    "xero": (
        "*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,InventoryItemCode,*Description,*Quantity,*UnitAmount,Currency,AccountNumber",
        "Bayside Club,INV-1,2026-03-04,2026-04-04,BOOK,Fish out of Water,2,19.95,USD,A1",
        "City Limousines,INV-2,2026-03-05,2026-04-05,TSS,T-Shirt,1,40.00,USD,A2",
    ),
    "a3": (
        "Nº factura;F. factura;Cód. cliente;Nombre fiscal;Cód. artículo;Denominación artículo;Uds.;Precio ud.;% Dto;Importe neto línea;Divisa",
        "F1;04/03/2026;430001;Aceros del Sur S.L.;A-01;Tornillo;10;1,25;5%;11,88;EUR",
        "F2;25/03/2026;430002;Bar Luz S.A.;A-02;Tuerca;4;2,50;0%;10,00;EUR",
    ),
    "yonyou": (
        "发票号,开票日期,客户编码,客户简称,存货编码,存货名称,数量,无税单价,无税金额,币种",
        "001,2026-03-04,C01,上海茶叶,0101,绿茶,2,10.50,21.00,CNY",
        "002,2026-03-05,C02,北京商行,0102,红茶,1,8.00,8.00,CNY",
    ),
    "guanjiapo": (
        "单据编号,单据日期,往来单位,单位编号,商品编号,商品全名,数量,单价,金额,币种",
        "XS-001,2026-03-04,上海茶叶有限公司,D01,0101,绿茶,2,10.50,21.00,CNY",
        "XS-002,2026-03-05,北京商行,D02,0102,红茶,1,8.00,8.00,CNY",
    ),
}  # fmt: skip
WANTED = {"document_number", "issued_on", "customer_key", "customer_name", "product_code",
          "product_name", "quantity"}  # fmt: skip


@pytest.mark.parametrize("program", EXPORTS)
def test_an_export_is_taken_without_a_question_about_its_columns(program, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("\n".join(EXPORTS[program]) + "\n", encoding="utf-8")
    found = plan(describe(path), kind="sales_lines", take_sure=True)
    columns = [q for q in found.questions if q.id.startswith(("column:", "field:"))]
    assert columns == []
    wanted = WANTED - {"customer_name"} if program == "sap" else WANTED
    assert wanted <= found.mapping.columns.keys()
