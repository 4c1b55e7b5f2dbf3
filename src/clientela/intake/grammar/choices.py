"""Yes and no, the sexes, kinds of customer and document: words from a closed list."""

from collections.abc import Mapping

from clientela.intake.grammar.answers import Parsed, text_of
from clientela.intake.grammar.words import folded
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

YES_NO = {
    **dict.fromkeys(
        ["yes", "y", "true", "t", "1", "si", "s", "x", "on", "是", "有", "对", "真", "√"], True
    ),
    **dict.fromkeys(
        ["no", "n", "false", "f", "0", "off", "否", "无", "不", "不是", "假", "×"], False
    ),
}
SEX = {
    **dict.fromkeys(
        ["f", "female", "woman", "w", "mujer", "femenino", "女", "女性", "ms", "mrs", "sra"],
        "female",
    ),
    **dict.fromkeys(["m", "male", "man", "hombre", "masculino", "男", "男性", "mr", "sr"], "male"),
    **dict.fromkeys(["x", "other", "o", "otro", "其他"], "other"),
    **dict.fromkeys(["u", "unknown", "未知", "不详", "desconocido"], None),
}
CUSTOMER_KIND = {
    **dict.fromkeys(
        ("company", "business", "organisation", "organization", "b2b", "c", "empresa", "compania",
         "sociedad", "companies", "businesses", "empresas", "公司", "企业", "企業", "单位", "机构"), "company",
    ),
    **dict.fromkeys(
        ("person", "individual", "consumer", "b2c", "p", "persona", "particular", "persons", "people", "individuals",
         "consumers", "personas", "particulares", "个人", "個人",
         "自然人"), "person",
    ),
}  # fmt: skip
DOCUMENT_KIND = {
    **dict.fromkeys(("invoice", "inv", "factura", "发票", "销售", "sale", "venta"), "invoice"),
    **dict.fromkeys(
        ("credit_note", "credit note", "creditnote", "credit memo", "credit", "refund", "return",
         "nota de credito", "abono", "devolucion", "退货", "红字发票", "贷项通知单", "红冲"),
        "credit_note",
    ),
    **dict.fromkeys(("adjustment", "ajuste", "调整"), "adjustment"),
}  # fmt: skip
MARITAL = {
    **dict.fromkeys(["single", "unmarried", "soltero", "soltera", "未婚", "单身"], "single"),
    **dict.fromkeys(["married", "casado", "casada", "已婚"], "married"),
    **dict.fromkeys(["divorced", "divorciado", "divorciada", "离异", "离婚"], "divorced"),
    **dict.fromkeys(["widowed", "viudo", "viuda", "丧偶"], "widowed"),
    **dict.fromkeys(["unknown", "未知", "desconocido"], None),
}


def parse_choice(cell: Cell, words: Mapping[str, object]) -> Parsed:
    """Return what a word stands for, None for an empty cell or a word for unknown, or the reason.

    `words` maps folded words to values.
    """
    text = text_of(cell)
    if isinstance(text, Reason):
        return text
    key = folded(text)
    if not key:
        return None
    return words[key] if key in words else reason("not_a_choice", known=codes_of(words))


def codes_of(words: Mapping[str, object]) -> str:
    """Return what a word of a closed list may stand for, as programs write it."""
    spoken = {True: "yes", False: "no"}
    codes = [spoken.get(v, v) if isinstance(v, bool) else v for v in words.values()]
    return ", ".join(str(code) for code in dict.fromkeys(codes) if code is not None)
