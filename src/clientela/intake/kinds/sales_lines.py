"""One line of an invoice or credit note: document, product, quantity, price, customer.

Net amount = quantity × unit price × (1 − discount), rounded once, half to even, to the minor unit
of its currency, unless the file gives the amount, or the amount with tax and how much tax is in it
(see `amounts`). Signs stay as the file gives them: a credit note lowers sales by its negative
quantity. The amounts of a document are the sums of those of its lines.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import cast

from clientela.intake.grammar.choices import DOCUMENT_KIND
from clientela.intake.kinds import customer_kind
from clientela.intake.kinds.amounts import (
    GROSS,
    RATE,
    TRIPLE,
    completed_amounts,
    may_be_taxed,
    unit_of,
)
from clientela.intake.kinds.erp_names import with_erp_names
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.kinds.rules import (
    day_order,
    minor_unit,
    more_places,
    required_where,
    too_large,
)
from clientela.intake.reading.faults import reason

FIELDS = (
    Field(
        name="document_number", type="code", fact="Invoice.number", required=True,
        synonyms=("invoice no", "invoice number", "invoiceno", "invoice", "invoice id", "document number", "doc no",
                  "bill no", "receipt no", "basket id", "transaction id", "发票号", "发票号码", "单据号", "单据编号", "单号",
                  "销售单号", "número de factura", "numero factura", "factura", "nº factura", "documento", "folio",
                  "inv no", "inv number", "invoice ref", "invoice reference", "sales invoice no", "document no", "document id",
                  "doc number", "voucher no", "bill number", "invoice #", "发票编号", "发票代码号", "凭证号", "票据号", "销售单编号", "出库单号",
                  "nº de factura", "no factura", "núm factura", "num factura", "factura nº", "nº documento",
                  "número de documento"),
    ),
    Field(
        name="line_no", type="count", fact="InvoiceLine.line",
        synonyms=("line", "line no", "line number", "position", "行号", "序号", "línea", "partida"),
    ),
    Field(
        name="document_kind", type="choice", fact="Invoice.kind", words=DOCUMENT_KIND,
        synonyms=("document type", "doc type", "invoice type", "type", "单据类型", "发票类型", "tipo de documento", "tipo"),
    ),
    Field(
        name="product_code", type="code", fact="Product.code",
        synonyms=("stock code", "stockcode", "sku", "product code", "product id", "item code", "article", "material",
                  "产品编码", "商品编码", "物料编码", "货号", "产品代码", "código de producto", "código artículo", "referencia", "clave",
                  "article number", "article no", "article code", "item number", "part no", "part number",
                  "material number", "material code", "sku code", "product no", "product number", "ean", "商品代码", "产品编号", "商品编号",
                  "物料代码", "物料编号", "SKU编码", "SKU", "商品条码", "código producto", "código de artículo", "cod producto",
                  "cod artículo", "ref", "ref.", "ref artículo"),
    ),
    Field(
        name="product_name", type="text", fact="Product.name", limit=500,
        synonyms=("description", "product", "product name", "item", "item description", "article name", "品名", "产品名称",
                  "商品名称", "物料名称", "描述", "descripción", "producto", "artículo", "concepto",
                  "product description", "item name", "material description", "goods", "商品", "产品", "货品名称", "货物名称", "商品描述",
                  "规格名称", "nombre del producto", "nombre producto", "nombre del artículo", "descripción del producto",
                  "descripción artículo"),
    ),
    Field(
        name="quantity", type="quantity", fact="InvoiceLine.quantity", required=True, decimals=3,
        synonyms=("qty", "quantity", "units", "pieces", "amount of units", "数量", "件数", "销量", "cantidad", "unidades", "cant",
                  "quantity sold", "qty sold", "units sold", "order qty", "invoiced quantity", "billed quantity",
                  "sales quantity", "销售数量", "数量合计", "发货数量", "出库数量", "开票数量", "cantidad vendida", "unidades vendidas", "ctd"),
    ),
    Field(
        name="issued_on", type="moment", fact="Invoice.issued_on", required=True,
        synonyms=("invoice date", "invoicedate", "date", "document date", "posting date", "issued on", "sales date",
                  "transaction date", "开票日期", "日期", "单据日期", "销售日期", "发票日期", "fecha", "fecha de factura", "fecha emisión",
                  "date of invoice", "invoice issue date", "issue date", "billing date", "bill date", "date of sale",
                  "sale date", "doc date", "交易日期", "销售时间", "出库日期", "开单日期", "交易时间", "记账日期", "fecha factura", "fecha de emisión",
                  "fecha de venta", "fecha venta", "fecha documento"),
    ),
    Field(
        name="unit_price", type="unit_price", fact="InvoiceLine.unit_price", decimals=6,
        synonyms=("unit price", "unitprice", "price", "price per unit", "单价", "价格", "销售单价", "precio", "precio unitario",
                  "sales price", "selling price", "net price", "net unit price", "price each", "不含税单价", "售价",
                  "precio venta", "precio de venta", "p. unitario", "precio unit", "p.u."),
    ),
    Field(
        name="net_amount", type="amount", fact="InvoiceLine.net_minor",
        synonyms=("net amount", "net", "amount", "line total", "net sales", "sales", "sales value", "subtotal",
                  "金额", "不含税金额", "销售额", "未税金额", "importe", "importe neto", "base imponible", "neto",
                  "net value", "net amount excl tax", "line amount", "line value", "line net", "extended price",
                  "extended amount", "amount excl. tax", "amount excl. vat", "amount without tax", "sales amount", "revenue",
                  "turnover", "销售金额", "不含税销售额", "净额", "销售净额", "不含税金额合计", "importe sin iva", "importe línea", "importe de línea",
                  "base", "ventas", "ventas netas", "total neto", "total línea"),
    ),
    Field(
        name="tax_amount", type="amount", fact="Invoice.tax",
        synonyms=("tax", "vat", "tax amount", "vat amount", "税额", "iva", "impuesto", "cuota iva",
                  "gst", "gst amount", "sales tax", "tax value", "vat value", "增值税", "增值税额", "税金", "importe iva",
                  "importe del iva", "cuota de iva", "impuestos"),
    ),
    RATE,
    GROSS,
    Field(
        name="discount", type="share", fact="InvoiceLine.unit_price",
        synonyms=("discount", "discount rate", "discount %", "折扣", "折扣率", "descuento", "dto",
                  "discount rate %", "disc", "disc %", "rebate", "折让率", "优惠率", "descuento %", "dto %", "% dto", "% descuento"),
    ),
    Field(
        name="cost_amount", type="amount", fact="InvoiceLine.cost_base_minor",
        synonyms=("cost", "cogs", "cost amount", "cost of goods", "成本", "成本金额", "coste", "costo",
                  "cost of sales", "total cost", "cost value", "销售成本", "成本总额", "coste de ventas", "costo de ventas",
                  "coste total", "costo total"),
    ),
    Field(
        name="currency", type="currency", fact="Invoice.currency",
        synonyms=("currency", "currency code", "curr", "币种", "货币", "moneda", "divisa",
                  "ccy", "currency iso", "iso currency", "document currency", "货币代码", "币别", "货币种类", "结算币种", "tipo de moneda",
                  "código de moneda", "moneda iso"),
    ),
    Field(
        name="due_on", type="date", fact="Invoice.due_on",
        synonyms=("due date", "due", "payment due", "到期日", "付款期限", "应付日期", "vencimiento", "fecha de vencimiento",
                  "payment due date", "date due", "maturity date", "pay by", "到期日期", "付款到期日", "应付款日期", "应收日期",
                  "fecha vencimiento", "fecha de vto", "vto", "fecha límite de pago"),
    ),
    Field(
        name="order_number", type="code", fact="Invoice.order",
        synonyms=("order no", "order number", "order id", "sales order", "po number", "订单号", "订单编号", "pedido", "número de pedido",
                  "order", "order ref", "order reference", "so number", "so no", "sales order no", "sales order number",
                  "customer order no", "订单", "订单编码", "销售订单号", "销售订单", "采购订单号", "nº pedido", "nº de pedido", "no pedido",
                  "pedido nº", "orden de compra", "núm pedido"),
    ),
    Field(
        name="credited_number", type="code", fact="Invoice.credits_number",
        synonyms=("credited invoice", "credited invoice no", "credits invoice", "credit for invoice", "original invoice", "original invoice no",
                  "original invoice number", "corrected invoice", "invoice credited", "refund of invoice", "原发票号", "原发票号码", "原发票编号",
                  "对应原发票", "红冲发票号", "冲销发票号", "被红冲发票号", "factura rectificada", "nº factura rectificada", "factura que rectifica",
                  "factura abonada", "factura original", "abono de factura"),
    ),
    Field(
        name="customer_key", type="code", fact="SourceRecord.key",
        synonyms=("customer id", "customerid", "customer", "customer no", "customer code", "account", "account no", "client id",
                  "household id", "buyer id", "客户编号", "客户代码", "客户编码", "客户号", "会员号", "cliente", "id cliente", "código de cliente",
                  "cust no", "cust id", "cust code", "customer ref", "customer reference", "customer number", "client no",
                  "client number", "client code", "debtor", "debtor no", "sold-to party", "sold to party", "bill to",
                  "account id", "account number", "member id", "客户ID", "购方编号", "购货单位编码", "会员编号", "会员ID", "nº cliente",
                  "nº de cliente", "no cliente", "código cliente", "codigo cliente", "cod cliente", "clave cliente",
                  "clave de cliente", "núm cliente"),
    ),
    Field(
        name="customer_name", type="text", attributes="name",
        synonyms=("customer name", "client name", "account name", "sold to", "客户名称", "客户", "nombre del cliente", "razón social",
                  "client", "sold to name", "bill to name", "buyer", "buyer name", "debtor name", "company", "company name",
                  "客户全称", "客户姓名", "购方名称", "购货单位", "购买方名称", "买方", "公司名称", "nombre cliente", "nombre del comprador", "comprador",
                  "nombre o razón social"),
    ),
    customer_kind.FIELD,
    Field(
        name="country", type="country", attributes="country",
        synonyms=("country", "country code", "customer country", "国家", "国别", "país", "pais",
                  "country name", "ship to country", "destination country", "国家/地区", "目的国", "país de destino", "país cliente"),
    ),
    Field(
        name="branch_code", type="code", attributes="org_node",
        synonyms=("store", "store id", "store code", "branch", "branch code", "shop", "门店", "门店编码", "分公司", "店铺", "tienda", "sucursal",
                  "branch name", "branch id", "shop code", "outlet", "outlet code", "门店编号", "门店代码", "分公司编码", 
                  "销售部门", "código de tienda", "código de sucursal", "delegación"),
    ),
    Field(name="category_1", type="text", fact="Product.category_1", limit=120, synonyms=("category", "department", "product category", "类别", "品类", "大类", "categoría", "departamento")),
    Field(name="category_2", type="text", fact="Product.category_2", limit=120, synonyms=("subcategory", "category 2", "product type", "中类", "子类", "subcategoría")),
    Field(name="category_3", type="text", fact="Product.category_3", limit=120, synonyms=("category 3", "小类", "familia")),
    Field(name="unit", type="text", fact="Product.unit", limit=20, synonyms=("unit", "unit of measure", "uom", "单位", "计量单位", "unidad",
                  "units of measure", "measure", "单位名称", "unidad de medida", "u.m.", "um")),
)  # fmt: skip


def derive(columns: dict[str, list[object]], rows: int) -> list[Breach]:
    """Split the moment of issue into day and instant, and complete net, tax and gross.

    Adds `issued_at` (instant or None). Breaches: neither an amount nor a price, a net amount that
    nothing gives, amounts that do not agree, no currency.
    """
    moments = cast("list[tuple[date, datetime | None] | None]", columns["issued_on"])
    columns["issued_on"] = [moment[0] if moment else None for moment in moments]
    columns["issued_at"] = [moment[1] if moment else None for moment in moments]
    breaches = []
    given = (columns.get(name) or [None] * rows for name in (*TRIPLE, *_BESIDE))
    completed = []
    for n, line in enumerate(zip(*given, strict=True)):
        code, amounts = _completed(*line)
        if code == "amount_missing":
            breaches.append(Breach(index=n, field="net_amount", reason=reason(code)))
        elif code:
            why = reason(code)
            breaches.append(Breach(index=n, field="gross_amount", instead="net_amount", reason=why))
        completed.append(amounts)
    for place, name in enumerate(TRIPLE):
        columns[name] = [amounts[place] for amounts in completed]
    return breaches + required_where(columns, "currency") + too_large(columns, *TRIPLE)


_BESIDE = ("tax_rate", "quantity", "unit_price", "discount", "currency")


def _completed(
    net: object, tax: object, gross: object, rate: object, quantity: object, price: object,
    discount: object, currency: object,
) -> tuple[str, Sequence[object]]:  # fmt: skip
    """Return (code of what is wrong or "", (net, tax, gross)) of a line. What quantity and price
    make is the net amount where the file gives none; then it has to go with the gross amount."""
    if net is None and (gross is None or (tax is None and rate is None)):
        net = _worked(quantity, price, discount)
        if isinstance(net, Decimal) and isinstance(currency, str):
            net = net.quantize(minor_unit(currency), ROUND_HALF_EVEN)
        if not may_be_taxed(net, gross, unit_of(currency)):
            return "amounts_disagree", (net, tax, gross)
    if net is not None and tax is None and gross is None and rate is None:
        return "", (net, None, None)
    return completed_amounts(net, tax, gross, rate=rate, currency=currency)


def _worked(quantity: object, price: object, discount: object) -> Decimal | None:
    """Return quantity × price × (1 − discount), not rounded."""
    if not isinstance(quantity, Decimal) or not isinstance(price, Decimal):
        return None
    return quantity * price * (1 - discount) if isinstance(discount, Decimal) else quantity * price


def flags(columns: Columns, rows: int) -> dict[str, list[int]]:
    """Return what is taken and said, as indexes by code.

    `negative_quantity` is one outside credit notes. `anonymous_sale` has no customer.
    """
    kinds, quantities = columns["document_kind"], cast("list[Decimal]", columns["quantity"])
    prices = columns.get("unit_price") or [None] * rows
    customers = columns.get("customer_key") or [None] * rows
    found: dict[str, list[int]] = {
        "price_zero": [n for n, price in enumerate(prices) if price == 0],
        "price_negative": [n for n, p in enumerate(prices) if isinstance(p, Decimal) and p < 0],
        "adjustment_document": [n for n, kind in enumerate(kinds) if kind == "adjustment"],
        "negative_quantity": _signed(kinds, quantities, credit=False),
        "positive_credit_note": _signed(kinds, quantities, credit=True),
        "anonymous_sale": [n for n, customer in enumerate(customers) if customer is None],
    }
    return found


def given_flags(columns: Columns, rows: int) -> dict[str, list[int]]:
    """Return what is odd about amounts that the file gives: one whose net amount is not quantity ×
    price × (1 − discount) by more than a minor unit, one with more places than its currency has."""
    found = []
    names = (*TRIPLE, *_BESIDE)
    amounts = zip(columns["net_amount"], columns["gross_amount"], strict=True)
    given = [n for n, pair in enumerate(amounts) if pair != (None, None)]
    for n in given:
        net, tax, gross, rate, quantity, price, discount, currency = (columns[f][n] for f in names)
        if net is None:
            _, (net, _, _) = completed_amounts(net, tax, gross, rate=rate, currency=currency)
        worked = _worked(quantity, price, discount)
        if worked is None or not isinstance(net, Decimal) or not isinstance(currency, str):
            continue
        if abs(net - worked) > minor_unit(currency):
            found.append(n)
    places = more_places(columns, *TRIPLE) if given else []
    return {"amount_differs": found, "more_decimals_than_currency": places}


def _signed(kinds: Sequence[object], quantities: list[Decimal], *, credit: bool) -> list[int]:
    if credit:
        return [n for n, q in enumerate(quantities) if q > 0 and kinds[n] == "credit_note"]
    return [n for n, q in enumerate(quantities) if q < 0 and kinds[n] != "credit_note"]


SALES_LINES = Kind(
    name="sales_lines",
    fields=with_erp_names("sales_lines", FIELDS),
    either=("unit_price", "net_amount", "gross_amount"),
    derived=("issued_at", *TRIPLE),
    past_days=("issued_on",),
    derive=derive,
    checks=(day_order("issued_on", "due_on"),),
    flags=(flags, customer_kind.unsaid),
    given_flags=(given_flags,),
)
