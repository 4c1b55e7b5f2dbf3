"""Column names as the exports of common programs write them, beside the names in common use.

From SAP (its field names too), Business Central, Odoo, Sage, QuickBooks, Xero; Kingdee, Yonyou,
Guanjiapo; ContaPlus, A3, Holded, Aspel, CONTPAQi. Names that say only of what thing a column
speaks (`product`, `客户`) stand in `things`: there the cells decide.
"""

from clientela.intake.kinds.fields import Field, with_synonyms

# kind -> field -> names, parted by bars
NAMES = {
    "sales_lines": {
        "document_number": "billing document|billing doc|vbeln|invoice/bill number|num|nº fra|num fra|nº doc|"
        "num documento|factura núm|serie/número|serie y número|folio factura|单据号码|销货单号|出货单号|销售发票号|业务单号",
        "line_no": "posnr|billing item|line item|pos|posición|nº línea|num línea|分录号|分录行号",
        "product_code": "item no|matnr|internal reference|default code|inventory item code|prod code|product ref|"
        "cód art|código art|referencia interna|referencia producto|código material|clave artículo|clave producto|"
        "clave del producto|código del producto|código del artículo|存货编码|存货代码|料号|品号|物料号|款号",
        "product_name": "arktx|material text|product/service|product or service|goods name|denominación artículo|"
        "nombre artículo|nombre de producto|descripción del artículo|texto breve|存货名称|商品全名|物料描述|品名规格|"
        "货物或应税劳务名称|货物或应税劳务、服务名称",
        "quantity": "fkimg|invoiced qty|billed qty|invoice qty|quantity invoiced|qty invoiced|shipped qty|"
        "quantity shipped|uds|unid|cdad|cantidad facturada|unidades facturadas|nº unidades|实发数量|主数量|销货数量|出货数量",
        "issued_on": "fkdat|invoice/bill date|inv date|txn date|fecha fra|f factura|fecha doc|fecha registro|"
        "fecha contable|fecha de contabilización|fecha expedición|fecha de expedición|业务日期|制单日期|销货日期|过账日期|开票时间",
        "unit_price": "unit amount|price/unit|net price per unit|precio ud|precio/ud|precio neto|precio unitario neto|"
        "importe unitario|无税单价|未税单价|本币单价|实际单价",
        "net_amount": "netwr|untaxed amount|line subtotal|line amount excl vat|sales (lcy)|amount (lcy)|importe neto línea|"
        "importe sin impuestos|subtotal línea|total línea sin iva|无税金额|本币金额|本币无税金额|不含税销售金额|未税销售额",
        "tax_amount": "mwsbp|importe impuesto|importe impuestos|iva importe|税费",
        "gross_amount": "line amount incl vat|line total incl vat|amount incl vat|总计金额|含税总金额|本币价税合计",
        "discount": "line discount %|discount percent|% desc|dcto|dcto %|扣率|折扣率%",
        "cost_amount": "wavwr|cost amount (actual)|importe coste|importe costo|本币成本|结转成本",
        "currency": "waerk|doc currency|transaction currency|invoice currency|moneda documento|divisa documento|cód divisa|"
        "原币|原币币种|结算货币",
        "due_on": "net due date|f vencimiento|f vto|收款到期日|应收到期日",
        "order_number": "sales document|source document|su pedido|pedido cliente|nº pedido cliente|客户订单号|来源单号|来源单据号",
        "credited_number": "return against|reversal of|reversed entry|applies-to doc no|rectifica a|原单据号|蓝字发票号",
        "customer_key": "kunnr|kunag|sell-to customer no|bill-to customer no|customer account|account ref|a/c ref|"
        "account reference|id del cliente|número de cliente|número cliente|cliente nº|venta-a nº cliente|factura-a nº cliente|"
        "往来单位编码|往来单位编号|单位编号|客户代号|客商编码",
        "customer_name": "name 1|sell-to customer name|bill-to customer name|contact name|partner name|"
        "invoice partner display name|customer full name|客户简称|往来单位名称|客商名称|购方企业名称|单位全名|nombre fiscal|"
        "nombre comercial|razón social cliente|razón social del cliente|denominación social|venta-a nombre|factura-a nombre",
        "country": "land1|bill-to country|país destino|país del cliente|código país|cód país|收货国家",
        "branch_code": "sales office|sales org|vkorg|cód tienda|cód sucursal|oficina de ventas|organización de ventas|销售组织|业务部门|机构编码",
        "category_1": "item category|item category code|product line|product group|material group|matkl|grupo de artículos|"
        "grupo artículo|familia de productos|存货分类|存货大类|物料组|商品分类|产品分类|产品类别",
        "unit": "sales unit|base uom|unit code|cód unidad medida|unidad venta|主计量|主计量单位|销售单位|基本单位",
    },
    "customers": {
        "customer_key": "kunnr|no|code|código|cod|clave|nº|número|account ref|a/c ref|account reference|customer account|"
        "contact id|record id|external id|id externo|partner id|internal reference|编码|代码|客户代号|客商编码|往来单位编码|单位编号",
        "name": "name 1|organization name|display name|contact name|customer full name|nombre fiscal|denominación fiscal|"
        "razón social/nombre|nombre empresa|nombre de la empresa|往来单位|往来单位名称|客商名称|客户简称|单位全称|单位全名",
        "register_number": "stceg|gstin|gst no|abn|rfc receptor|n.i.f./c.i.f.|cif/dni|nif cliente|纳税人登记号|开票税号",
        "country": "land1|country iso|código país|cód país|código de país",
        "region": "regio|county/state|prov|省市|省区",
        "city": "ort01|ciudad/localidad|地市|城市名",
        "address": "stras|address line|street 1|domicilio social|dirección 1|dirección de facturación|开票地址|单位地址|送货地址",
        "postcode": "pstlz|zip/postal|cód postal|c postal",
        "phone": "telf1|main phone|business phone|work phone|office phone|tel no|teléfono fijo|tel móvil|telf|tlfno|联系人电话|公司座机",
        "email": "smtp addr|primary email|main email|invoice email|mail contacto|correo contacto|email facturación|电子信箱|联系邮箱",
        "industry": "brsch|industry code|cnae|sector económico|所在行业|行业代码",
        "owner": "salesperson code|account rep|assigned to|cód vendedor|código vendedor|asesor|专管业务员|分管人员|所有人",
        "customer_since": "erdat|create date|created time|date opened|f alta|fecha de apertura|发展日期|首次合作日期|开户时间",
    },
    "payments": {
        "payment_number": "belnr|receipt|journal entry|nº cobro|núm recibo|nº operación|收款单|收款凭证号",
        "customer_key": "kunnr|customer account|account ref|account reference|cuenta cliente|往来单位编码|客户编码|客商编码",
        "document_number": "billing document|invoice/bill number|applies-to doc no|nº fra|documento aplicado|核销单号|发票单号",
        "received_on": "budat|payment received date|fecha operación bancaria|f cobro|收款时间|核销日期",
        "amount": "wrbtr|amount (lcy)|payment received|importe operación|abono|本币金额|核销金额|本次收款",
        "method": "zlsch|payment method code|forma pago|vía de pago|结算方式名称",
    },
    "products": {
        "product_code": "matnr|internal reference|default code|no|存货编码|存货代码|料号|品号|cód art|clave artículo",
        "product_name": "maktx|display name|material text|texto breve|denominación artículo|存货名称|商品全名|物料描述",
        "category_1": "matkl|material group|item category code|grupo artículo|grupo de artículos|存货分类|物料组",
        "unit": "meins|base uom|base unit of measure|unidad base|主计量单位|主计量",
        "list_price": "public price|sale price|precio tarifa|precio público|参考售价|零售单价",
        "cost": "stprs|last direct cost|costo promedio|último coste|参考成本|计划成本",
    },
}  # fmt: skip
NAMES["invoices"] = {
    name: NAMES["sales_lines"][name]
    for name in ("document_number", "issued_on", "currency", "due_on", "customer_key",
                 "customer_name", "country", "branch_code", "order_number", "credited_number",
                 "tax_amount")
} | {
    "net_amount": "netwr|untaxed amount|amount untaxed|base imp|importe sin impuestos|无税金额|无税合计|未税合计",
    "gross_amount": "total amount incl vat|amount incl vat|total in currency|importe líquido|líquido|total documento|"
    "总计金额|含税总金额|本币价税合计",
    "paid_on": "augdt|last payment date|f cobro|最后收款日期|核销日期",
}  # fmt: skip


def with_erp_names(kind: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields of a kind with the names of programs behind their own."""
    names = NAMES.get(kind, {})
    return tuple(
        with_synonyms(one, names[one.name].split("|")) if one.name in names else one
        for one in fields
    )
