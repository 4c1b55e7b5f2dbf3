"""A refusal as a page: its status, its reasons in the reader's language, and the way on."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clientela.kernel.reasons import Reason
from clientela.web.reasons import sentence


def refusal_page(request: HttpRequest, reasons: Iterable[Reason], status: int) -> HttpResponse:
    """Return the page for a refusal; what is foreign and what is not there look alike."""
    sentences = [sentence(reason) for reason in reasons]
    context = {"status": status, "sentences": sentences}
    return render(request, "refusal.html", context, status=status)
