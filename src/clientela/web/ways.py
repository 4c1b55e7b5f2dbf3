"""Which addresses can be read by GET, and the way back from an answer to a POST.

A page that answered a POST stands at an address that may know no GET. Whatever leads
"back to this page" (the choice of a language, say) asks here for an address to read.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from clientela.kernel.reasons import Reason
from clientela.web.navigation import ADMINISTRATION, DAILY
from clientela.web.refusals import refusal_page
from clientela.web.request import Request

View = Callable[..., Any]
SENT = "takes_posts_alone"


def sent_only(view: View) -> View:
    """Let a view answer POST alone, and mark it so for the ways back. To who looks for a page
    there it says that there is none, and where to go."""

    @wraps(view)
    def guarded(request: Request, *values: Any, **named: Any) -> HttpResponseBase:
        if request.method == "POST":
            answer: HttpResponseBase = view(request, *values, **named)
            return answer
        response = refusal_page(request, [Reason(code="address_takes_forms_alone")], 405)
        response["Allow"] = "POST"
        return response

    setattr(guarded, SENT, True)
    return guarded


def page_to_read(request: HttpRequest) -> str:
    """Return the address of this page; where it answers no GET, that of the page it came from.

    Where that is not known either: the list of its section, and last the start page.
    """
    here = request.get_full_path()
    if request.method in ("GET", "HEAD") or can_be_read(here):
        return here
    before = _referrer(request)
    if before and can_be_read(before):
        return before
    return section_of(request.resolver_match)


def can_be_read(path: str) -> bool:
    """Tell whether a path of this site answers a GET."""
    match = _match(path)
    return match is not None and not getattr(match.func, SENT, False)


def following(path: str) -> str:
    """Return `path` if it can be read; else the list of its section."""
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return reverse("home")
    match = _match(path)
    sent = match is not None and getattr(match.func, SENT, False)
    return section_of(match) if sent else path


def section_of(match: ResolverMatch | None) -> str:
    """Return the address of the list that a view belongs to, or of the start page."""
    name = match.view_name if match else ""
    for entry in (*DAILY, *ADMINISTRATION):
        if name.startswith(entry.section):
            return reverse(entry.view)
    return reverse("home")


def _referrer(request: HttpRequest) -> str:
    """Return path and query of the page that sent this request, if it was one of ours."""
    came = urlsplit(request.headers.get("Referer", ""))
    if not came.path or came.netloc != request.get_host():
        return ""
    return came._replace(scheme="", netloc="", fragment="").geturl()


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return None
