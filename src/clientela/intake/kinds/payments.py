"""One payment received, with the invoice it is for where the file says so.

A payment to an invoice that is not known is kept for the suspense account, not refused: that is
for the service that loads it. A negative amount is money paid back, and is flagged.
"""

from decimal import Decimal

from clientela.intake.kinds.erp_names import with_erp_names
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.kinds.rules import more_places, required_where
from clientela.intake.reading.faults import reason

FIELDS = (
    Field(
        name="payment_number", type="code", fact="Payment.number",
        synonyms=("payment no", "payment number", "payment id", "receipt no", "reference", "transaction id", "收款单号", "流水号", "付款编号",
                  "número de pago", "referencia", "recibo",
                  "payment ref", "payment reference", "receipt number", "receipt id", "voucher no", "voucher number",
                  "transaction no", "transaction number", "transaction ref", "收款编号", "凭证号", "凭证编号", "交易号", "交易流水号", "银行流水号",
                  "nº recibo", "nº de recibo", "nº pago", "número de recibo", "referencia de pago"),
        vague=("number", "número", "nº"),
    ),
    Field(
        name="customer_key", type="code", fact="SourceRecord.key",
        synonyms=("customer id", "customerid", "customer", "customer no", "customer code", "account", "account no", "客户编号", "客户代码", "客户号",
                  "cliente", "id cliente", "código de cliente",
                  "customer number", "customer ref", "cust no", "cust id", "client id", "client no", "client code", "debtor",
                  "debtor no", "payer", "payer id", "account id", "account number", "客户ID", "付款方编号", "付款单位编码", "会员编号",
                  "nº cliente", "nº de cliente", "no cliente", "código cliente", "cod cliente", "clave cliente", "pagador"),
    ),
    Field(
        name="document_number", type="code", fact="Invoice.number",
        synonyms=("invoice no", "invoice number", "invoice", "document number", "invoice id", "发票号", "发票号码", "单据号", "factura", "número de factura",
                  "bill no", "bill number", "inv no", "invoice ref", "invoice reference", "applied to", "发票编号", "对应发票", "单据编号",
                  "nº factura", "nº de factura", "no factura", "num factura", "factura nº"),
    ),
    Field(
        name="received_on", type="date", fact="Payment.received_on", required=True,
        synonyms=("payment date", "date", "received on", "value date", "paid on", "收款日期", "付款日期", "日期", "到账日期", "fecha de pago", "fecha", "fecha valor",
                  "date received", "receipt date", "date paid", "date of payment", "paid date", "transaction date",
                  "booking date", "posting date", "credit date", "入账日期", "回款日期", "交易日期", "收款时间", "支付日期", "fecha de cobro",
                  "fecha cobro", "fecha pago", "fecha de ingreso", "fecha de recibo", "fecha operación"),
    ),
    Field(
        name="amount", type="amount", fact="Payment.amount", required=True,
        synonyms=("amount", "payment", "paid", "payment amount", "amount paid", "金额", "收款金额", "付款金额", "importe", "monto", "cantidad", "pago",
                  "amount received", "received amount", "received", "receipt amount", "paid amount", "payment value", 
                  "credit amount", "回款金额", "到账金额", "实收金额", "支付金额", "收款额", "importe cobrado", "importe pagado",
                  "importe recibido", "importe del pago", "monto pagado", "cobro"),
    ),
    Field(name="currency", type="currency", fact="Payment.currency", synonyms=("currency", "currency code", "币种", "货币", "moneda", "divisa",
                  "ccy", "payment currency", "币别", "货币代码", "tipo de moneda", "código de moneda")),
    Field(name="method", type="text", fact="Payment.method", limit=40, synonyms=("method", "payment method", "means", "type", "付款方式", "支付方式", "结算方式", "forma de pago", "método",
                  "mode of payment", "payment mode", "payment type", "paid by", "收款方式", "支付渠道", "medio de pago", "modo de pago",
                  "método de pago", "tipo de pago")),
    Field(name="branch_code", type="code", attributes="org_node", synonyms=("branch", "branch code", "store", "分公司", "门店", "sucursal",
                  "branch id", "branch name", "store code", "shop", "门店编码", "分公司编码", "tienda", "delegación", "oficina")),
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
    name="payments",
    fields=with_erp_names("payments", FIELDS),
    past_days=("received_on",),
    checks=(rules,),
    flags=(flags,),
)
