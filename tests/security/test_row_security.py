"""The second wall: what PostgreSQL itself shows when a selector forgets its scope."""

from datetime import date

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from clientela.records.models import Classification, Customer, RecordVersion
from clientela.security.selectors import context_of
from clientela.store.context import Context, current, database_context, system_context
from tests.factories import add_customer, make_company


@pytest.fixture
def company(db):
    company = make_company()
    for node, owner in (("madrid", "sales"), ("madrid", "colleague"), ("shanghai", "stranger")):
        add_customer(company, node=node, owner=owner, name=f"{node} {owner}")
    return company


def seen(company, name):
    """Return the names of all customers that the database shows to a user, unfiltered."""
    with database_context(context_of(company.access(name))):
        return set(Customer.objects.values_list("name", flat=True))


class TestRowSecurity:
    @pytest.mark.parametrize(
        ("user", "names"),
        [
            ("sales", {"madrid sales"}),
            ("colleague", {"madrid colleague"}),
            ("stranger", {"shanghai stranger"}),
            ("credit_controller", {"madrid sales", "madrid colleague"}),
            ("boss", {"madrid sales", "madrid colleague"}),
            ("administrator", set()),
            ("security_officer", set()),
        ],
    )
    def test_shows_a_user_no_row_out_of_reach_even_without_a_filter(self, company, user, names):
        assert seen(company, user) == names

    def test_shows_nothing_without_a_context(self, company):
        assert not Customer.objects.exists()
        assert not RecordVersion.objects.exists()

    def test_lets_nobody_write_a_row_into_anothers_branch(self, company):
        node = company.nodes["shanghai"].pk
        with (
            database_context(context_of(company.access("credit_controller"))),
            pytest.raises(Exception, match="row-level security"),
            transaction.atomic(),
        ):
            Customer.objects.create(kind="company", org_node_id=node)

    def test_ends_with_the_block_that_opened_it(self, company):
        for name in ("boss", "stranger", "administrator") * 5:
            seen(company, name)
            assert current() == Context()
            assert not Customer.objects.exists()

    def test_gives_back_the_former_reach_after_a_system_job_inside_a_request(self, company):
        with database_context(context_of(company.access("sales"))):
            with system_context("a job inside a request"):
                assert Customer.objects.count() == 3
            assert Customer.objects.count() == 1

    def test_ends_with_the_transaction_on_the_server_itself(self, company):
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('clientela.sees_all', true)")
            assert cursor.fetchone()[0] in (None, "")

    def test_ends_with_the_transaction_also_where_nobody_gives_it_back(self, fresh_database):
        with connection.cursor() as cursor, system_context("a request that dies half-way"):
            cursor.execute("commit")  # as a lost process leaves it to the pool
            cursor.execute("select current_setting('clientela.sees_all', true)")
            left = cursor.fetchone()[0]
            cursor.execute("begin")
        assert left in (None, "")

    def test_shows_classes_of_the_customers_that_one_sees(self, company):
        with system_context("classes of everybody"):
            for one in Customer.objects.all():
                Classification.objects.create(
                    customer=one, scheme="abc", value="A", as_of=date(2026, 5, 1), snapshot=1,
                    recorded_at=timezone.now(),
                )  # fmt: skip
        for user, expected in (("sales", 1), ("boss", 2), ("administrator", 0)):
            with database_context(context_of(company.access(user))):
                assert Classification.objects.count() == expected

    def test_is_forced_on_every_table_that_has_a_scope(self, company):
        with connection.cursor() as cursor:
            cursor.execute(
                """select relname from pg_class c join pg_namespace n on n.oid = relnamespace
                   where nspname = 'public' and relkind = 'r' and not relforcerowsecurity
                     and exists (select 1 from pg_attribute a where a.attrelid = c.oid
                                 and a.attname in ('owner_id', 'customer_id', 'source_record_id')
                                 and not attisdropped)"""
            )
            # A to-do is for whoever it names; its selector is its only scope. What a record will
            # say one day stands in its versions: here is a time alone.
            assert {name for (name,) in cursor.fetchall()} == {
                "worklist_workitem", "records_comingfact",
            }  # fmt: skip


class TestRoles:
    def test_the_application_owns_nothing_and_bypasses_nothing(self, company):
        with connection.cursor() as cursor:
            cursor.execute(
                "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
            )
            assert cursor.fetchone() == ("clientela_app", False, False)
            cursor.execute("select count(*) from pg_tables where tableowner = current_user")
            assert cursor.fetchone() == (0,)

    def test_the_reader_sees_no_name_and_writes_nothing(self, fresh_database):
        with psycopg.connect(fresh_database.reader) as reader:
            reader.execute("select customer_id, country from warehouse.customers")
            for query in (
                "select name from records_customer",
                "select facts from records_customer",
                "select attributes from records_recordversion",
                "select email from security_user",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), reader.transaction():
                    reader.execute(query)
            with pytest.raises(psycopg.Error), reader.transaction():
                reader.execute("update records_customer set city = 'x'")
