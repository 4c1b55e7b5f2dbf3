"""Net, tax and gross: the three amounts of an invoice, and of each of its lines.

Gross = net + tax, tax = net × rate. Two of net, tax and gross give the third; where all are given
they must agree to the minor unit. Where only one of net and gross is given, the rate of the tax
gives the rest, rounded once, half to even, to the minor unit. A rate that the file does not give
is asked for where the amounts would be lost without it: of a gross amount alone the net amount is
not known, and nothing here guesses it.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from clientela.intake.kinds.fields import Field
from clientela.intake.kinds.rules import minor_unit

TRIPLE = ("net_amount", "tax_amount", "gross_amount")
MOST_TAX = Decimal("0.30")  # of an amount; hardly any tax is more
Amounts = tuple[Decimal | None, Decimal | None, Decimal | None]

GROSS = Field(
    name="gross_amount", type="amount", fact="Invoice.gross_minor",
    synonyms=("gross amount", "gross", "含税金额", "价税合计",
              "gross value", "gross total", "total gross", "total incl. tax", "total incl. vat", "amount incl. tax",
              "amount incl. vat", "amount including tax", "价税合计金额", "含税总额", "含税合计", "total con iva",
              "importe con iva", "importe bruto"),
)  # fmt: skip
RATE = Field(
    name="tax_rate", type="share", fact="Invoice.tax", decimals=6,
    synonyms=("tax rate", "tax rate %", "tax %", "tax percent", "vat rate", "vat rate %", "vat %", "vat percent", "gst rate", "gst %",
              "sales tax rate", "税率", "税率%", "税率（%）", "增值税税率", "适用税率", "tipo de iva", "tipo iva", "iva %", "% iva",
              "tipo impositivo", "porcentaje iva", "porcentaje de iva", "tasa iva", "tasa de iva", "tasa de impuesto"),
)  # fmt: skip


def completed_amounts(
    net: object, tax: object, gross: object, *, rate: object = None, currency: object
) -> tuple[str, Amounts]:
    """Return (code of what is wrong or "", (net, tax, gross)). Unknown tax stays unknown: a net
    amount alone is its own gross amount only where there is no tax, which nobody said."""
    net, tax, gross, rate = (v if isinstance(v, Decimal) else None for v in (net, tax, gross, rate))
    if net is None and gross is None:
        return "amount_missing", (net, tax, gross)
    unit = unit_of(currency)
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


def may_be_taxed(net: object, gross: object, unit: Decimal) -> bool:
    """Tell whether a gross amount may be that of a net amount, as far as both are known: more by no
    more than a tax is."""
    if not isinstance(net, Decimal) or not isinstance(gross, Decimal):
        return True
    tax = gross - net if net >= 0 else net - gross
    return -unit <= tax <= abs(net) * MOST_TAX + unit


def unit_of(currency: object) -> Decimal:
    """Return the minor unit of a currency, a hundredth where none is known."""
    return minor_unit(currency) if isinstance(currency, str) else Decimal("0.01")


def _tax_of(net: Decimal | None, gross: Decimal | None, rate: Decimal, unit: Decimal) -> Decimal:
    """Return the tax on a net amount, or within a gross amount, at a rate of the net amount."""
    tax = net * rate if net is not None else (gross or 0) * rate / (1 + rate)
    return tax.quantize(unit, ROUND_HALF_EVEN)
