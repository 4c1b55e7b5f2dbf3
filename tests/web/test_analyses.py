"""The pages of the analyses: for whom, over what, and with nothing above their classes."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import ask, refresh_copy, totals
from clientela.analysis.services.presenting import columns_of, outer_figures
from clientela.analysis.services.question import question
from clientela.analysis.suppression import hidden_groups
from clientela.audit.models import Event
from clientela.records.models import Customer, Source
from clientela.records.selectors import customers
from clientela.security.roles import Role
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from clientela.web.analyses import words
from tests import kept
from tests.factories import NOON, add_customer, give, make_company
from tests.web.world import World, make_world, second_factor

ASK = "sales credit_controller credit_manager marketing analyst data_steward auditor executive"
SEES_S3 = "sales credit_controller credit_manager analyst data_steward auditor executive"
DOWNLOAD = "analyst data_steward"
EVERYBODY = f"{ASK} service security_officer administrator"
OF_S3 = ("ageing", "punctuality", "dso")


@pytest.fixture(scope="class")
def world(django_db_setup, django_db_blocker):
    """One world for all roles; each request is undone with the test's transaction."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def few_are_enough(monkeypatch):
    """Let a group of one customer be shown in totals: the test's company has four."""
    monkeypatch.setattr(totals, "hidden_groups", partial(hidden_groups, least=1))


class TestPageOfAnalyses:
    @pytest.mark.parametrize("role", EVERYBODY.split())
    def test_opens_for_the_roles_that_may_ask(self, world, role, django_db_blocker):
        client = world.client(role)
        allowed = role in ASK.split()
        assert client.get(reverse("analyses:index")).status_code == (200 if allowed else 403)
        for name in ANALYSES:
            answer = client.get(reverse("analyses:one", args=[name]), {"as_of": "2026-05-01"})
            sees = allowed and (name not in OF_S3 or role in SEES_S3.split())
            assert answer.status_code == (200 if sees else 403), name
        taken = client.post(f"{reverse('analyses:download', args=['sales'])}?as_of=2026-05-01")
        assert taken.status_code == (200 if role in DOWNLOAD.split() else 403)

    def test_sends_who_is_not_signed_in_to_the_sign_in_page(self, world):
        assert Client().get(reverse("analyses:one", args=["abc"])).status_code == 302

    @pytest.mark.parametrize(
        "query",
        [
            {"as_of": "tomorrow"},
            {"as_of": "2026-02-30"},
            {"page": "-1"},
            {"page": "１"},
            {"a_until_percent": "0"},
            {"no_such_parameter": "1"},
            {"order": "password"},
            {"a_until_percent": "97", "b_until_percent": "90"},
            {"as_of": "9999-12-31"},
            {"is:password": "x"},
        ],
    )
    def test_refuses_what_cannot_be_asked_without_an_error(self, world, query):
        answer = world.client("analyst").get(reverse("analyses:one", args=["abc"]), query)
        assert answer.status_code in (200, 422)
        if answer.status_code == 200:
            assert b'role="alert"' in answer.content

    def test_knows_no_other_analysis(self, world):
        assert world.client("analyst").get("/analyses/passwords").status_code == 404


class Trade:
    @pytest.fixture
    def trade(self, django_test_environment, django_db_blocker):
        """Three customers of madrid with sales of 80, 15 and 5, and one of shanghai with 1000."""
        with kept.copied("trade", self.company_that_sold, django_db_blocker) as world:
            yield world

    def company_that_sold(self):
        world = World(company=make_company())
        with system_context("sales for a test"):
            for user in world.company.users.values():
                second_factor(user)
            for n, (node, owner, net) in enumerate(
                [("madrid", "sales", 80), ("madrid", "colleague", 15), ("madrid", "sales", 5),
                 ("shanghai", "stranger", 1000)]
            ):  # fmt: skip
                customer = add_customer(
                    world.company, node=node, owner=owner, name=f"Client {n}", key=f"client-{n}"
                )
                self.sell(world, customer, node, net * 100, n)
        refresh_copy(full=True)
        return world

    def sell(self, world, customer, node, net_minor, n):
        source = Source.objects.get(name="erp")
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into trade_invoice (public_id, source_id, number, account_id, customer_id,
                     org_node_id, owner_id, sold_by_id, currency, digest, recorded_at, void_reason,
                     kind, settlement, issued_on, net, tax, net_minor, gross_minor, net_base_minor,
                     gross_base_minor, delay_is_ours, lines_count)
                   select gen_random_uuid(), %s, %s, l.source_record_id, c.id, c.org_node_id,
                     c.owner_id, %s, 'EUR', '', %s, '', 'invoice', 'known', '2026-04-01', %s, 0,
                     %s, %s, %s, %s, false, 0
                   from records_customer c join records_link l on l.customer_id = c.id
                   where c.id = %s""",
                [source.pk, f"F{n}", world.company.nodes[node].pk, NOON, net_minor / 100,
                 net_minor, net_minor, net_minor, net_minor, customer],
            )  # fmt: skip


class TestAnswer(Trade):
    def test_is_taken_over_what_the_reader_reaches(self, trade, few_are_enough):
        found = {}
        for role in ("sales", "credit_manager", "executive"):
            page = trade.client(role).get(
                reverse("analyses:one", args=["abc"]), {"as_of": "2026-05-01"}
            )
            rows = page.context["answer"].rows
            found[role] = {row.get("customer", row["class"]): row["net_sales"] for row in rows}
        assert sorted(found["sales"].values()) == ["5.00", "80.00"]
        assert sorted(found["credit_manager"].values()) == ["15.00", "5.00", "80.00"]
        assert sum(map(Decimal, found["executive"].values())) == 100  # classes, not customers

    def test_past_its_end_says_so_and_leads_back(self, trade):
        client, url = trade.client("analyst"), reverse("analyses:one", args=["abc"])
        asked = {"as_of": "2026-05-01", "page": "99999"}
        text = client.get(url, asked).content.decode()
        assert "There are only 1 pages" not in text
        assert "There is only one page" in text
        assert "Nothing to show for this time" not in text
        assert 'href="?as_of=2026-05-01&amp;page=1"' in text
        assert 'href="?as_of=2026-05-01"' in text

    @pytest.mark.parametrize("order", ["-overdue", "customer", "password"])
    def test_refused_as_a_whole_is_refused_alike_in_any_order(self, trade, order):
        client, url = trade.client("marketing"), reverse("analyses:one", args=["ageing"])
        plain, ordered = (client.get(url, q) for q in ({}, {"order": order}))
        assert (plain.status_code, ordered.status_code) == (403, 403)

    def test_says_of_a_column_that_is_none_that_it_is_none(self, trade):
        url = reverse("analyses:one", args=["abc"])
        answer = trade.client("sales").get(url, {"as_of": "2026-05-01", "order": "-overdue"})
        text = answer.content.decode()
        assert "There is no column overdue to sort by." in text
        assert "by your roles" not in text

    def test_reads_only_tables_of_what_the_reader_reaches(self, trade):
        sums = {}
        for role in ("sales", "credit_manager", "analyst", "stranger"):
            access = trade.company.access(role)
            with database_context(context_of(access)):
                asked = question(
                    "abc", at=timezone.now(), as_of=date(2026, 5, 1), parameters={}, source=None
                )
                sums[role] = ask(access, asked).population["amounts"]
        nets = {role: [one["amount"] for one in amounts] for role, amounts in sums.items()}
        assert nets == {
            "sales": ["85.00"], "credit_manager": ["100.00"], "analyst": ["100.00"],
            "stranger": ["1000.00"],
        }  # fmt: skip

    def test_shows_names_to_who_may_read_customers_and_pseudonyms_to_the_analyst(self, trade):
        page = trade.client("credit_manager").get(
            reverse("analyses:one", args=["abc"]), {"as_of": "2026-05-01"}
        )
        assert "Client 0" in page.content.decode()
        page = trade.client("analyst").get(
            reverse("analyses:one", args=["abc"]), {"as_of": "2026-05-01"}
        )
        assert "Client 0" not in page.content.decode()
        assert all(row["name"] is None for row in page.context["answer"].rows)

    def test_leads_to_the_documents_behind_a_row(self, trade):
        client = trade.client("credit_manager")
        page = client.get(reverse("analyses:one", args=["abc"]), {"as_of": "2026-05-01"})
        _, behind = page.context["table"].rows[0]
        documents = client.get(behind)
        assert documents.status_code == 200
        assert "F0" in documents.content.decode()
        assert "€80.00" in documents.content.decode()

    def test_leaves_as_a_file_that_no_spreadsheet_runs_and_an_event(self, trade):
        with system_context("a hostile name"):
            add_customer(trade.company, node="madrid", name="=cmd|'/c calc'!A0", key="client-9")
        refresh_copy()
        client = trade.client("data_steward")
        taken = client.post(f"{reverse('analyses:download', args=['abc'])}?as_of=2026-05-01")
        text = taken.content.decode("utf-8-sig")
        assert "'=cmd" in text
        assert ",=cmd" not in text
        event = Event.objects.get(act="analysis.answer.downloaded")
        assert event.rows == 4  # the hostile one is inactive
        read = Event.objects.get(act="records.customer.read", object_id="analyses:download")
        with system_context("who is in the file"):
            madrid = trade.company.nodes["madrid"]
            told_of = set(Customer.objects.filter(org_node=madrid).values_list("pk", flat=True))
        assert set(read.customer_ids) == told_of
        assert (len(told_of), read.fields_read["analysis"]) == (4, "S3")

    def test_is_sorted_narrowed_and_paged_by_the_engine(self, trade):
        client = trade.client("credit_manager")
        query = {"as_of": "2026-05-01", "order": "net_sales_minor"}
        page = client.get(reverse("analyses:one", args=["abc"]), query)
        assert [r["net_sales"] for r in page.context["answer"].rows] == ["5.00", "15.00", "80.00"]
        narrowed = client.get(
            reverse("analyses:one", args=["abc"]), {"as_of": "2026-05-01", "is:class": "A"}
        )
        assert {r["class"] for r in narrowed.context["answer"].rows} == {"A"}


class TestOwn(Trade):
    def test_is_what_one_owns_where_one_works(self, trade):
        """A customer of shanghai that the salesperson of madrid owns is in neither list."""
        access = trade.company.access("sales")
        with system_context("a customer far away"):
            far = Customer.objects.get(name="Client 3")
            Customer.objects.filter(pk=far.pk).update(owner_id=access.user_id)
        refresh_copy(full=True)
        with database_context(context_of(access)):
            listed = {row.name for row in customers(access)[0]}
            answer = ask(access, question("abc", at=timezone.now(), as_of=date(2026, 5, 1)))
        bought = {row["name"] for row in answer.rows if row["class"] != "inactive"}
        assert bought <= listed
        assert "Client 3" not in bought | listed
        assert "Client 0" in bought


class TestTotals(Trade):
    """Management sees totals and groups: on pages, by the API, and of the services alike."""

    @pytest.mark.parametrize("name", ANALYSES)
    def test_hold_no_row_of_one_customer(self, trade, name):
        client = trade.client("executive")
        query = {"as_of": "2026-05-01"}
        page = client.get(reverse("analyses:one", args=[name]), query)
        assert page.status_code == 200
        text = page.content.decode()
        told = client.get(f"/api/v1/analyses/{name}", query).json()
        for answer in (page.context["answer"].as_json(), told):
            columns = {column["name"] for column in answer["columns"]}
            assert columns.isdisjoint({"name", "source_keys"} - _of_all(answer))
            assert all(row.get("customer") is None for row in answer["rows"])
            assert not any(row.get("source_keys") for row in answer["rows"])
        assert told["rows"] == list(page.context["answer"].as_json()["rows"])
        assert "Client " not in text
        assert "client-" not in text
        assert "/documents?" not in text
        assert '<option value="customer"' not in text

    def test_are_the_groups_of_the_customers(self, trade, few_are_enough):
        access = trade.company.access("executive")
        with database_context(context_of(access)):
            asked = question(
                "abc", at=timezone.now(), as_of=date(2026, 5, 1), parameters={}, source=None
            )
            found = ask(access, asked)
        assert [(r["class"], r["customers"], r["net_sales"]) for r in found.rows] == [
            ("A", 2, "95.00"), ("C", 1, "5.00"),
        ]  # fmt: skip

    def test_are_refused_by_customer_and_of_documents(self, trade):
        client = trade.client("executive")
        for path in (
            "/analyses/sales?as_of=2026-05-01&by=customer",
            "/analyses/abc/documents?as_of=2026-05-01&key:customer=",
            "/api/v1/analyses/sales?as_of=2026-05-01&by=customer",
        ):
            assert client.get(path).status_code == 403, path

    def test_are_all_that_is_seen_beside_another_role(self, trade):
        with system_context("a second role"):
            give(trade.company.users["executive"], Role.SALES, trade.company.nodes["madrid"])
        page = trade.client("executive").get("/analyses/abc?as_of=2026-05-01")
        assert {"class", "customers"} <= page.context["answer"].rows[0].keys()
        assert "Client " not in page.content.decode()


def _of_all(answer):
    """Return the columns that stay, all empty, where one row stands for everybody."""
    return {"name", "source_keys"} if answer["parameters"].get("per") == "total" else set()


class TestWords:
    def test_name_every_analysis_figure_parameter_and_choice(self):
        for analysis in ANALYSES.values():
            for table in (words.NAMES, words.QUESTIONS, words.FORMULAS):
                assert analysis.name in table
            for column in columns_of(outer_figures(analysis.figures)):
                assert column.name in words.FIGURES or column.name == "source_keys", column.name
            for parameter in analysis.parameters:
                assert parameter.name in words.PARAMETERS
                assert all(choice in words.CODES for choice in parameter.choices)


class TestHeads(Trade):
    @pytest.mark.parametrize(("by", "head"), [("month", "Month"), ("country", "Country")])
    def test_call_a_group_what_it_is(self, trade, by, head):
        query = {"as_of": "2026-05-01", "by": by}
        page = trade.client("credit_manager").get(reverse("analyses:one", args=["sales"]), query)
        assert page.context["table"].heads[0].label == head


class TestColumns(Trade):
    def test_are_those_of_the_rows(self, trade):
        access = trade.company.access("credit_manager")
        ways = [(name, {}) for name in ANALYSES]
        ways += [("sales", {"by": by}) for by in ANALYSES["sales"].parameters[0].choices]
        for name, parameters in ways:
            with database_context(context_of(access)):
                answer = ask(
                    access,
                    question(
                        name, at=timezone.now(), as_of=date(2026, 5, 1), parameters=parameters
                    ),
                )
            columns = {column.name for column in answer.columns}
            assert all(set(row) == columns for row in answer.rows), (name, parameters)


class TestDocuments(Trade):
    def test_are_closed_to_who_reads_no_documents(self, trade):
        client = trade.client("marketing")
        for name in ANALYSES:
            behind = client.get(f"/analyses/{name}/documents?as_of=2026-05-01")
            page = client.get(f"/analyses/{name}?as_of=2026-05-01")
            assert behind.status_code == 403, name
            assert "/documents?" not in page.content.decode(), name
