"""What each form of the pages may carry: a field that is not in its list is refused.

A page that ignores what it does not know would tell nobody that somebody tried. So every
request that sends a form passes here, before its view: a name outside the list of its route
is refused with 422, and nothing is changed, as is a text that nothing can hold; who lacks the
right to the write is told that first (`rights`), and nothing of its fields. A route without a
list takes no field at all.
Forms made from data (the facts of a customer) are held to the very fields shown in their view
as well, by `demand_known`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.datastructures import MultiValueDict

from clientela.kernel.reasons import Invalid, NotPermitted, Reason, demand_storable
from clientela.records.attributes import ATTRIBUTES
from clientela.web.refusals import refusal_page
from clientela.web.request import Request
from clientela.web.rights import demand_write

REMOVE = "remove:"  # before a fact's key: the box that removes a masked value
ADDED, CALLED = "add:", "as:"  # before an attribute: one more of it, and what that is called
CSRF = "csrfmiddlewaretoken"
READS = ("GET", "HEAD", "OPTIONS", "TRACE")
MOST = 20  # names told in one refusal

_MORE = " ".join(f"{ADDED}{a.name} {CALLED}{a.name}" for a in ATTRIBUTES.values() if a.many)

# route -> the fields of its form, apart from the token; buttons that have a name among them
FIELDS: Mapping[str, str] = {
    "preferences": "language theme next",
    "own_zone": "time_zone",
    "customers:new": f"kind node {_MORE} " + " ".join(ATTRIBUTES),
    "customers:edit": f"true_from reason seen {_MORE} " + " ".join(ATTRIBUTES),
    "customers:reveal": "key purpose note",
    "customers:save_view": "name query",
    "imports:new": "file source new_source node settlement kind mapping sheet dry_run",
    "imports:answers": "kind encoding separator comments header sheet hidden_rows merged settlement "
    "constant_field constant_value take_sure",
    "imports:take_back": "reason",
    "imports:mapping": "name",
    "admin:user_new": "username full_name language kind",
    "admin:user_grant": "role node valid_from valid_to",
    "admin:user_factor_reset": "reason",
    "admin:user_password_reset": "why",
    "admin:parameter": "value valid_from",
    "admin:approval_parameter": "digest",
    "admin:parameter_end": "reason",
    "admin:organisation": "parent kind code name country time_zone base_currency",
    "admin:place": "name time_zone base_currency seen",
    "admin:tokens": "name user days acts",
    "admin:sources": "name title node settlement origin legal_basis",
    "admin:source_trust": "trust",
    "admin:source_settlement": "settlement",
    "admin:rates": "from day rate confirmed",
    "admin:rates_file": "file dry_run confirmed",
    "account_login": "login password remember next",
    "account_logout": "next",
    "account_reauthenticate": "password next",
    "account_change_password": "oldpassword password1 password2",
    "account_reset_password_from_key": "password1 password2 next",
    "mfa_authenticate": "code credential",
    "mfa_reauthenticate": "code next",
    "mfa_activate_totp": "code",
    "mfa_add_webauthn": "name credential passwordless",
    "mfa_edit_webauthn": "name",
    "mfa_reauthenticate_webauthn": "credential next",
    "mfa_login_webauthn": "credential next",
}


class FormMiddleware:
    """Refuse forms with fields that their route does not know. Stands after the gate."""

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the refusal of what the form may not carry, or None to let it through."""
        match = request.resolver_match
        if request.method in READS or match is None or match.namespace == "api":
            return None
        try:
            if request.method == "POST":
                demand_write(getattr(request, "access", None), match.view_name)
            demand_known(request, lambda name: _is_field(match.view_name, name))
            sent = request.POST.lists()
            demand_storable((name, text) for name, texts in sent for text in texts)
        except (Invalid, NotPermitted) as refusal:
            request.refusal = refusal
            status = 422 if isinstance(refusal, Invalid) else 403
            return refusal_page(request, refusal.reasons, status)
        return None


def demand_known(request: HttpRequest, known: Callable[[str], bool]) -> None:
    """Raise Invalid, naming each field of the request's form that is not known."""
    foreign = sorted({name for name in _names(request) if name != CSRF and not known(name)})
    if foreign:
        reasons = (Reason(code="field_unknown", params={"field": n[:60]}) for n in foreign[:MOST])
        raise Invalid(*reasons)


def _names(request: HttpRequest) -> Iterable[str]:
    files: MultiValueDict[str, Any] = request.FILES
    return (*request.POST, *files)


def _is_field(route: str, name: str) -> bool:
    """Tell whether a route's form has this field; of a fact that may occur often, any of them.

    An answer to a question about an import names a column after a colon: the file says which.
    """
    if route == "imports:answers" and ":" in name:
        return True
    own = FIELDS.get(route, "").split()
    if route == "customers:edit":
        name = name.removeprefix(REMOVE)
    attribute = name.partition("#")[0]
    return name in own or (attribute in own and attribute in ATTRIBUTES)
