"""Showing one masked value: by POST, for a purpose, for a minute, and with an event."""

from django.http import HttpResponse
from django.shortcuts import render

from clientela.records.services.revealing import reveal_fact
from clientela.web.customers.file import around, in_words
from clientela.web.request import Request
from clientela.web.ways import sent_only

SECONDS = 60


@sent_only
def reveal_value(request: Request, public_id: object) -> HttpResponse:
    """Answer with the plain value, in the place of its mask or as a page of its own."""
    found = reveal_fact(
        access=request.access,
        public_id=str(public_id),
        key=request.POST.get("key", ""),
        purpose=request.POST.get("purpose", ""),
        note=request.POST.get("note", "")[:200],
        at=request.at,
    )
    context = {
        "plain": in_words(found.fact.attribute.name, found.plain),
        "mask": str(found.fact.value),
        "seconds": SECONDS,
        "fact": found.fact,
    }
    if request.headers.get("HX-Request"):
        return render(request, "customers/revealed_part.html", context)
    return render(
        request, "customers/revealed.html", context | around(request.access, found.customer)
    )
