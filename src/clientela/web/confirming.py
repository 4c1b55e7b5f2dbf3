"""The page that says what an act will do before it is done: sent off from there, or left."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from clientela.web.request import Request


def confirmation(
    request: Request,
    *,
    heading: str,
    sentences: Sequence[str],
    facts: Sequence[tuple[str, object]] = (),
    button: str,
    keep: str,
    back: str,
) -> HttpResponse:
    """Return the page; its form is sent to the address at which it stands.

    :param facts: what the act concerns, name and value or number.
    :param keep: the way out in words; it leads to `back`.
    """
    context = {
        "heading": heading, "said": sentences, "facts": facts, "button": button, "keep": keep,
        "back": back,
    }  # fmt: skip
    return render(request, "parts/confirm.html", context)
