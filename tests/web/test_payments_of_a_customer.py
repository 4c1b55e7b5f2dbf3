"""The payments on a customer's file are those of the list, to the same readers, in the same way."""

import pytest
from django.urls import reverse

from clientela.security.roles import VIEWS, Role, View
from tests.web import policy_table as table
from tests.web.test_payments import LIST, paid
from tests.web.world import World

__all__ = ["paid"]  # a fixture of this module too

WHO = [role.value for role in Role]


@pytest.mark.parametrize("who", WHO)
def test_are_on_the_file_where_they_are_in_the_list(paid: World, who: str) -> None:
    client, own = paid.client(who), paid.customers["own"].public_id
    file = client.get(reverse("customers:file", args=[own]))
    of_customer = client.get(reverse("customers:payments", args=[own]))
    listed = client.get(LIST, {"customer": str(own)})
    told = client.get("/api/v1/payments", {"customer": str(own)})
    assert (
        (listed.status_code == 200) == (told.status_code == 200) == (who in table.PAYMENTS.split())
    )
    if file.status_code != 200:
        assert of_customer.status_code == file.status_code
        return
    assert of_customer.status_code == listed.status_code
    link = f'href="{reverse("customers:payments", args=[own])}"'
    assert (link in file.content.decode()) == (of_customer.status_code == 200)
    if of_customer.status_code == 200:
        rows = [(row.public_id, row.unapplied_minor) for row in of_customer.context["rows"].items]
        lines = [line["payment"] for line in listed.context["lines"]]
        assert rows == [(row.public_id, row.unapplied_minor) for row in lines]
        assert [str(row[0]) for row in rows] == [one["id"] for one in told.json()["items"]]
        assert "€6.00" in of_customer.content.decode()


def test_show_no_amount_to_who_may_not_see_amounts(
    paid: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VIEWS[Role.DATA_STEWARD], "S3", View.NONE)
    client, own = paid.client("data_steward"), paid.customers["own"].public_id
    for text in (
        client.get(reverse("customers:payments", args=[own])).content.decode(),
        client.get(LIST, {"customer": str(own)}).content.decode(),
    ):
        assert "WAITS" in text
        for secret in ("€10.00", "€6.00", "€4.00", "20 Mar 2026", "Transfer"):
            assert secret not in text, secret
