"""All kinds of rows by name. A new kind is a file and a line here."""

from clientela.intake.kinds.customers import CUSTOMERS
from clientela.intake.kinds.fields import Kind
from clientela.intake.kinds.invoices import INVOICES
from clientela.intake.kinds.payments import PAYMENTS
from clientela.intake.kinds.products import PRODUCTS
from clientela.intake.kinds.sales_lines import SALES_LINES
from clientela.intake.reading.names import folded

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (CUSTOMERS, PRODUCTS, SALES_LINES, INVOICES, PAYMENTS)
}


def known_names() -> frozenset[str]:
    """Return every name that some field of some kind goes by, folded as headers are."""
    return frozenset(
        folded(name)
        for kind in KINDS.values()
        for field in kind.fields
        for name in (field.name, *field.synonyms, *field.vague)
    )
