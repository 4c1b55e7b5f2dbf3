"""The loaded demo company against laws of trade, recounted in SQL and plain Python."""

from collections import defaultdict
from typing import Any

import pytest
from stdnum.cn import uscc
from stdnum.es import cif
from stdnum.gb import vat
from stdnum.mx import rfc

from clientela.demo.people import PAYERS
from clientela.records.services import rebuild
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from tests.demo.conftest import AT, Loaded


def asked(query: str) -> list[tuple[Any, ...]]:
    with system_context("a test looks at everything"):
        return fetch(query)


@pytest.mark.usefixtures("company")
class TestDocuments:
    def test_are_there_of_every_kind(self):
        for table in (
            "trade_order", "trade_orderline", "trade_delivery", "trade_deliveryline",
            "trade_invoice", "trade_invoiceline", "trade_payment", "trade_allocation",
        ):  # fmt: skip
            assert asked(f"select count(*) from {table}")[0][0] > 100

    def test_sum_their_lines(self):
        assert not asked(
            """select i.number from trade_invoice i
               join lateral (select sum(net_minor) net, count(*) n, sum(cost_base_minor) cost
                             from trade_invoiceline l where l.invoice_id = i.id) l on true
               where i.net_minor <> l.net or i.lines_count <> l.n
                  or i.gross_minor <> i.net_minor + round(i.tax * 100)"""
        )
        assert not asked(
            """select o.number from trade_order o join trade_orderline l on l.order_id = o.id
               group by o.id having o.net_minor <> sum(l.net_minor)"""
        )

    def test_carry_amounts_in_the_groups_currency(self):
        assert asked("select distinct currency from trade_invoice order by 1") == [
            ("CNY",), ("EUR",), ("GBP",), ("MXN",),
        ]  # fmt: skip
        assert not asked("select 1 from trade_invoice where net_base_minor is null")
        assert not asked("select 1 from trade_payment where amount_base_minor is null")

    def test_begin_after_their_customer_became_known(self):
        for table, day in (
            ("trade_order", "ordered_on"),
            ("trade_invoice", "issued_on"),
            ("trade_payment", "received_on"),
        ):
            assert not asked(
                f"""select d.number from {table} d join records_customer c on c.id = d.customer_id
                    where d.{day} < c.first_known_on"""
            )
            assert not asked(f"select 1 from {table} where customer_id is null")

    def test_end_with_the_last_day(self, company: Loaded):
        ((last,),) = asked("select max(issued_on) from trade_invoice")
        assert last <= company.world.until
        assert (company.world.until - last).days < 7

    def test_are_delivered_between_order_and_invoice(self):
        orders = {
            id_: rest for id_, *rest in asked("select id, ordered_on, state from trade_order")
        }
        delivered = dict(asked("select order_id, delivered_on from trade_delivery"))
        invoiced = asked("select order_id, issued_on from trade_invoice where order_id is not null")
        assert len(invoiced) > 1000
        for order, issued_on in invoiced:
            ordered_on, state = orders[order]
            assert ordered_on <= delivered[order] <= issued_on
            assert state == "delivered"
        assert asked("select count(*) from trade_order where state = 'open'")[0][0] > 0

    def test_sell_nothing_before_its_launch(self):
        assert not asked(
            """select l.id from trade_invoiceline l join trade_product p on p.id = l.product_id
               where l.issued_on < p.launched_on"""
        )
        assert asked("select count(*) from trade_product where category_3 is null") == [(0,)]


@pytest.mark.usefixtures("company")
class TestAllocations:
    def test_stay_within_invoice_and_payment(self):
        for column, table, amount in (
            ("invoice_id", "trade_invoice", "d.gross_minor"),
            ("payment_id", "trade_payment", "d.amount_minor"),
            ("credit_note_id", "trade_invoice", "-d.gross_minor"),
        ):
            sums = asked(
                f"""select sum(a.amount_minor), max({amount}) from trade_allocation a
                    join {table} d on d.id = a.{column} group by d.id"""
            )
            assert len(sums) > 10
            assert all(allocated <= whole for allocated, whole in sums)

    def test_use_up_every_payment(self):
        assert not asked(
            """select p.number from trade_payment p
               left join trade_allocation a on a.payment_id = p.id
               group by p.id having p.amount_minor <> coalesce(sum(a.amount_minor), 0)"""
        )

    def test_come_no_earlier_than_the_invoice(self):
        assert not asked(
            """select a.id from trade_allocation a join trade_invoice i on i.id = a.invoice_id
               where a.allocated_on < i.issued_on or a.currency <> i.currency"""
        )

    def test_say_of_some_delays_that_they_were_ours(self):
        ((ours,),) = asked("select count(*) from trade_allocation where delay_is_ours")
        ((wrong,),) = asked(
            "select count(*) from trade_allocation where delay_is_ours <> starts_with(delay_reason, 'our')"
        )
        assert ours > 20
        assert wrong == 0

    def test_leave_the_web_shop_out(self):
        assert not asked(
            """select 1 from trade_payment p join records_source s on s.id = p.source_id
               where s.name = 'webshop'"""
        )
        assert asked(
            """select distinct i.settlement from trade_invoice i
               join records_source s on s.id = i.source_id where s.name = 'webshop'"""
        ) == [("unknown",)]


@pytest.mark.usefixtures("company")
class TestCustomers:
    def test_equal_their_ledger(self):
        with system_context("a test looks at everything"):
            found = rebuild(at=AT, check_only=True)
        assert found.customers >= 200
        assert found.differences == 0

    def test_have_tax_numbers_that_pass_their_check(self):
        checks = {
            "CN": uscc.is_valid, "ES": cif.is_valid, "GB": vat.is_valid,
            "MX": lambda number: rfc.is_valid(number, validate_check_digits=True),
        }  # fmt: skip
        rows = asked(
            """select country, facts ->> 'tax_number' from records_customer
               where kind = 'company' and facts ? 'tax_number'"""
        )
        assert {country for country, _ in rows} == checks.keys()
        assert [number for country, number in rows if not checks[country](number)] == []

    def test_are_reached_under_reserved_domains_only(self):
        rows = asked("select facts ->> 'email' from records_customer where kind = 'company'")
        assert all(mail is None or mail.endswith(".example") for (mail,) in rows)

    def test_have_persons_sealed(self):
        rows = asked(
            "select facts -> 'name', facts -> 'phone', name from records_customer where kind = 'person'"
        )
        assert len(rows) > 30
        assert all(
            set(name) == set(phone) == {"key", "cipher", "digest"} for name, phone, _ in rows
        )
        assert all(plain for *_, plain in rows)

    def test_belong_to_a_sales_person_of_their_branch(self):
        assert not asked(
            """select c.id from records_customer c
               where not exists (select 1 from security_grant g where g.user_id = c.owner_id
                                 and g.role = 'sales' and g.node_id = c.org_node_id)"""
        )


@pytest.mark.usefixtures("company")
class TestRuns:
    def test_account_for_every_row(self):
        rows = asked(
            "select kind, state, read, accepted, rejected, skipped, length(sha256) from intake_run"
        )
        assert {kind for kind, *_ in rows} == {
            "customers", "products", "sales_lines", "payments", "orders", "deliveries",
            "allocations", "contacts", "cases", "surveys", "invitations", "answers", "promotions",
            "targets", "contracts",
        }  # fmt: skip
        assert all(
            state == "done" and read == accepted > 0 and not rejected and not skipped and size == 64
            for _, state, read, accepted, rejected, skipped, size in rows
        )

    def test_leave_nothing_in_staging(self):
        for table in ("sales_line", "payment", "product", "unit", "order_line", "allocation"):
            assert asked(f"select count(*) from staging.{table}") == [(0,)]


class TestTruth:
    def test_names_records_that_are_there(self, company: Loaded):
        known = set(
            asked(
                """select s.name, r.key from records_sourcerecord r
                   join records_source s on s.id = r.source_id"""
            )
        )
        truth = company.truth
        for pair in truth["duplicates"]:
            assert {(r["source"], r["key"]) for r in pair["records"]} <= known
        for entry in (*truth["leavers"], *truth["payers"]):
            assert (entry["source"], entry["key"]) in known
        assert len(truth["duplicates"]) > 3
        assert len(truth["bundles"]) == 8

    def test_says_when_a_leaver_bought_last(self, company: Loaded):
        last: dict[str, str] = dict(
            asked(
                """select r.key, max(o.ordered_on)::text from trade_order o
                   join records_sourcerecord r on r.id = o.account_id group by 1"""
            )
        )
        checked = [one for one in company.truth["leavers"] if one["key"] in last]
        assert len(checked) > 5
        assert all(last[one["key"]] < one["left_on"] for one in checked)

    def test_types_of_payers_show_in_their_lateness(self, company: Loaded):
        kinds = {one["key"]: one["type"] for one in company.truth["payers"]}
        late: dict[str, list[int]] = defaultdict(list)
        for key, days in asked(
            """select r.key, a.allocated_on - i.due_on from trade_allocation a
               join trade_invoice i on i.id = a.invoice_id
               join records_sourcerecord r on r.id = i.account_id
               where a.payment_id is not null and not a.delay_is_ours"""
        ):
            if key in kinds:
                late[kinds[key]].append(days)
        share = {kind: sum(d > 7 for d in days) / len(days) for kind, days in late.items()}
        assert set(share) == set(PAYERS)
        assert share["early"] < 0.1 > share["punctual"] - 0.05
        assert 0.5 < share["slow"] < 0.9 < share["very_slow"]
        assert share["punctual"] < share["turning_bad"]

    def test_bundles_are_bought_together(self, company: Loaded):
        baskets: dict[int, set[str]] = defaultdict(set)
        for invoice, code in asked(
            """select l.invoice_id, p.code from trade_invoiceline l
               join trade_product p on p.id = l.product_id where l.kind = 'invoice'"""
        ):
            baskets[invoice].add(code)
        pairs = [(pair["first"], pair["second"]) for pair in company.truth["bundles"]]
        firsts = sum(a in goods for goods in baskets.values() for a, _ in pairs)
        both = sum({a, b} <= goods for goods in baskets.values() for a, b in pairs)
        assert 0.4 < both / firsts < 0.75


class TestSignIns:
    def test_are_one_for_each_role_with_a_password_that_opens(self, company: Loaded):
        from django.contrib.auth import authenticate

        from clientela.demo import sign_ins
        from clientela.security.roles import Role

        assert {one.role for one in company.sign_ins} == set(Role)
        assert sign_ins.kept() == company.sign_ins
        one = company.sign_ins[0]
        assert authenticate(None, username=one.username, password=one.password) is not None
        assert authenticate(None, username=one.username, password="wrong") is None

    def test_are_for_nobody_else_to_read(self, company: Loaded):
        from clientela.demo import sign_ins
        from clientela.runtime import paths

        assert (paths.data_dir() / sign_ins.FILE).stat().st_mode & 0o077 == 0
