"""Every list reads about a page of rows, whoever asks and however many there are.

Counted, not timed: each query of a page is explained as the application's role. A filter
that is no leakproof operator, an order without its index, or a policy that cannot use one
makes the server read the table, and the count shows it.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.many import (
    CUSTOMERS,
    DEALINGS,
    INVOICES_EACH,
    add_dealings,
    add_many,
    rows_read,
)
from tests.web.world import make_world

MOST = 1_500  # rows of large tables that a page may take: far from 6,000 and 36,000
LISTS = {
    "customers by name": "/customers/",
    "customers by name, falling": "/customers/?order=-name",
    "customers by sales": "/customers/?order=-sales",
    "customers by last purchase": "/customers/?order=-last_purchase",
    "customers by sales, rising": "/customers/?order=sales",
    "customers by last purchase, rising": "/customers/?order=last_purchase",
    "customers by day": "/customers/?order=known",
    "customers by day, falling": "/customers/?order=-known",
    "customers of a name": "/customers/?name=firm+59",
    "customers of a country": "/customers/?country=ES",
    "invoices": "/invoices/",
    "invoices of a time": "/invoices/?issued_from=2025-06-01&issued_to=2025-06-30",
    "invoices of an amount": "/invoices/?least=5&most=100",
    "invoices of a rare amount": "/invoices/?least=50000",
    "invoices of a rare kind": "/invoices/?kind=adjustment",
    "an invoice's number": "/invoices/?number=M1-1",
}


@pytest.mark.slow
def test_a_list_reads_no_table(fresh_database: object) -> None:
    world = make_world()
    own = add_many(world)
    pages = LISTS | {
        "a customer": reverse("customers:file", args=[own]),
        "a customer's invoices": reverse("customers:invoices", args=[own]),
        "a customer's payments": reverse("customers:payments", args=[own]),
        "a customer's orders": reverse("customers:orders", args=[own]),
        "a customer's history": reverse("customers:history", args=[own]),
    }
    too_much = []
    for who in ("credit_manager", "sales", "boss"):
        client = world.client(who)
        for name, url in pages.items():
            rows, query = _most(client, url)
            if rows > MOST:
                too_much.append(f"{who}, {name}: {rows} rows: … {query[-700:]}")
    assert not too_much, f"of {CUSTOMERS * (1 + INVOICES_EACH)}:\n" + "\n".join(too_much)


@pytest.mark.slow
def test_the_twentieth_page_reads_no_more_than_the_second(fresh_database: object) -> None:
    world = make_world()
    add_many(world)
    client = world.client("credit_manager")
    for url in ("/customers/", "/invoices/"):
        read, following = [], url
        for _ in range(20):
            with rows_read() as found:
                text = client.get(following).content.decode()
            read.append(max(found)[0])
            (more,) = re.findall(r'rel="next" href="([^"]+)"', text)
            following = url + more.replace("&amp;", "&")
        assert read[-1] <= read[1] * 2, (url, read)


@pytest.mark.slow
def test_a_list_of_a_customer_with_thousands_reads_a_page(fresh_database: object) -> None:
    world = make_world()
    own = add_dealings(world)
    client = world.client("sales")
    for name in ("contacts", "cases", "surveys", "promotions", "contracts"):
        read, following = [], reverse(f"customers:{name}", args=[own])
        for _ in range(4):
            with rows_read() as found:
                text = client.get(following).content.decode()
            read.append(max(found)[0])
            (more,) = re.findall(r'rel="next" href="([^"]+)"', text)
            following = following.partition("?")[0] + more.replace("&amp;", "&")
        assert max(read) < DEALINGS / 10, (name, read, max(found)[1][-700:])


def _most(client: Client, url: str) -> tuple[int, str]:
    """Return how many rows the hungriest query of a page read, and its text."""
    with rows_read() as found:
        answer = client.get(url)
    assert answer.status_code == 200, (url, answer.content.decode()[-500:])
    return max(found)
