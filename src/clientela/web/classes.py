"""What the classes on customers' rows stand on, in words."""

from django.utils.translation import gettext as _

from clientela.records.selectors import last_class_run
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
