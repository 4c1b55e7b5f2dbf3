"""What a file's columns become: as said, as suggested where that is sure, and asked otherwise."""

import pytest

from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.model import Mapping
from clientela.intake.mapping.plan import Plan, plan
from clientela.intake.mapping.suggest import suggest
from clientela.intake.reading.describe import describe
from clientela.kernel.reasons import Invalid

CUSTOMERS = "Customer No,Name,Type,Shoe size\nA-1,Aceros S.A.,company,44\nA-2,Bar Luz,company,39\n"
SALES = "Invoice No,Date,Qty,Price,Currency\n1,2026-03-04,3,12.50,EUR\n2,2026-03-05,1,4.75,EUR\n"

FIRMS = (
    "Customer No,Name,Customer since\nA-1,Aceros S.L.,2020-01-15\nA-2,Luz GmbH,2020-01-16\n"
    "A-3,North Ltd,2020-01-17\nA-4,Bright Inc,2020-01-18\nA-5,Hierros S.A.,2020-01-19\n"
)


@pytest.fixture
def planned(tmp_path):
    """Return a function: the plan for a text, with the settings of `plan`."""

    def make(content: str, **said) -> Plan:
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8")
        return plan(describe(path, answers={}), **said)

    return make


class TestColumnThatNothingIsKnownOf:
    def test_is_asked_also_where_the_sure_suggestions_are_taken(self, planned):
        found = planned(CUSTOMERS, kind="customers", take_sure=True)
        assert [(q.id, q.code) for q in found.questions] == [("column:Shoe size", "column_unknown")]
        assert found.questions[0].choices[0].value == "ignore"
        assert found.mapping.ignored == ()

    def test_is_left_out_once_somebody_says_so(self, planned):
        answers = {"column:Shoe size": "ignore"}
        found = planned(CUSTOMERS, kind="customers", take_sure=True, answers=answers)
        assert found.is_settled
        assert found.mapping.ignored == ("Shoe size",)

    def test_is_left_out_where_the_saved_mapping_says_so(self, planned):
        saved = Mapping(kind="customers", ignored=("Shoe size",))
        assert planned(CUSTOMERS, saved=saved, take_sure=True).is_settled


class TestQuestions:
    def test_ask_for_no_field_that_another_suggests_a_column_for(self, planned):
        for kind, content in (("customers", CUSTOMERS), ("sales_lines", SALES)):
            asked = planned(content, kind=kind).questions
            suggested = {q.choices[0].value for q in asked if q.code == "column_suggested"}
            assert len(suggested) >= 3
            assert suggested.isdisjoint(q.params.get("field") for q in asked)
            assert suggested.isdisjoint(q.id.removeprefix("set:") for q in asked)

    def test_ask_for_the_field_once_its_suggestion_is_refused(self, planned):
        answers = {"column:Name": "ignore", "column:Type": "ignore"}
        asked = planned(CUSTOMERS, kind="customers", answers=answers).questions
        assert {"field:name", "set:kind"} <= {q.id for q in asked}

    def test_ask_whether_customers_are_companies_where_not_every_name_ends_as_one(self, planned):
        mixed = FIRMS.replace("Luz GmbH", "Ana Ruiz").replace("North Ltd", "Bar Luz")
        (asked,) = planned(mixed, kind="customers", take_sure=True).questions
        assert (asked.id, asked.code) == ("set:kind", "customer_kind_missing")
        assert [choice.value for choice in asked.choices] == ["person", "company"]

    def test_put_companies_first_where_most_names_end_as_theirs_do(self, planned):
        mostly = FIRMS + "A-6,Ana Ruiz,2020-01-20\n"
        (asked,) = planned(mostly, kind="customers", take_sure=True).questions
        assert ([c.value for c in asked.choices], asked.params["likely"]) == (
            ["company", "person"], "company",
        )  # fmt: skip

    def test_leave_out_the_kind_of_customers_whose_names_all_end_as_companies_do(self, planned):
        found = planned(FIRMS, kind="customers", take_sure=True)
        assert (found.questions, found.mapping.constants) == ((), {"kind": "company"})
        sure = planned(FIRMS, kind="customers", take_sure=True, settings=["kind=person"])
        assert sure.mapping.constants == {"kind": "person"}

    def test_put_that_kind_to_whoever_takes_nothing_unasked(self, planned):
        asked = {q.id: q for q in planned(FIRMS, kind="customers").questions}
        assert asked["set:kind"].choices[0].value == "company"

    def test_ask_for_an_amount_before_any_row_is_refused_for_want_of_one(self, planned):
        content = "\n".join(",".join(line.split(",")[:3]) for line in SALES.strip().split("\n"))
        saved = Mapping(
            kind="sales_lines", constants={"currency": "EUR"},
            columns={"document_number": "Invoice No", "issued_on": "Date", "quantity": "Qty",
                     "unit_price": "Price"},
        )  # fmt: skip
        found = planned(content, saved=saved, take_sure=True)
        assert [(q.id, q.code) for q in found.questions] == [
            ("field:unit_price", "one_of_fields_unmapped")
        ]
        assert [(note.code, note.params["column"]) for note in found.notes] == [
            ("mapping_column_absent", "Price")
        ]

    def test_have_the_shape_that_programs_rely_on(self, planned):
        (asked,) = planned(CUSTOMERS, kind="customers", take_sure=True).questions
        assert list(asked.as_json()) == ["id", "code", "column", "choices"]


# Column names as companies write them, by kind and field. Each is taken without being asked for.
WRITTEN = {
    "customers": {
        "customer_key": "customer ref|cust no|debtor no|客户ID|会员编号|nº cliente|código cliente|num cliente",
        "name": "business name|trading name|debtor name|客户全称|公司名|nombre o razón social|razon social",
        "register_number": "vat|vat number|tax id|VAT Reg. No.|tax no|tin|NIF|CIF|N.I.F.|dni|id fiscal|税号|"
        "纳税人识别号|税务登记号|营业执照号|身份证号|统一社会信用代码|统一信用代码",
        "country": "country of residence|国家/地区|所在国家|país de residencia",
        "region": "state/province|省/州|comunidad autónoma|provincia/estado",
        "city": "city/town|所在城市|localidad",
        "address": "billing address|address 1|street and number|注册地址|办公地址|direccion|domicilio fiscal",
        "postcode": "zip/postal code|post code|邮政代码|codigo postal|c.p.",
        "phone": "telephone number|contact phone|phone no|mobile number|联系方式|电话号码|固定电话|telefono|nº teléfono",
        "email": "e-mail id|contact email|mail address|Email 地址|电邮|correo electronico|email de contacto",
        "industry": "industry sector|line of business|所属行业|sector de actividad",
        "owner": "sales representative|account owner|跟进人|客户负责人|销售代表|agente comercial",
        "customer_since": "date created|client since|创建时间|fecha alta",
    },
    "sales_lines": {
        "document_number": "inv no|invoice #|document no|sales invoice no|发票编号|num factura|no. factura",
        "product_code": "article number|item number|part no|material number|商品代码|SKU编码|cod producto|codigo articulo",
        "quantity": "quantity sold|qty sold|order qty|销售数量|cantidad vendida",
        "issued_on": "date of invoice|billing date|交易日期|出库日期|fecha factura|fecha de emision",
        "unit_price": "sales price|net price|不含税单价|precio venta|p. unitario",
        "net_amount": "net value|line amount|amount excl. tax|revenue|turnover|销售金额|不含税销售额|importe sin iva|base",
        "tax_amount": "gst|sales tax|增值税|税金|importe iva|cuota de iva",
        "cost_amount": "cost of sales|销售成本|coste de ventas",
        "currency": "ccy|currency iso|货币代码|币别|tipo de moneda",
        "customer_key": "cust no|debtor|sold-to party|购方编号|会员编号|nº cliente|codigo cliente",
        "customer_name": "debtor name|购方名称|购货单位|nombre cliente",
        "order_number": "so number|销售订单号|nº pedido",
    },
    "invoices": {
        "document_number": "bill number|发票编号|nº de factura",
        "gross_amount": "total incl. tax|gross value|价税合计|total con iva|importe bruto",
        "net_amount": "total excl. tax|net value|不含税合计|importe sin iva",
        "due_on": "payment due date|付款到期日|fecha vencimiento",
        "paid_on": "date paid|paid date|实际付款日期|fecha pago",
    },
    "payments": {
        "payment_number": "payment ref|voucher no|凭证号|收款编号|nº recibo",
        "received_on": "date received|receipt date|入账日期|回款日期|fecha de cobro",
        "amount": "amount received|received amount|回款金额|到账金额|importe cobrado",
        "customer_key": "debtor no|payer|付款方编号|nº cliente",
        "document_number": "bill no|发票编号|nº factura",
        "method": "mode of payment|payment type|收款方式|medio de pago",
    },
    "products": {
        "product_code": "item number|part number|material number|SKU编码|商品代码|codigo producto|cod. artículo",
        "product_name": "product description|物料名称|nombre del producto|descripcion",
        "category_1": "product group|category 1|产品类别|一级分类|familia de productos",
        "list_price": "sales price|retail price|零售价|销售价|pvp",
        "cost": "purchase price|cost price|进价|采购价|precio de coste",
        "launched_on": "introduced on|release date|上架日期|fecha lanzamiento",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITTEN)
def test_names_that_companies_write_are_sure_of_their_field(kind):
    missed = []
    for field, names in WRITTEN[kind].items():
        for name in names.split("|"):
            found = suggest([name], {}, KINDS[kind])
            if [(s.field, s.is_sure) for s in found] != [(field, True)]:
                missed.append((field, name, found))
    assert missed == []


class TestAnswerOfAColumn:
    def test_that_another_column_has_is_refused_with_both(self, planned):
        for other in ("column:Name", "field:kind"):
            answers = {"column:Type": "kind", "column:Shoe size": "kind", "column:Name": "name"}
            if other == "field:kind":
                answers = {"column:Type": "kind", other: "Shoe size"}
            with pytest.raises(Invalid) as refused:
                planned(CUSTOMERS, kind="customers", answers=answers)
            (why,) = refused.value.reasons
            assert (why.code, dict(why.params)) == (
                "field_filled_twice", {"field": "kind", "column": "Shoe size", "other": "Type"},
            )  # fmt: skip

    def test_that_a_column_of_the_saved_mapping_has_is_refused_unless_that_one_gives_way(
        self, planned
    ):
        saved = Mapping(kind="customers", columns={"customer_key": "Customer No", "name": "Name"})
        answers = {"column:Type": "name"}
        with pytest.raises(Invalid):
            planned(CUSTOMERS, saved=saved, answers=answers)
        found = planned(CUSTOMERS, saved=saved, answers=answers | {"column:Name": "ignore"})
        assert found.mapping.columns == {"customer_key": "Customer No", "name": "Type"}
        assert found.mapping.ignored == ("Name",)

    def test_that_gives_a_column_two_fields_is_refused_with_both(self, planned):
        both = {"column:Price": "net_amount", "field:unit_price": "Price"}
        two = {"field:unit_price": "Price", "field:net_amount": "Price"}
        for answers in (both, dict(reversed(both.items())), two):
            with pytest.raises(Invalid) as refused:
                planned(SALES, kind="sales_lines", answers=answers)
            (why,) = refused.value.reasons
            assert (why.code, why.params["column"]) == ("column_filled_twice", "Price")
            assert {why.params["field"], why.params["fills"]} == {"unit_price", "net_amount"}

    def test_that_gives_a_column_of_the_saved_mapping_a_second_field_is_refused(self, planned):
        saved = Mapping(kind="sales_lines", columns={"net_amount": "Price"})
        answers = {"field:unit_price": "Price"}
        with pytest.raises(Invalid) as refused:
            planned(SALES, saved=saved, answers=answers)
        assert [why.code for why in refused.value.reasons] == ["column_filled_twice"]
        found = planned(SALES, saved=saved, answers=answers | {"column:Price": "unit_price"})
        assert "net_amount" not in found.mapping.columns

    def test_may_give_a_column_the_same_field_both_ways(self, planned):
        answers = {"column:Price": "unit_price", "field:unit_price": "Price"}
        saved = Mapping(kind="sales_lines", columns={"unit_price": "Price"})
        for said in ({"answers": answers}, {"saved": saved, "answers": answers},
                     {"saved": saved, "answers": {"field:unit_price": "Price"}}):  # fmt: skip
            found = planned(SALES, kind="sales_lines", **said)
            assert found.mapping.columns["unit_price"] == "Price"

    def test_goes_before_what_is_suggested_of_a_column_before_it(self, planned):
        answers = {"column:Shoe size": "name", "column:Type": "kind"}
        found = planned(CUSTOMERS, kind="customers", answers=answers, take_sure=True)
        assert found.mapping.columns["name"] == "Shoe size"
        assert [q.id for q in found.questions] == ["column:Name"]


class TestConstants:
    @pytest.mark.parametrize(
        ("setting", "code"),
        [("colour=red", "unknown_field"), ("country=nowhere", "constant_invalid")],
    )
    def test_are_judged_at_once_whatever_else_is_open(self, planned, setting, code):
        name, _, value = setting.partition("=")
        for said in ({"settings": [setting]}, {"answers": {f"set:{name}": value}}):
            with pytest.raises(Invalid) as refused:
                planned(CUSTOMERS, kind="customers", **said)
            assert [reason.code for reason in refused.value.reasons] == [code]

    def test_may_be_of_any_kind_while_the_kind_is_open(self, planned):
        unclear = "One,Two\na,b\nc,d\n"
        assert [q.id for q in planned(unclear, settings=["currency=EUR"]).questions] == ["kind"]
        with pytest.raises(Invalid) as refused:
            planned(unclear, settings=["colour=red"])
        assert refused.value.reasons[0].params["given"] == "colour"

    def test_of_no_field_is_told_the_nearest(self, planned):
        with pytest.raises(Invalid) as refused:
            planned(
                "Name,Kind\nAda,company\n", kind="customers", settings=["customer_kind=company"]
            )
        assert refused.value.reasons[0].params == {"given": "customer_kind", "near": "kind"}


class TestGroupsOfTwoDigits:
    INDIAN = 'Invoice No,Date,Qty,Price,Currency\n1,2026-03-04,1,"12,34,567",INR\n'
    INDIAN += "2,2026-03-04,1,3.50,INR\n"

    def test_are_asked_about_once(self, planned):
        found = planned(self.INDIAN, kind="sales_lines", take_sure=True)
        (question,) = (q for q in found.questions if q.id == "numbers:Price")
        assert (question.code, question.column) == ("number_format_unclear", "Price")
        assert [(c.value, c.preview) for c in question.choices] == [
            ("decimal_point_grouped_comma", "12,34,567 → ?"),
            ("decimal_point_grouped_indian", "12,34,567 → 1234567"),
        ]

    @pytest.mark.parametrize("grouping", ["indian", "comma"])
    def test_are_not_asked_about_again_where_the_mapping_keeps_the_answer(self, planned, grouping):
        said = {"kind": "sales_lines", "take_sure": True}
        answers = {"numbers:Price": f"decimal_point_grouped_{grouping}"}
        answered = planned(self.INDIAN, answers=answers, **said)
        assert answered.is_settled
        kept = Mapping.from_json(answered.mapping.as_json())
        again = planned(self.INDIAN, saved=kept, **said)
        assert again.is_settled
        assert again.mapping.rule("Price").numbers.grouping in (grouping, ",")


class TestADecimalMark:
    """1.000 is a thousand or one: the cells of its column do not tell, those of the others may."""

    def numbers(self, planned, quantity, price, **answers):
        content = f"Factura;Fecha;Cliente;Cantidad;Precio;Importe;Moneda\nF1;2026-03-04;C1;{quantity};{price};EUR\n"
        named = {name.replace("__", ":"): value for name, value in answers.items()}
        found = planned(content, kind="sales_lines", answers=named, take_sure=True)
        return found, [q.id for q in found.questions]

    @pytest.mark.parametrize(("price", "decimal", "grouping"), [
        ("1,50;1.500,00", ",", "."), ("1,5;1.234", ",", "."), ("7;1.234.567", ",", "."),
        ("1.50;1500.00", ".", ","), ("1.50;1,500.00", ".", ","),
    ])  # fmt: skip
    def test_that_is_open_is_that_of_the_other_columns(self, planned, price, decimal, grouping):
        found, asked = self.numbers(planned, "1.000", price)
        assert asked == []
        rule = found.mapping.rule("Cantidad").numbers
        assert (rule.decimal, rule.grouping) == (decimal, grouping)

    @pytest.mark.parametrize(
        "price", ["1;1500", "1,50;1500.00", "1 500;2 500", "1'500;2 500", "1.000;2.000"]
    )
    def test_is_asked_where_the_others_show_none_or_two(self, planned, price):
        _, asked = self.numbers(planned, "1.000", price)
        assert "numbers:Cantidad" in asked

    def test_may_be_said_of_one_column_for_the_others(self, planned):
        said = {"numbers__Precio": "decimal_comma_grouped_point"}
        found, asked = self.numbers(planned, "1.000", "1.500;3000", **said)
        assert (asked, found.mapping.rule("Cantidad").numbers.decimal) == ([], ",")

    def test_that_is_said_of_the_column_itself_stands(self, planned):
        said = {"numbers__Cantidad": "decimal_point_grouped_comma"}
        found, asked = self.numbers(planned, "1.000", "1,50;1,50", **said)
        assert (asked, found.mapping.rule("Cantidad").numbers.decimal) == ([], ".")

    def test_of_mixed_cells_is_asked_all_the_same(self, planned):
        content = "Factura;Fecha;Cliente;Cantidad;Precio;Moneda\n"
        content += "F1;2026-03-04;C1;1.234,5;1,50;EUR\nF2;2026-03-04;C1;1,234.5;1,50;EUR\n"
        found = planned(content, kind="sales_lines", take_sure=True)
        assert "number_format_mixed" in [q.code for q in found.questions]


class TestCurrencyThatNoColumnSays:
    @pytest.mark.parametrize(
        ("name", "price", "first"),
        [
            ("Price", "¥350", ["CNY", "JPY"]),
            ("Price", "350円", ["JPY", "CNY"]),
            ("Price", "£350", ["GBP"]),
            ("Price", "350", ["CNY"]),
            ("Price (€)", "350", ["EUR"]),
        ],
    )
    def test_is_asked_with_those_first_that_the_sign_may_mean(self, planned, name, price, first):
        content = f"Invoice No,Date,Qty,{name}\n1,2026-03-04,1,{price}\n"
        answers = {f"column:{name}": "unit_price"}
        found = planned(content, kind="sales_lines", answers=answers)
        (question,) = (q for q in found.questions if q.id == "set:currency")
        values = [choice.value for choice in question.choices]
        assert values[: len(first)] == first
        assert {"CNY", "EUR", "GBP", "JPY", "MXN", "USD"} <= {*values}
        assert len(values) == len({*values})
