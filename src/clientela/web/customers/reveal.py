"""Showing one masked value: by POST, for a purpose, for a minute, and with an event."""

from django.http import HttpResponse
from django.shortcuts import render

from clientela.kernel.masked import Masked
from clientela.kernel.reasons import NotInScope
from clientela.records.selectors import current_day, file_of
from clientela.security.services import reveal
from clientela.web.customers.file import around, in_words, opened
from clientela.web.request import Request
from clientela.web.ways import sent_only

SECONDS = 60


@sent_only
def reveal_value(request: Request, public_id: object) -> HttpResponse:
    """Answer with the plain value, in the place of its mask or as a page of its own."""
    access, customer = opened(request, public_id)
    key = request.POST.get("key", "")
    facts = file_of(access, customer, true_on=current_day(access, request.at), known_on=request.at)
    fact = next((one for one in facts if one.key == key), None)
    if fact is None or not isinstance(fact.value, Masked):
        raise NotInScope("fact")
    plain = reveal(
        access=access,
        value=fact.value,
        field=key,
        field_class=fact.field_class,
        customer_id=customer.pk,
        public_id=customer.public_id,
        node_id=customer.org_node_id,
        owner_id=customer.owner_id,
        purpose=request.POST.get("purpose", ""),
        note=request.POST.get("note", "")[:200],
        at=request.at,
    )
    said = in_words(fact.attribute.name, plain)
    context = {"plain": said, "mask": str(fact.value), "seconds": SECONDS, "fact": fact}
    if request.headers.get("HX-Request"):
        return render(request, "customers/revealed_part.html", context)
    return render(request, "customers/revealed.html", context | around(access, customer))
