"""The settings of the environment in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SETTINGS: dict[str, str | Promise] = {
    "CLIENTELA_DATA_DIR": _("Data folder"),
    "CLIENTELA_KEY_FILE": _("File of the keys"),
    "CLIENTELA_SYSTEM_DIR": _("Folder of the server's programs"),
    "DATABASE_URL": _("Database server of one's own"),
    "CLIENTELA_DATABASE": _("Name of the database"),
    "CLIENTELA_DATABASE_ROLE": _("Role in the database"),
    "CLIENTELA_PG_BINDIR": _("Folder of PostgreSQL's programs"),
    "CLIENTELA_WAREHOUSE": _("Server that answers analyses"),
    "CLIENTELA_QUERY_MEMORY": _("Memory of one analysis"),
    "CLIENTELA_QUERY_THREADS": _("Cores of one analysis"),
    "CLIENTELA_AUDIT_ANCHOR": _("Checkpoints of the audit trail"),
    "CLIENTELA_USER": _("User of commands"),
    "CLIENTELA_HOSTS": _("Names of the server"),
    "CLIENTELA_PUBLIC_URL": _("Address of the product"),
    "CLIENTELA_CASE_NUMBERS": _("How numbers of cases are written"),
}
UNITS: dict[str, str | Promise] = {
    "percent": _("%(n)s %%"),
    "months": _("%(n)s months"),
    "count": "%(n)s",
}
MEANINGS: dict[str, str | Promise] = {
    "analysis.abc.a_until_percent": _("Share of net sales at which class A ends."),
    "analysis.abc.b_until_percent": _("Share of net sales at which class B ends."),
    "analysis.abc.months": _(
        "How many months of net sales classes are worked out over, where no first day is given."
    ),
    "analysis.sales.months": _(
        "How many months of sales are shown, where no first day is given. Readers of totals alone "
        "are shown products over twelve months, whatever stands here."
    ),
    "analysis.punctuality.least_invoices": _("With fewer invoices there is no score."),
    "analysis.punctuality.months": _(
        "How many months of due invoices are judged, where no first day is given."
    ),
}
ORIGINS: dict[str, str | Promise] = {
    "environment": _("environment"),
    "file": _("noted at the last start"),
    "default": _("as delivered"),
}
