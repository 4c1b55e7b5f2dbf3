"""Pages for a request that met nobody who could answer it: no host of ours, no database, a fault.

They need nothing that may have failed, neither database nor session nor user. They speak the
language that was chosen, as far as a cookie tells it, else the browser's; they say nothing of what
was asked, and build no address from it.
"""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from clientela.store.lost import connection_lost

AGAIN_AFTER = 10  # seconds
# Read by these pages alone: any other asks user and session, which may choose anew at any time.
LANGUAGE_COOKIE = "language"


def not_readable(request: HttpRequest) -> HttpResponse:
    """Answer a request that cannot be read before anybody knows who asks."""
    with _language_of(request):
        heading = _("That request could not be read")
        return _plain(400, heading, _("The request could not be understood."))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a request that broke: 503 while the database does not answer, else 500."""
    with _language_of(request):
        if connection_lost(sys.exc_info()[1]):
            return _without_database(request)
        sentence = _("Something went wrong here, and is in the log. Nothing was changed.")
        return _plain(500, _("Something went wrong"), sentence, home=True)


def _without_database(request: HttpRequest) -> HttpResponse:
    """Answer 503; a page that was only read asks for itself again."""
    read = request.method == "GET"
    sentence = (
        _("The database does not answer. Nothing was changed. This page tries again by itself.")
        if read
        else _("The database does not answer. Nothing was changed. Go back and send it again.")
    )
    heading = _("Not to be reached at the moment")
    response = _plain(503, heading, sentence, again=AGAIN_AFTER if read else None)
    response["Retry-After"] = str(AGAIN_AFTER)
    return response


def remember_language(request: HttpRequest, response: HttpResponseBase, chosen: str) -> None:
    """Have the browser tell the language that was chosen; none is forgotten, as after a sign-out."""
    before = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen and chosen != before:
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    elif before and not chosen:
        response.delete_cookie(LANGUAGE_COOKIE, samesite="Lax")


def _language_of(request: HttpRequest) -> translation.override:
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    known = chosen in dict(settings.LANGUAGES)
    return translation.override(chosen if known else translation.get_language_from_request(request))


def _plain(status: int, heading: str, sentence: str, **more: object) -> HttpResponse:
    context = {"status": status, "heading": heading, "sentence": sentence, **more}
    context["language"] = translation.get_language()
    response = HttpResponse(render_to_string("plain.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response
