"""A refusal as a page: its status, its reasons in the reader's language, and the way on."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason
from clientela.web.failures import not_readable
from clientela.web.reasons import sentence
from clientela.web.request import Request


def refusal_page(request: Request, reasons: Iterable[Reason], status: int) -> HttpResponse:
    """Return the page for a refusal; what is foreign and what is not there look alike.

    A part of a page (an htmx request) gets the sentences alone, to be shown as a message;
    whoever is signed in keeps the navigation.
    """
    given = list(reasons)
    if status == 404:  # one body, whatever is missing
        given = list(NotInScope("page").reasons)
    context = {
        "status": status,
        "heading": _heading(status),
        "sentences": [sentence(reason) for reason in given],
        # what was asked for by the address alone can be asked for without it
        "unfiltered": request.path if status == 422 and request.method == "GET" else "",
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    inside = "refusal_inside.html" if getattr(request, "access", None) else "refusal.html"
    return render(request, "refusal_part.html" if part else inside, context, status=status)


def not_found(request: Request, exception: Exception) -> HttpResponse:
    """Answer an address that there is not as one that the reader may not know of."""
    return _of(request, NotInScope("page"), 404)


def forbidden(request: Request, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses."""
    return _of(request, NotPermitted(Reason(code="not_permitted")), 403)


def bad_request(request: Request, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read.

    A host that is none of ours is refused before there is a user or a language.
    """
    if hasattr(request, "user"):
        return _of(request, Invalid(Reason(code="request_not_understood")), 400)
    return not_readable(request)


def form_expired(request: Request, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit: old, or sent from elsewhere."""
    return _of(request, NotPermitted(Reason(code="form_expired")), 403)


def _of(
    request: Request, refusal: NotInScope | NotPermitted | Invalid, status: int
) -> HttpResponse:
    request.refusal = refusal
    return refusal_page(request, refusal.reasons, status)


def _heading(status: int) -> str:
    return {
        400: _("That request could not be read"),
        403: _("You may not do this"),
        404: _("Nothing here"),
        405: _("There is no page here"),
        409: _("That is not possible now"),
        422: _("Something does not fit"),
        429: _("Too many attempts"),
    }.get(status, _("Something went wrong"))
