"""An invoice that its source calls disputed says so, to who sees what is owed."""

import pytest
from django.urls import reverse

from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.web.world import World


@pytest.mark.parametrize(
    ("role", "sees"), [("credit_controller", True), ("sales", True), ("service", False)]
)
def test_page_and_api_tell_it_with_the_amounts_alone(world: World, role: str, sees: bool) -> None:
    invoice = world.invoices["own"]
    client = world.client(role)
    page, told = reverse("trade:invoice", args=[invoice.public_id]), []
    for disputed in (False, True):
        with system_context("a test says what a source would"):
            Invoice.objects.filter(pk=invoice.pk).update(disputed=disputed)
        assert (">Disputed<" in client.get(page).content.decode()) is (disputed and sees)
        told.append(client.get(f"/api/v1/invoices/{invoice.public_id}").json()["disputed"])
    assert told == ([False, True] if sees else [None, None])
