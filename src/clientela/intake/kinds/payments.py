"""One payment received, with the invoice it is for where the file says so.

A payment to an invoice that is not known is kept for the suspense account, not refused: that is
for the service that loads it. A negative amount is money paid back, and is flagged.
"""

from decimal import Decimal

from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.kinds.rules import more_places, required_where
from clientela.intake.reading.faults import reason

FIELDS = (
    Field(
        name="payment_number", type="code",
        synonyms=("payment no", "payment number", "payment id", "receipt no", "reference", "transaction id", "收款单号", "流水号", "付款编号",
                  "número de pago", "referencia", "recibo"),
    ),
    Field(
        name="customer_key", type="code",
        synonyms=("customer id", "customerid", "customer", "customer no", "customer code", "account", "account no", "客户编号", "客户代码", "客户号",
                  "cliente", "id cliente", "código de cliente"),
    ),
    Field(
        name="document_number", type="code",
        synonyms=("invoice no", "invoice number", "invoice", "document number", "invoice id", "发票号", "发票号码", "单据号", "factura", "número de factura"),
    ),
    Field(
        name="received_on", type="date", required=True,
        synonyms=("payment date", "date", "received on", "value date", "paid on", "收款日期", "付款日期", "日期", "到账日期", "fecha de pago", "fecha", "fecha valor"),
    ),
    Field(
        name="amount", type="amount", cls="S3", required=True,
        synonyms=("amount", "payment", "paid", "payment amount", "amount paid", "金额", "收款金额", "付款金额", "importe", "monto", "cantidad", "pago"),
    ),
    Field(name="currency", type="currency", synonyms=("currency", "currency code", "币种", "货币", "moneda", "divisa")),
    Field(name="method", type="text", limit=40, synonyms=("method", "payment method", "means", "type", "付款方式", "支付方式", "结算方式", "forma de pago", "método")),
    Field(name="branch_code", type="code", synonyms=("branch", "branch code", "store", "分公司", "门店", "sucursal")),
)  # fmt: skip


def rules(columns: Columns, rows: int) -> list[Breach]:
    """Find payments of nothing, of no currency, and those that name neither customer nor invoice."""
    breaches = required_where(columns, "currency")
    for n, amount in enumerate(columns["amount"]):
        if amount == 0:
            breaches.append(Breach(index=n, field="amount", reason=reason("amount_zero")))
        if columns["customer_key"][n] is None and columns["document_number"][n] is None:
            why = reason("payer_missing")
            breaches.append(Breach(index=n, field="customer_key", reason=why))
    return breaches


def flags(columns: Columns, rows: int) -> dict[str, list[int]]:
    """Return what is taken and said: money paid back, more places than the currency has."""
    amounts = columns["amount"]
    back = [n for n, a in enumerate(amounts) if isinstance(a, Decimal) and a < 0]
    return {
        "payment_negative": back,
        "more_decimals_than_currency": more_places(columns, "amount"),
    }


PAYMENTS = Kind(
    name="payments", fields=FIELDS, past_days=("received_on",), checks=(rules,), flags=(flags,)
)
