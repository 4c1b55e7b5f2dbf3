"""One product or service, under the code that its source gives it."""

from decimal import Decimal

from clientela.intake.kinds.erp_names import with_erp_names
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.reading.faults import reason

FIELDS = (
    Field(
        name="product_code", type="code", fact="Product.code", required=True,
        synonyms=("product code", "product id", "sku", "stock code", "stockcode", "item code", "article no", "code", "产品编码", "商品编码",
                  "物料编码", "货号", "编码", "código de producto", "referencia", "clave", "código",
                  "product no", "product number", "item no", "item number", "item id", "article", "article number",
                  "article code", "part no", "part number", "material", "material number", "material code", "sku code", "ean",
                  "商品代码", "产品代码", "产品编号", "商品编号", "物料代码", "物料编号", "SKU编码", "SKU", "条码", "código producto", "cod producto",
                  "código artículo", "código de artículo", "cod artículo", "ref", "ref."),
    ),
    Field(
        name="product_name", type="text", fact="Product.name", limit=500,
        synonyms=("product", "product name", "name", "description", "item", "产品名称", "商品名称", "品名", "名称", "producto", "nombre", "descripción", "artículo",
                  "product description", "item name", "item description", "article name", "title", "material description",
                  "物料名称", "货品名称", "商品", "产品", "产品描述", "nombre del producto", "nombre producto", "nombre del artículo",
                  "descripción del producto", "descripción producto", "denominación"),
    ),
    Field(name="category_1", type="text", fact="Product.category_1", limit=120, synonyms=("category", "department", "product category", "group", "类别", "品类", "大类", "categoría", "departamento",
                  "product group", "category 1", "product family", "item group", "main category", "产品类别", "商品类别", "一级分类", "产品分类",
                  "分类", "产品线", "familia de productos", "grupo", "grupo de productos", "categoría de producto",
                  "línea de producto")),
    Field(name="category_2", type="text", fact="Product.category_2", limit=120, synonyms=("subcategory", "category 2", "product type", "中类", "子类", "subcategoría",
                  "sub category", "subgroup", "二级分类", "小分类", "subfamilia", "categoría 2")),
    Field(name="category_3", type="text", fact="Product.category_3", limit=120, synonyms=("category 3", "小类", "familia",
                  "三级分类", "categoría 3")),
    Field(name="unit", type="text", fact="Product.unit", limit=20, synonyms=("unit", "unit of measure", "uom", "package size", "单位", "计量单位", "unidad",
                  "units of measure", "measure", "计价单位", "基本单位", "unidad de medida", "u.m.", "um")),
    Field(name="list_price", type="unit_price", fact="Product.list_price", decimals=6, synonyms=("list price", "price", "unit price", "价格", "标价", "单价", "precio", "precio de lista", "tarifa",
                  "sales price", "selling price", "retail price", "standard price", "rrp", "msrp", "零售价", "销售价", "销售单价", "售价",
                  "指导价", "pvp", "precio de venta", "precio venta", "precio de tarifa")),
    Field(name="cost", type="unit_price", fact="InvoiceLine.cost_base_minor", decimals=6, synonyms=("cost", "unit cost", "成本", "成本价", "coste", "costo",
                  "cost price", "purchase price", "standard cost", "buying price", "进价", "采购价", "进货价", "单位成本", "标准成本",
                  "precio de coste", "precio de costo", "precio de compra", "coste unitario", "costo unitario")),
    Field(name="currency", type="currency", fact="Product.currency", synonyms=("currency", "currency code", "币种", "货币", "moneda", "divisa",
                  "ccy", "price currency", "币别", "货币代码", "tipo de moneda", "código de moneda")),
    Field(name="launched_on", type="date", fact="Product.launched_on", synonyms=("launch date", "launched", "launched on", "上市日期", "fecha de lanzamiento",
                  "introduced", "introduced on", "introduction date", "release date", "released on", "available from", "上架日期",
                  "上市时间", "发布日期", "投放日期", "fecha lanzamiento", "fecha de alta", "lanzamiento", "disponible desde")),
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


PRODUCTS = Kind(name="products", fields=with_erp_names("products", FIELDS), checks=(price_rules,))
