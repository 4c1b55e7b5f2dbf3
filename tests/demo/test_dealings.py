"""What was planted of contacts, cases, surveys, promotions and contracts, found in the books.

Recounted in SQL and plain Python from the loaded tables; the truth is only compared with.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from clientela.store.bulk import fetch
from clientela.store.context import system_context
from tests.demo.conftest import Loaded, load

# Every test by itself: which test of the module a worker meets first is not ours to say.
pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A demo company of 500 customers: enough of everything that is planted."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield load(customers=500)
        transaction.set_rollback(True)


def asked(query: str) -> list[tuple[Any, ...]]:
    with system_context("a test looks at everything"):
        return fetch(query)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


class TestEntries:
    def test_are_there_of_every_kind_and_source(self):
        for table in (
            "contacts_contact", "feedback_case", "feedback_surveyinvitation",
            "campaigns_promotiontarget", "contracts_contract",
        ):  # fmt: skip
            ((rows, sources, customers),) = asked(
                f"select count(*), count(distinct source_id), count(distinct customer_id) from {table}"
            )
            assert rows > 150
            assert sources == (4 if table == "contracts_contract" else 5)
            assert customers > 50

    def test_come_no_earlier_than_their_customer_was_known(self):
        for table, day in (
            ("contacts_contact", "at"), ("feedback_case", "received_at"),
            ("feedback_surveyinvitation", "invited_on"), ("contracts_contract", "signed_on"),
        ):  # fmt: skip
            assert not asked(
                f"""select d.number from {table} d join records_customer c on c.id = d.customer_id
                    where d.{day}::date < c.first_known_on"""
            )

    def test_end_with_the_last_day(self, company: Loaded):
        last = company.world.until
        for table, day in (
            ("contacts_contact", "at"), ("feedback_case", "resolved_at"),
            ("feedback_surveyanswer", "answered_at"), ("contracts_contract", "ended_on"),
            ("campaigns_promotiontarget", "responded_on"),
        ):  # fmt: skip
            ((found,),) = asked(f"select max({day})::date from {table}")
            assert found <= last

    def test_account_for_themselves_in_runs(self):
        rows = asked(
            """select kind, sum(read), sum((written ->> kind)::int) from intake_run
               where kind in ('contacts', 'cases', 'invitations', 'answers', 'targets',
                              'contracts', 'surveys', 'promotions') group by kind"""
        )
        assert len(rows) == 8
        assert all(read == written for _, read, written in rows)


class TestPressure:
    """Outbound, proactive contacts per customer and ISO week."""

    def test_is_too_high_in_the_planted_weeks_and_nowhere_else(self, company: Loaded):
        weeks: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for source, key, at, department in asked(
            """select s.name, r.key, c.at, c.department from contacts_contact c
               join records_sourcerecord r on r.id = c.account_id
               join records_source s on s.id = c.source_id
               where c.direction = 'out' and c.is_proactive"""
        ):
            year, week, _ = at.isocalendar()
            weeks[source, key, f"{year}-W{week:02d}"].append(department)
        ceiling = company.truth["contact_ceiling"]
        found = {
            where for where, whose in weeks.items() if len(whose) > ceiling or len(set(whose)) >= 2
        }
        planted = {
            (one["source"], one["key"], week)
            for one in company.truth["over_contacted"]
            for week in one["weeks"]
        }
        assert len(planted) > 20
        assert found == planted
        assert all(len(set(weeks[where])) >= 2 and len(weeks[where]) > ceiling for where in planted)

    def test_lasts_some_weeks_in_a_row(self, company: Loaded):
        for one in company.truth["over_contacted"]:
            mondays = [date.fromisocalendar(int(w[:4]), int(w[6:]), 1) for w in one["weeks"]]
            assert 2 <= len(mondays) <= 4
            gaps = {b - a for a, b in pairwise(mondays)}
            assert gaps == {timedelta(days=7)}


def moods(company: Loaded) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["source"], one["key"]): one for one in company.truth["dissatisfied"]}


class TestDissatisfied:
    def test_are_those_that_leave_for_price_or_service_and_some_others(self, company: Loaded):
        unhappy = moods(company)
        leavers = {
            (one["source"], one["key"]): one
            for one in company.truth["leavers"]
            if one["reason"] in ("price", "service")
        }
        assert len(leavers) > 10
        assert leavers.keys() <= unhappy.keys()
        for where, one in leavers.items():
            assert unhappy[where]["reason"] == one["reason"]
            assert unhappy[where]["to"] == one["left_on"]
        assert len(unhappy) - len(leavers) > 5

    def test_complain_more_while_they_are(self, company: Loaded):
        unhappy = moods(company)
        within = 0
        for source, key, day in asked(
            """select s.name, r.key, c.received_at::date from feedback_case c
               join records_sourcerecord r on r.id = c.account_id
               join records_source s on s.id = c.source_id where c.kind = 'complaint'"""
        ):
            one = unhappy.get((source, key))
            within += bool(one) and one["from"] <= day.isoformat() <= one["to"]
        days = sum(
            (date.fromisoformat(one["to"]) - date.fromisoformat(one["from"])).days
            for one in unhappy.values()
        )
        ((all_complaints,),) = asked("select count(*) from feedback_case where kind = 'complaint'")
        everybody = 3 * 365 * company.world.customers
        usual = (all_complaints - within) / (everybody - days)
        assert within / days > 5 * usual

    def test_answer_lower_while_they_are(self, company: Loaded):
        unhappy, low, high = moods(company), defaultdict(list), defaultdict(list)
        for source, key, day, question, score in asked(
            """select s.name, r.key, i.invited_on, a.question, a.score
               from feedback_surveyanswer a join feedback_surveyinvitation i
                    on i.id = a.invitation_id
               join records_sourcerecord r on r.id = i.account_id
               join records_source s on s.id = i.source_id where a.score is not null"""
        ):
            one = unhappy.get((source, key))
            is_low = one is not None and one["from"] <= day.isoformat() < one["to"]
            (low if is_low else high)[question].append(score)
        assert len(low["nps"]) > 3
        assert mean(low["nps"]) < mean(high["nps"]) - 2.5
        assert mean(low["csat"]) < mean(high["csat"]) - 1
        assert mean(low["ces"]) > mean(high["ces"]) + 0.5


class TestSurveys:
    def test_are_answered_whole_or_not_at_all(self):
        rows = asked(
            """select (select count(*) from feedback_surveyanswer a where a.invitation_id = i.id),
                      count(*) from feedback_surveyinvitation i group by 1"""
        )
        counts = dict(rows)
        assert counts.keys() == {0, 4}
        assert 0.3 < counts[4] / (counts[0] + counts[4]) < 0.6

    def test_are_answered_while_they_are_open(self):
        assert not asked(
            """select a.id from feedback_surveyanswer a join feedback_survey s on s.id = a.survey_id
               where a.answered_at::date < s.from_on or a.answered_at::date >= s.to_on"""
        )


class TestFault:
    def test_stands_out_as_the_lot_with_the_most_reports(self, company: Loaded):
        counts = Counter(
            dict(
                asked(
                    """select (p.code, c.lot)::text, count(*) from feedback_case c
                       join trade_product p on p.id = c.product_id where c.kind = 'fault'
                       group by p.code, c.lot"""
                )
            )
        )
        (first, most), (_, second) = counts.most_common(2)
        planted = company.truth["faulty"]
        assert first == f"({planted['product']},{planted['lot']})"
        assert most > 2 * second

    def test_is_reported_by_those_the_lot_was_delivered_to(self, company: Loaded):
        product, lot = company.truth["faulty"]["product"], company.truth["faulty"]["lot"]
        assert asked(f"select count(*) from feedback_case where lot = '{lot}'")[0][0] > 10
        assert not asked(
            f"""with bought as materialized (
                    select distinct i.customer_id from trade_invoice i
                    join trade_invoiceline l on l.invoice_id = i.id
                    join trade_product p on p.id = l.product_id where p.code = '{product}')
                select c.number from feedback_case c where c.lot = '{lot}' and not exists (
                    select 1 from bought b where b.customer_id in (c.customer_id, (
                        select k.customer_id from records_link k where k.source_record_id = c.account_id
                    )))
                and not exists (select 1 from records_sourcerecord r
                    join records_sourcerecord o on right(o.key, 7) = right(r.key, 7) and o.id <> r.id
                    where r.id = c.account_id)"""
        )


class TestContracts:
    def test_that_ended_are_those_of_customers_that_left(self, company: Loaded):
        left = {(one["source"], one["key"]): one for one in company.truth["leavers"]}
        planted = {one["number"] + one["source"]: one for one in company.truth["contract_endings"]}
        found = asked(
            """select s.name, r.key, c.number, c.ended_on from contracts_contract c
               join records_sourcerecord r on r.id = c.account_id
               join records_source s on s.id = c.source_id where c.state = 'ended'"""
        )
        assert len(found) > 3
        assert {number + source for source, _, number, _ in found} == planted.keys()
        for source, key, number, ended_on in found:
            one = planted[number + source]
            assert one["ended_on"] == ended_on.isoformat()
            leaver = left[source, key]
            assert one["reason"] == leaver["reason"]
            day_after = (ended_on + timedelta(days=1)).isoformat()
            assert leaver["left_on"] == day_after

    def test_form_chains_without_a_gap(self):
        rows = asked(
            """select c.customer_id = n.customer_id, c.valid_to = n.valid_from, n.kind = c.kind
               from contracts_contract c join contracts_contract n on n.id = c.renewed_by_id"""
        )
        assert len(rows) > 50
        assert set(rows) == {(True, True, True)}
        assert not asked(
            """select customer_id from contracts_contract where state <> 'renewed'
               group by customer_id having count(*) > 1"""
        )

    def test_are_worth_about_what_was_ordered_under_them(self):
        ratios = asked(
            """select c.value_minor / sum(o.net_minor) from contracts_contract c
               join trade_order o on o.customer_id = c.customer_id
                    and o.ordered_on >= c.valid_from and o.ordered_on < c.valid_to
               where c.state = 'renewed' group by c.id"""
        )
        values = sorted(float(ratio) for (ratio,) in ratios)
        assert 0.8 < values[len(values) // 2] < 1.15


class TestPromotions:
    def test_are_answered_as_was_planted(self, company: Loaded):
        found = asked(
            """select s.name, r.key, p.code, t.response, t.reason
               from campaigns_promotiontarget t join campaigns_promotion p on p.id = t.promotion_id
               join records_sourcerecord r on r.id = t.account_id
               join records_source s on s.id = t.source_id where t.response <> ''"""
        )
        planted = {
            (one["source"], one["key"], one["promotion"], one["response"], one["reason"])
            for one in company.truth["promotion_responses"]
        }
        assert set(found) == planted
        assert {response for *_, response, _ in found} > {"bought", "refused", "unsubscribed"}

    def test_are_answered_by_buying_where_the_books_say_so(self):
        rows = asked(
            """select t.number, t.response, t.responded_on, min(o.ordered_on)
               from campaigns_promotiontarget t join campaigns_promotion p on p.id = t.promotion_id
               left join (
                   select o.customer_id, o.ordered_on, g.category_3 from trade_order o
                   join trade_orderline l on l.order_id = o.id
                   join trade_product g on g.id = l.product_id
               ) o on o.customer_id = t.customer_id and o.category_3 = p.category_3
                   and o.ordered_on >= p.from_on and o.ordered_on < p.to_on
               join records_source s on s.id = t.source_id
               where t."group" = 'treated' and s.name <> 'webshop'
               group by t.id"""
        )
        bought = [row for row in rows if row[1] == "bought"]
        assert len(bought) > 8
        # Some bought under their second record only, which is another customer so far.
        assert sum(row[2] == row[3] for row in bought) > 0.9 * len(bought)
        assert not [row for row in rows if row[1] != "bought" and row[3] is not None]

    def test_are_for_the_groups_of_the_campaigns(self, company: Loaded):
        for group in ("treated", "control"):
            keys = {
                key
                for (key,) in asked(
                    f"""select r.key from campaigns_promotiontarget t
                        join records_sourcerecord r on r.id = t.account_id
                        where t."group" = '{group}'"""
                )
            }
            assert len(keys) > 40
            assert keys <= set(company.truth[group])

    def test_say_what_the_campaigns_were(self, company: Loaded):
        rows = asked(
            """select distinct code, from_on::text, to_on::text, category_3, cut_bp
               from campaigns_promotion"""
        )
        assert set(rows) == {
            (one["code"], one["from"], one["to"], one["category"][2], one["cut_percent"] * 100)
            for one in company.truth["campaigns"]
        }


class TestSparseWorld:
    def test_has_none_of_this(self):
        from clientela.demo.planted import Planted
        from clientela.demo.world import World
        from tests.demo.conftest import UNTIL

        world = World(customers=1_000_000, seed=1, until=UNTIL)
        assert Planted(world).as_json() == {}
