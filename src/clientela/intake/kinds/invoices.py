"""One invoice or credit note as a whole, without its lines.

Gross = net + tax, tax = net × rate. Two of net, tax and gross give the third; where all are given
they must agree to the minor unit. Where only one of net and gross is given, the rate of the tax
gives the rest, rounded once, half to even, to the minor unit. A rate that the file does not give
is asked for where the amounts would be lost without it: of a gross amount alone the net amount is
not known, and nothing here guesses it.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from clientela.intake.grammar.choices import DOCUMENT_KIND
from clientela.intake.kinds import customer_kind
from clientela.intake.kinds.erp_names import with_erp_names
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.kinds.rules import (
    day_order,
    minor_unit,
    more_places,
    required_where,
    too_large,
)
from clientela.intake.kinds.sales_lines import FIELDS as LINE_FIELDS
from clientela.intake.reading.faults import reason

_SHARED = {
    f.name: f
    for f in LINE_FIELDS
    if f.name
    in (
        "document_number", "issued_on", "currency", "due_on", "order_number", "credited_number", "customer_key",
        "customer_name", "customer_kind", "country", "branch_code", "tax_amount", "document_kind",
    )
}  # fmt: skip

FIELDS = (
    *_SHARED.values(),
    Field(
        name="net_amount", type="amount", fact="Invoice.net",
        synonyms=("net amount", "net", "amount without tax", "subtotal", "不含税金额", "未税金额", "importe neto", "base imponible", "neto",
                  "net value", "net total", "total net", "total excl. tax", "total excl. vat", "amount excl. tax",
                  "amount excl. vat", "amount before tax", "不含税合计", "不含税总额", "净额", "税前金额", "importe sin iva", "total sin iva",
                  "total neto", "total base imponible"),
    ),
    Field(
        name="gross_amount", type="amount", fact="Invoice.gross_minor",
        told_by=("net_amount", "tax_amount"),
        synonyms=("gross amount", "gross", "含税金额", "价税合计",
                  "gross value", "gross total", "total gross", "total incl. tax", "total incl. vat", "amount incl. tax",
                  "amount incl. vat", "amount including tax", "价税合计金额", "含税总额", "含税合计", "total con iva",
                  "importe con iva", "importe bruto"),
        vague=("total", "amount", "invoice amount", "total amount", "金额", "总额", "importe", "importe total", "total factura",
               "total invoice", "invoice total", "invoice value", "grand total", "发票金额", "合计金额", "开票金额",
               "importe factura", "importe de factura"),
    ),
    Field(
        name="tax_rate", type="share", fact="Invoice.tax", decimals=6,
        synonyms=("tax rate", "tax rate %", "tax %", "tax percent", "vat rate", "vat rate %", "vat %", "vat percent", "gst rate", "gst %",
                  "sales tax rate", "税率", "税率%", "税率（%）", "增值税税率", "适用税率", "tipo de iva", "tipo iva", "iva %", "% iva",
                  "tipo impositivo", "porcentaje iva", "porcentaje de iva", "tasa iva", "tasa de iva", "tasa de impuesto"),
    ),
    Field(
        name="paid_on", type="date", fact="Payment.received_on",
        synonyms=("paid on", "payment date", "settled date", "settled", "settleddate", "付款日期", "结清日期", "fecha de pago",
                  "paid date", "date paid", "date of payment", "settlement date", "date settled", "cleared on",
                  "clearing date", "实际付款日期", "实际收款日期", "收款日期", "付清日期", "回款日期", "fecha pago", "fecha de cobro", "fecha cobro",
                  "pagado el"),
    ),
    Field(name="disputed", type="yes_no", fact="Invoice.disputed", synonyms=("disputed", "dispute", "in dispute", "争议", "en disputa",
                  "is disputed", "dispute flag", "有争议", "是否有争议", "是否争议", "disputa", "disputada", "reclamada")),
)  # fmt: skip


def derive(columns: dict[str, list[object]], rows: int) -> list[Breach]:
    """Split the moment of issue and complete net, tax and gross. Breaches: none of net and gross
    given, a net amount that nothing gives, the three do not agree, no currency."""
    moments = columns["issued_on"]
    columns["issued_on"] = [m[0] if isinstance(m, tuple) else None for m in moments]
    columns["issued_at"] = [m[1] if isinstance(m, tuple) else None for m in moments]
    breaches = required_where(columns, "currency")
    given = (columns.get(name) or [None] * rows for name in (*_TRIPLE, "tax_rate"))
    completed = []
    for n, (net, tax, gross, rate) in enumerate(zip(*given, strict=True)):
        currency = columns["currency"][n]
        code, values = completed_amounts(net, tax, gross, rate=rate, currency=currency)
        if code:
            why = reason(code)
            breaches.append(Breach(index=n, field="gross_amount", instead="net_amount", reason=why))
        completed.append(values)
    for place, name in enumerate(_TRIPLE):
        columns[name] = [values[place] for values in completed]
    _credit_notes(columns)
    return breaches + too_large(columns, *_TRIPLE)


def _credit_notes(columns: dict[str, list[object]]) -> None:
    """Take a negative amount that names the invoice it credits for a credit note."""
    named = columns.get("credited_number") or []
    for n, (net, credited) in enumerate(zip(columns["net_amount"], named, strict=False)):
        negative = isinstance(net, Decimal) and net < 0
        if negative and credited is not None and columns["document_kind"][n] == "invoice":
            columns["document_kind"][n] = "credit_note"


_TRIPLE = ("net_amount", "tax_amount", "gross_amount")
Amounts = tuple[Decimal | None, Decimal | None, Decimal | None]


def completed_amounts(
    net: object, tax: object, gross: object, *, rate: object = None, currency: object
) -> tuple[str, Amounts]:
    """Return (code of what is wrong or "", (net, tax, gross)). Unknown tax stays unknown: a net
    amount alone is its own gross amount only where there is no tax, which nobody said."""
    net, tax, gross, rate = (v if isinstance(v, Decimal) else None for v in (net, tax, gross, rate))
    if net is None and gross is None:
        return "amount_missing", (net, tax, gross)
    unit = minor_unit(currency) if isinstance(currency, str) else Decimal("0.01")
    if net is not None and tax is not None and gross is not None:
        return ("amounts_disagree" if abs(net + tax - gross) > unit else ""), (net, tax, gross)
    if net is not None and gross is not None:
        return "", (net, gross - net, gross)
    if tax is None and rate is not None:
        tax = _tax_of(net, gross, rate, unit)
    if gross is None:
        return "", (net, tax, net + tax if net is not None and tax is not None else None)
    if tax is None:
        return "net_amount_unknown", (net, tax, gross)
    return "", (gross - tax, tax, gross)


def _tax_of(net: Decimal | None, gross: Decimal | None, rate: Decimal, unit: Decimal) -> Decimal:
    """Return the tax on a net amount, or within a gross amount, at a rate of the net amount."""
    tax = net * rate if net is not None else (gross or 0) * rate / (1 + rate)
    return tax.quantize(unit, ROUND_HALF_EVEN)


def flags(columns: Columns, rows: int) -> dict[str, list[int]]:
    """Return what is taken and said: no customer, an invoice below zero, tax unknown."""
    kinds, customers, taxes = (
        columns["document_kind"], columns["customer_key"], columns["tax_amount"]
    )  # fmt: skip
    amounts = [
        net if net is not None else gross
        for net, gross in zip(columns["net_amount"], columns["gross_amount"], strict=True)
    ]
    return {
        "anonymous_sale": [n for n, c in enumerate(customers) if c is None],
        "invoice_negative": [
            n
            for n, amount in enumerate(amounts)
            if isinstance(amount, Decimal) and amount < 0 and kinds[n] == "invoice"
        ],
        "tax_unknown": [n for n, tax in enumerate(taxes) if tax is None],
        "more_decimals_than_currency": more_places(
            columns, "net_amount", "tax_amount", "gross_amount"
        ),
    }


INVOICES = Kind(
    name="invoices",
    fields=tuple(
        Field(**{**vars(f), "words": DOCUMENT_KIND}) if f.name == "document_kind" else f
        for f in with_erp_names("invoices", FIELDS)
    ),
    either=("net_amount", "gross_amount"),
    derived=("issued_at", "net_amount", "tax_amount", "gross_amount"),
    past_days=("issued_on", "paid_on"),
    derive=derive,
    checks=(day_order("issued_on", "due_on"),),
    flags=(flags, customer_kind.unsaid),
)
