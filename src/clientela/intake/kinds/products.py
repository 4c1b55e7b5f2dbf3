"""One product or service, under the code that its source gives it."""

from decimal import Decimal

from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.reading.faults import reason

FIELDS = (
    Field(
        name="product_code", type="code", required=True,
        synonyms=("product code", "product id", "sku", "stock code", "stockcode", "item code", "article no", "code", "产品编码", "商品编码",
                  "物料编码", "货号", "编码", "código de producto", "referencia", "clave", "código"),
    ),
    Field(
        name="product_name", type="text", limit=500,
        synonyms=("product", "product name", "name", "description", "item", "产品名称", "商品名称", "品名", "名称", "producto", "nombre", "descripción", "artículo"),
    ),
    Field(name="category_1", type="text", limit=120, synonyms=("category", "department", "product category", "group", "类别", "品类", "大类", "categoría", "departamento")),
    Field(name="category_2", type="text", limit=120, synonyms=("subcategory", "category 2", "product type", "中类", "子类", "subcategoría")),
    Field(name="category_3", type="text", limit=120, synonyms=("category 3", "小类", "familia")),
    Field(name="unit", type="text", limit=20, synonyms=("unit", "unit of measure", "uom", "package size", "单位", "计量单位", "unidad")),
    Field(name="list_price", type="unit_price", cls="S3", decimals=6, synonyms=("list price", "price", "unit price", "价格", "标价", "单价", "precio", "precio de lista", "tarifa")),
    Field(name="cost", type="unit_price", cls="S3", decimals=6, synonyms=("cost", "unit cost", "成本", "成本价", "coste", "costo")),
    Field(name="currency", type="currency", synonyms=("currency", "currency code", "币种", "货币", "moneda", "divisa")),
    Field(name="launched_on", type="date", synonyms=("launch date", "launched", "launched on", "上市日期", "fecha de lanzamiento")),
)  # fmt: skip


def price_rules(columns: Columns, rows: int) -> list[Breach]:
    """Find prices and costs below zero, and prices without a currency."""
    breaches = []
    for name in ("list_price", "cost"):
        for n, amount in enumerate(columns[name]):
            if isinstance(amount, Decimal) and amount < 0:
                breaches.append(Breach(index=n, field=name, reason=reason("amount_negative")))
            elif amount is not None and columns["currency"][n] is None:
                why = reason("required", field="currency")
                breaches.append(Breach(index=n, field="currency", reason=why))
    return breaches


PRODUCTS = Kind(name="products", fields=FIELDS, checks=(price_rules,))
