"""Words for the pages and operations that show somebody something of customers."""

from django.utils.translation import gettext_lazy as _

from clientela.web.words import Words

# name of a route -> what is read there; a page and the operation of the same name share words
PLACES: Words = {
    "home": _("My work"),
    "mine": _("My work"),
    "own_events": _("What I did"),
    "events": _("Audit trail"),
    "list": _("List of customers"),
    "list_customers": _("List of customers"),
    "file": _("Customer file"),
    "get_customer": _("Customer file"),
    "history": _("History"),
    "edit": _("Correct the file"),
    "invoices": _("Invoices"),
    "list_invoices": _("Invoices"),
    "invoice": _("Invoice"),
    "get_invoice": _("Invoice"),
    "orders": _("Orders"),
    "payments": _("Payments"),
    "list_payments": _("Payments"),
    "payment": _("Payment"),
    "get_payment": _("Payment"),
    "contacts": _("Contacts"),
    "list_contacts": _("Contacts"),
    "cases": _("Cases"),
    "list_cases": _("Cases"),
    "surveys": _("Surveys"),
    "list_surveys": _("Surveys"),
    "promotions": _("Promotions"),
    "list_promotions": _("Promotions"),
    "contracts": _("Contracts"),
    "list_contracts": _("Contracts"),
    "run": _("Import"),
    "get_run": _("Import"),
    "rejected": _("Rejected rows"),
    "list_rejected": _("Rejected rows"),
    "one": _("Analysis"),
    "answer": _("Analysis"),
    "documents": _("Documents behind a figure"),
    "download": _("Download"),
}


def place(name: str) -> str:
    """Return what a reader had before him; a command and an unknown name are their own words."""
    word = PLACES.get(name.rpartition(":")[2])
    return str(word) if word else name
