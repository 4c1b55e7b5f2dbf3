"""The first wall: what the selectors find with row security out of the way.

The second wall would hide a selector that forgot its scope, so it is lifted here: a system
context sees every row, and what a selector leaves out it leaves out itself.
"""

import pytest

from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors import rejected_rows, run_by_public_id, runs
from clientela.kernel.reasons import NotInScope
from clientela.records.models import Source
from clientela.records.selectors import customer_by_public_id
from clientela.records.selectors.customers import Filters, customers
from clientela.store.context import system_context
from clientela.trade.selectors import documents, payments
from clientela.worklist.selectors import my_work
from clientela.worklist.services import open_item
from tests.factories import NOON
from tests.web.paying import give_payments, pay

REACHED = {
    "sales": {"own"},
    "colleague": {"colleague"},
    "stranger": set(),
    "boss": {"own", "colleague", "other_branch"},
    "credit_controller": {"own", "colleague"},
}


@pytest.fixture
def world(world):
    with system_context("the test sees everything"):
        yield world


@pytest.mark.parametrize("who", REACHED)
class TestSelectors:
    def test_list_the_customers_in_reach_alone(self, world, who):
        rows, _ = customers(world.company.access(who), Filters())
        assert {row.name.removeprefix("Name ") for row in rows} == REACHED[who]

    def test_find_no_customer_out_of_reach(self, world, who):
        access = world.company.access(who)
        for name, customer in world.customers.items():
            if name in REACHED[who] | {"archived"}:
                continue
            with pytest.raises(NotInScope):
                customer_by_public_id(access, str(customer.public_id))

    def test_list_the_invoices_in_reach_alone(self, world, who):
        access = world.company.access(who)
        rows, _ = documents.invoices(access, documents.InvoiceFilters())
        found = {row.number.removeprefix("N-") for row in rows}
        assert found - {"archived"} == REACHED[who]
        ids = [invoice.pk for invoice in world.invoices.values()]
        links = {number for _, number in documents.invoice_links(access, ids).values()}
        assert {number.removeprefix("N-") for number in links} == found

    def test_find_no_invoice_out_of_reach(self, world, who):
        access = world.company.access(who)
        for name, invoice in world.invoices.items():
            if name in REACHED[who] | {"archived"}:
                continue
            with pytest.raises(NotInScope):
                documents.invoice_by_public_id(access, str(invoice.public_id))
            assert not documents.invoices_of(access, world.customers[name]).exists()
            assert not documents.orders_of(access, world.customers[name]).exists()

    def test_list_the_payments_in_reach_alone(self, world, who):
        made, access = give_payments(world), world.company.access(who)
        pay(world, "Z-nobodys", None, invoice_number="X-1")
        pay(world, "Z-far", None, node="shanghai", invoice_number="X-2")
        rows, _ = payments.payments(access, payments.PaymentFilters())
        found = {row.number.removeprefix("Z-") for row in rows}
        by_branch = {"nobodys"} if who in ("boss", "credit_controller") else set()
        assert found - {"archived"} == REACHED[who] | by_branch
        for name, payment in made.items():
            if name not in REACHED[who] | {"archived"}:
                with pytest.raises(NotInScope):
                    payments.payment_by_public_id(access, str(payment.public_id))
                assert not payments.payments_of(access, world.customers[name]).exists()
        invoices = {payment.pk: world.invoices[name] for name, payment in made.items()}
        for payment in made.values():
            payment.invoice_number = invoices[payment.pk].number
        linked = payments.invoices_named(access, list(made.values()))
        assert {invoices[pk].number.removeprefix("N-") for pk in linked} == found - by_branch


class TestImports:
    def test_of_another_branch_are_not_there(self, world):
        access = world.company.access("data_steward")
        source = Source.objects.get(name="erp")
        made = {}
        for node in ("madrid", "sevilla"):
            scope = {"org_node_id": world.company.nodes[node].pk, "owner_id": None}
            made[node] = Run.objects.create(
                source=source, file_name=node, sha256=node, size=1, file_path="", started_by="x",
                started_at=NOON, **scope,
            )  # fmt: skip
            RejectedRow.objects.create(
                run=made[node], row_no=1, line_no=1, code="required", raw={}, **scope
            )
        assert {run.file_name for run in runs(access)} == {"madrid"}
        assert rejected_rows(access, made["madrid"]).count() == 1
        assert not rejected_rows(access, made["sevilla"]).exists()
        with pytest.raises(NotInScope):
            run_by_public_id(access, str(made["sevilla"].public_id))


class TestWork:
    def test_of_others_is_not_shown(self, world):
        for name in ("sales", "stranger"):
            user = world.company.users[name]
            open_item(
                kind="import_questions", subject=("x.Y", name), by="x", at=NOON,
                node_id=world.company.nodes["madrid"].pk, owner_id=user.pk,
            )  # fmt: skip
        found = my_work(world.company.access("sales"))
        assert {item.subject_id for item in found} == {"sales"}
