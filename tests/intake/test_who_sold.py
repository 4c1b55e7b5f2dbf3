"""Who sold a document: what its row names, else the place of its source, else who serves."""

from datetime import timedelta

import pytest

from clientela.records.services.sources import make_source
from clientela.security.roles import Role
from clientela.store.context import system_context
from clientela.trade.models import Invoice, InvoiceLine
from tests.factories import NOON, give, make_company
from tests.intake.test_out_of_reach import Desks

HEAD = "Invoice No,Stock Code,Quantity,Unit Price,Invoice Date,Customer ID,Store\n"
CUSTOMERS = (
    "Customer ID,Name,Type,Branch\nM,Madrid SA,company,madrid\nS,Shanghai Co,company,shanghai\n"
)


@pytest.fixture
def desks(db, tmp_path) -> Desks:
    company = make_company()
    with system_context("a source of the group for a test"):
        group = company.nodes["group"]
        make_source(name="till", node_id=group.pk, at=NOON - timedelta(days=1), by="test")
        give(company.users["executive"], Role.DATA_STEWARD, group)
    made = Desks(company, tmp_path)
    made.receive(CUSTOMERS, "group")
    return made


def sellers(desks: Desks) -> dict[str, set[str]]:
    nodes = {node.pk: code for code, node in desks.company.nodes.items()}
    with system_context("a test looks"):
        return {
            one.number: {
                nodes[one.sold_by_id],
                *(nodes[line.sold_by_id] for line in InvoiceLine.objects.filter(invoice=one)),
            }
            for one in Invoice.objects.all()
        }


def test_is_who_serves_where_the_source_is_of_the_group(desks):
    rows = "1,TEA,1,5,2026-03-01,M,\n2,TEA,1,5,2026-03-01,S,\n3,TEA,1,5,2026-03-01,,\n"
    desks.receive(HEAD + rows, "group", "sales_lines", settings=["currency=EUR"])
    assert sellers(desks) == {"1": {"madrid"}, "2": {"shanghai"}, "3": {"group"}}


def test_is_the_branch_that_a_row_names(desks):
    rows = "1,TEA,1,5,2026-03-01,M,shanghai\n2,TEA,1,5,2026-03-01,S,madrid\n"
    desks.receive(HEAD + rows, "group", "sales_lines", settings=["currency=EUR"])
    assert sellers(desks) == {"1": {"shanghai"}, "2": {"madrid"}}


def test_stays_when_the_customer_moves(desks):
    rows = "1,TEA,1,5,2026-03-01,M,\n"
    desks.receive(HEAD + rows, "group", "sales_lines", settings=["currency=EUR"])
    desks.receive(CUSTOMERS.replace("company,madrid", "company,shanghai"), "group")
    assert sellers(desks) == {"1": {"madrid"}}
