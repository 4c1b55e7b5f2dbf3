"""Where one may go: an entry shows only where its page would open."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientela.security.permits import Access

# Each of these has something to sign on the page of approvals.
APPROVES = ("grant.approve", "token.approve", "factor.approve", "parameter.approve")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page. `key`: pressed after "g". `section`: beginning of the names of its views."""

    view: str
    label: str | Promise
    icon: str
    acts: tuple[str, ...]
    section: str
    key: str = ""


DAILY = (
    Entry(view="work:mine", label=_("My work"), icon="list-checks", acts=("work.read",),
          section="work:", key="w"),
    Entry(view="customers:list", label=_("Customers"), icon="building-2",
          acts=("customer.read",), section="customers:", key="c"),
    Entry(view="trade:invoices", label=_("Invoices"), icon="receipt-text", acts=("trade.read",),
          section="trade:", key="i"),
    Entry(view="payments:list", label=_("Payments"), icon="wallet", acts=("payment.read",),
          section="payments:", key="y"),
    Entry(view="analyses:index", label=_("Analyses"), icon="chart-no-axes-combined",
          acts=("analysis.run",), section="analyses:", key="a"),
    Entry(view="imports:list", label=_("Imports"), icon="file-up", acts=("import.read",),
          section="imports:", key="m"),
)  # fmt: skip
ADMINISTRATION = (
    Entry(view="admin:approvals", label=_("Approvals"), icon="stamp",
          acts=APPROVES, section="admin:approval", key="p"),
    Entry(view="admin:users", label=_("Users"), icon="users", acts=("user.read",),
          section="admin:user", key="u"),
    Entry(view="admin:organisation", label=_("Organisation"), icon="network",
          acts=("user.read",), section="admin:organisation", key="o"),
    Entry(view="admin:tokens", label=_("Tokens"), icon="key-round",
          acts=("token.propose", "token.approve"), section="admin:token", key="t"),
    Entry(view="admin:sources", label=_("Sources"), icon="database", acts=("source.read",),
          section="admin:source", key="s"),
    Entry(view="admin:rates", label=_("Exchange rates"), icon="coins", acts=("rate.read",),
          section="admin:rates", key="r"),
    Entry(view="admin:events", label=_("Audit trail"), icon="scroll-text", acts=("event.read",),
          section="admin:event", key="e"),
    Entry(view="admin:team", label=_("Team in numbers"), icon="users-round",
          acts=("event.count",), section="admin:team", key="n"),
    Entry(view="admin:parameters", label=_("Settings"), icon="sliders-horizontal",
          acts=("parameter.read",), section="admin:parameter", key="x"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry as a page shows it."""

    url: str
    label: str | Promise
    icon: str
    key: str
    here: bool


def places(access: Access | None, view: str, entries: tuple[Entry, ...]) -> list[Place]:
    """Return the entries that `access` may open, the one of the current view marked."""
    return list(_open(access, view, entries))


def _open(access: Access | None, view: str, entries: tuple[Entry, ...]) -> Iterator[Place]:
    for one in entries:
        if access is None or not any(access.may(act) for act in one.acts):
            continue
        try:
            url = reverse(one.view)
        except NoReverseMatch:  # the part of the product with this page is not there
            continue
        here = view.startswith(one.section)
        yield Place(url=url, label=one.label, icon=one.icon, key=one.key, here=here)
