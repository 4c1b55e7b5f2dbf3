"""The analyses in words: names, questions, figures, parameters and codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clientela.web import formats
from clientela.web import words as shared

Words = dict[str, str | Promise]

NAMES: Words = shared.ANALYSES

QUESTIONS: Words = {
    "abc": _("Which few customers make most of net sales, and which many the rest?"),
    "rfm": _("How lately, how often and for how much does each customer buy, against the others?"),
    "sales": _("What was sold to whom, where and when, against the period before?"),
    "cohorts": _(
        "Of the customers that first bought in a month, how many bought in each later one?"
    ),
    "ageing": _("How much do customers owe, and for how long past its due date?"),
    "punctuality": _("How late does each customer pay, our own faults left out?"),
    "dso": _("How many days of credit sales are still open?"),
}

FORMULAS: Words = {
    "abc": _(
        "Customers in falling order of net sales. A customer's class follows from the share of all "
        "that sold more: below the first line class A, below the second class B, else C. Whoever crosses a line "
        "belongs to the higher class; customers without sales are inactive."
    ),
    "rfm": _(
        "Recency: days since the last purchase day. Frequency: days with a purchase. Monetary: net "
        "sales a purchase day. Quintile = ceil(5 × mid-rank percentile), 5 is best; equal values "
        "always share a quintile."
    ),
    "sales": _(
        "Net sales = invoices and adjustments less credit notes, without tax. Growth compares with "
        "the period of the same length before."
    ),
    "cohorts": _(
        "Retention of month k = customers of the cohort that bought in it ÷ size of the cohort."
    ),
    "ageing": _(
        "Open = gross amount less what was allocated until the cut-off, by days from the due date "
        "to the cut-off. Amounts of several currencies are added up at the exchange rate in force at the "
        "cut-off, the newest one of that day and the seven before, each document rounded once. "
        "Credit notes that are not applied yet are left out, and so are sources that do not tell payments. "
        "Beside what is open stands what was not applied: of payments and credit notes until the cut-off, "
        "the part that no invoice took by then. It is never taken off what is open."
    ),
    "punctuality": _(
        "Σ(amount × points for days late) ÷ Σ(amount) over invoices due in the last 12 months; open "
        "late items count at their age, delays that are our fault are left out."
    ),
    "dso": _(
        "Open receivables ÷ credit sales of the last n days × n; and by counting back months. In several "
        "currencies receivables are taken at the exchange rate in force at the cut-off, sales at that of "
        "each document's day. Credit notes that are not applied yet are left out of receivables, and "
        "lower the sales."
    ),
}

FIGURES: Words = {
    "customer": _("Customer"),
    "name": _("Name"),
    "net_sales": _("Net sales"),
    "rank": _("Rank"),
    "running_share": _("Running share"),
    "class": _("Class"),
    "recency_days": _("Recency (days)"),
    "frequency": _("Frequency"),
    "monetary": _("A purchase day"),
    "r": _("R"),
    "f": _("F"),
    "m": _("M"),
    "segment": _("Segment"),
    "band": _("Score"),
    "key": _("Key"),
    "group": _("Group"),
    "documents": _("Documents"),
    "customers": _("Customers"),
    "quantity": _("Quantity"),
    "invoiced": _("Invoiced"),
    "credited": _("Credited"),
    "adjusted": _("Adjusted"),
    "share": _("Share"),
    "previous": _("Period before"),
    "growth_rate": _("Growth"),
    "cohort": _("First bought in"),
    "month_number": _("Month"),
    "active": _("Active"),
    "retention": _("Retention"),
    "cohort_is_complete": _("First month is whole"),
    "is_complete": _("Month is whole"),
    "currency": _("Currency"),
    "not_due": _("Not due"),
    "days_1_30": _("1–30 days"),
    "days_31_60": _("31–60 days"),
    "days_61_90": _("61–90 days"),
    "days_91_180": _("91–180 days"),
    "days_over_180": _("Over 180 days"),
    "open": _("Open"),
    "overdue": _("Overdue"),
    "oldest_days": _("Oldest (days)"),
    "open_base": _("Open, converted"),
    "unapplied": _("Beside it, not applied"),
    "invoices": _("Invoices in the score"),
    "average_days_late": _("Days beyond terms"),
    "score": _("Score"),
    "too_few": _("Too few invoices"),
    "late_share": _("Share late"),
    "open_late_items": _("Of these open and late"),
    "ours_items": _("Left out: our fault"),
    "ours_days": _("Days by our fault"),
    "judged": _("Amount judged"),
    "source": _("Source"),
    "receivables": _("Receivables"),
    "credit_sales_90": _("Credit sales, 90 days"),
    "credit_sales_365": _("Credit sales, 365 days"),
    "dso_count_back": _("DSO by count-back"),
    "dso_90": _("DSO, 90 days"),
    "best_possible_90": _("Best possible, 90 days"),
    "delinquent_90": _("Delinquent days, 90"),
    "dso_365": _("DSO, 365 days"),
    "best_possible_365": _("Best possible, 365 days"),
    "delinquent_365": _("Delinquent days, 365"),
}

PARAMETERS: Words = {
    "a_until_percent": _("Class A until (%)"),
    "b_until_percent": _("Class B until (%)"),
    "by": _("By"),
    "region": _("Sales region"),
    "customer_class": _("ABC class"),
    "per": _("A row for"),
    "least_invoices": _("Least invoices for a score"),
    "months": _("Length of the period"),
    "class_months": _("Classes over the months"),
}

CODES: Words = {
    "A": _("A"),
    "B": _("B"),
    "C": _("C"),
    "inactive": _("Inactive"),
    "champions": _("Champions"),
    "loyal": _("Loyal"),
    "potentially_loyal": _("Potentially loyal"),
    "new": _("New"),
    "promising": _("Promising"),
    "needs_attention": _("Need attention"),
    "about_to_sleep": _("About to sleep"),
    "at_risk": _("At risk"),
    "not_to_be_lost": _("Not to be lost"),
    "sleeping": _("Sleeping"),
    "fading": _("Fading"),
    "lost": _("Lost"),
    "month": _("Month"),
    "product": _("Product"),
    "category": _("Category"),
    "region": _("Sales region"),
    "branch": _("Branch"),
    "customer": _("Customer"),
    "country": _("Country"),
    "total": _("All in one"),
    "too_few": _("Too few"),
}

# Why a line behind a row of punctuality is not in the score.
LEFT_OUT: Words = {
    "ours": _("left out: our fault"),
    "no_amount": _("left out: no amount"),
}

UNKNOWN = _("not known")
ANONYMOUS = _("Without a customer")


def figure(name: str) -> str:
    """Return the label of a column; an unknown one stands for itself."""
    return str(FIGURES.get(name, name))


def filter_name(name: str) -> str:
    """Return the label of a filter of the page."""
    own: Words = {"source": _("Source"), "from": _("From")}
    return str(PARAMETERS.get(name) or own.get(name) or figure(name))


def nameless(by: object) -> str:
    """Return what a group is called that has no name: it is not known, or is of no customer."""
    return str(ANONYMOUS if by == "customer" else UNKNOWN)


def in_part(month: str) -> str:
    """Return the name of a month (2026-03) that the period cuts short, marked as such."""
    return gettext("%(month)s (in part)") % {"month": formats.month(month)}


def code(value: str | None) -> str:
    """Return the word for a code in a text column; other text stays as it is."""
    return "" if value is None else str(CODES.get(value, value))
