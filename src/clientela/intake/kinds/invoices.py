"""One invoice or credit note as a whole, without its lines. Its amounts: see `amounts`."""

from dataclasses import replace
from decimal import Decimal

from clientela.intake.grammar.choices import DOCUMENT_KIND
from clientela.intake.kinds import customer_kind
from clientela.intake.kinds.amounts import GROSS, RATE, TRIPLE, completed_amounts
from clientela.intake.kinds.erp_names import with_erp_names
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind, with_synonyms
from clientela.intake.kinds.rules import day_order, more_places, required_where, too_large
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

_NUMBERED = ("number", "número", "nº")  # of lines it may be the number of the line as well

FIELDS = (
    *(with_synonyms(f, _NUMBERED) if f.name == "document_number" else f for f in _SHARED.values()),
    Field(
        name="net_amount", type="amount", fact="Invoice.net",
        synonyms=("net amount", "net", "amount without tax", "subtotal", "不含税金额", "未税金额", "importe neto", "base imponible", "neto",
                  "net value", "net total", "total net", "total excl. tax", "total excl. vat", "amount excl. tax",
                  "amount excl. vat", "amount before tax", "不含税合计", "不含税总额", "净额", "税前金额", "importe sin iva", "total sin iva",
                  "total neto", "base", "total base imponible"),
    ),
    replace(
        GROSS,
        told_by=("net_amount", "tax_amount"),
        vague=("total", "amount", "invoice amount", "total amount", "金额", "总额", "importe", "importe total", "total factura",
               "total invoice", "invoice total", "invoice value", "grand total", "发票金额", "合计金额", "开票金额",
               "importe factura", "importe de factura"),
    ),
    RATE,
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
    given = (columns.get(name) or [None] * rows for name in (*TRIPLE, "tax_rate"))
    completed = []
    for n, (net, tax, gross, rate) in enumerate(zip(*given, strict=True)):
        currency = columns["currency"][n]
        code, values = completed_amounts(net, tax, gross, rate=rate, currency=currency)
        if code:
            why = reason(code)
            breaches.append(Breach(index=n, field="gross_amount", instead="net_amount", reason=why))
        completed.append(values)
    for place, name in enumerate(TRIPLE):
        columns[name] = [values[place] for values in completed]
    _credit_notes(columns)
    return breaches + too_large(columns, *TRIPLE)


def _credit_notes(columns: dict[str, list[object]]) -> None:
    """Take a negative amount that names the invoice it credits for a credit note."""
    named = columns.get("credited_number") or []
    for n, (net, credited) in enumerate(zip(columns["net_amount"], named, strict=False)):
        negative = isinstance(net, Decimal) and net < 0
        if negative and credited is not None and columns["document_kind"][n] == "invoice":
            columns["document_kind"][n] = "credit_note"


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
        "more_decimals_than_currency": more_places(columns, *TRIPLE),
    }


INVOICES = Kind(
    name="invoices",
    fields=tuple(
        Field(**{**vars(f), "words": DOCUMENT_KIND}) if f.name == "document_kind" else f
        for f in with_erp_names("invoices", FIELDS)
    ),
    either=("net_amount", "gross_amount"),
    derived=("issued_at", *TRIPLE),
    past_days=("issued_on", "paid_on"),
    derive=derive,
    checks=(day_order("issued_on", "due_on"),),
    flags=(flags, customer_kind.unsaid),
)
