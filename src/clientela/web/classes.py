"""What the classes on customers' rows stand on, in words, and what they and figures wait for."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientela.records.selectors import classes_wait_for, last_class_run
from clientela.security.permits import Access
from clientela.trade.selectors.rates import missing_rates
from clientela.web import formats


def classes_told() -> str:
    """Say by which limits the classes of customers were worked out, as of which day, and when."""
    run = last_class_run()
    limits = run.parameters.get("abc", {}) if run else {}
    if run is None or not limits:
        return ""
    said = _(
        "Classes of customers as of %(day)s: A until %(a)s %%, B until %(b)s %% of net sales of "
        "%(months)s months. Worked out %(at)s."
    )
    return said % {
        "day": formats.day(run.as_of),
        "a": limits["a_until_percent"],
        "b": limits["b_until_percent"],
        "months": limits["months"],
        "at": formats.moment(run.recorded_at),
    }


def classes_wait(access: Access) -> dict[str, Any]:
    """Say what classes wait for, with the way there for who may see it; empty where for nothing."""
    lacking = classes_wait_for()
    if not lacking:
        return {}
    documents = ", ".join(f"{code}: {formats.number(n)}" for code, n in lacking.items())
    said = _(
        "Classes and net sales wait for exchange rates (documents without one: %(documents)s). "
        "Until then they stay as they were; a data steward or a credit manager enters rates."
    )
    url = reverse("admin:rates") if access.may("rate.read") else ""
    return {"text": said % {"documents": documents}, "url": url}


def rates_wait(access: Access) -> dict[str, Any]:
    """Say which documents wait for exchange rates, to who may see those; empty where none does."""
    missing = missing_rates(access, today=access.today) if access.may("rate.read") else []
    if not missing:
        return {}
    documents = ", ".join(f"{one.currency}: {formats.number(one.documents)}" for one in missing)
    said = _(
        "Documents have no exchange rate (%(documents)s). Until rates are entered, no figure "
        "over several currencies is worked out, and no class of customers."
    )
    return {"text": said % {"documents": documents}, "url": reverse("admin:rates")}
