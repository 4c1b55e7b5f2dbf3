"""What a batch reads follows from the batch, whatever the planner believes of the tables.

Statistics are of before while an import fills tables: of no rows, of far fewer, of other sources.
Every statement of the loads below is explained as it ran, those of triggers too, and the rows that
the steps of its plan took are counted. A plan that goes bad takes hundreds for each document.
"""

from typing import Any

import pytest

from clientela.records.models import Source
from clientela.security.models import Grant
from clientela.store.bulk import execute, fetch
from clientela.store.context import system_context
from clientela.store.statistics import count_grown
from clientela.trade.services import load_allocations
from tests.explaining import Ran, explained, superuser
from tests.factories import make_company
from tests.intake.bringing import Books, Row, content_of

MANY, CUSTOMERS = 6_000, 500  # two batches; each document would be compared with each
FEWER = 3_000  # customers of a file
MOST = 120  # rows that the steps of one statement may take for a document
LARGE = "relkind = 'r' and relname ~ '^(trade|records)_'"
PICTURES = {
    "never counted": f"""
        delete from pg_statistic where starelid in (select oid from pg_class where {LARGE});
        update pg_class set relpages = 0, reltuples = -1 where {LARGE}""",
    "of another source": "analyze",
    # As counted while the first thousands of another import were not committed.
    "of far fewer": f"""
        analyze; update pg_class set relpages = 100, reltuples = 30 where {LARGE}""",
}
# Once a first file is there: all was counted but what was taken back, which is seldom enough.
COUNTED_BUT_FOR = {
    "but for what was taken back": """
        analyze; delete from pg_statistic where starelid = 'records_retraction'::regclass;
        update pg_class set relpages = 0, reltuples = -1 where oid = 'records_retraction'::regclass"""
}
_STILL = f"""
do $$ declare one record; begin
    for one in select oid::regclass as name from pg_class where {LARGE} loop
        execute format('alter table %s set (autovacuum_enabled = off)', one.name);
    end loop;
end $$;
create or replace function scope.count_grown(joined jsonb) returns void language sql as 'select'"""


def _files(count: int) -> dict[str, tuple[str, str]]:
    """Invoices, a tenth credited in part, and payments: a third names no invoice, one no customer."""
    of = {n: f"K{n % CUSTOMERS}" for n in range(count)}
    invoices = [
        Row(number=f"F{n}", day="2026-03-01", amount=1000 + n, of=of[n]) for n in range(count)
    ] + [
        Row(number=f"C{n}", day="2026-03-02", amount=-10, names=f"F{n}", of=of[n])
        for n in range(0, count, 10)
    ]
    payments = [
        Row(number=f"P{n}", day="2026-04-01", amount=1000 + n, names=f"F{n}" if n % 3 else "",
            of=of[n] if n % 3 != 1 else "")
        for n in range(count)
    ]  # fmt: skip
    return {
        "invoices": content_of("invoices", invoices),
        "payments": content_of("payments", payments),
    }


def _allocate(books: Books) -> None:
    """Settle by a list what names no invoice, as a load of allocations does."""
    with system_context("allocations for a test"):
        source = Source.objects.get(name=books.source)
        run = books.runs["payments"]
        execute(
            """insert into staging.allocation select %s, n, 'F' || n, 'P' || n, null, '2026-04-02', 500,
               '', false from generate_series(0, %s, 3) n""",
            [run.pk, MANY - 1],
        )
        load_allocations(run_id=run.pk, source_id=source.pk, at=books.at)


@pytest.mark.slow
class TestABatch:
    @pytest.mark.parametrize("order", [("invoices", "payments"), ("payments", "invoices")])
    @pytest.mark.parametrize("picture", PICTURES)
    def test_reads_some_rows_for_each_document(
        self, fresh_database: Any, tmp_path: Any, picture: str, order: tuple[str, str]
    ) -> None:
        with system_context("a company for a test"):
            company = make_company()
            other = Books(company, tmp_path, _files(30), source="other")
            books = Books(company, tmp_path, _files(MANY))
        for name in ("invoices", "payments"):  # none is without its customer
            other.bring(name)
        with superuser() as admin:
            admin.execute(_STILL)
            for statement in PICTURES[picture].split(";"):
                admin.execute(statement)
        with explained() as ran:
            for name in order:
                books.bring(name)
            _allocate(books)
            books.take_back(order[0])
            books.bring(order[0])
        assert _worst(ran) < MOST * MANY, max(ran, key=lambda one: one.rows).text
        _hold_all_that_came()


def _worst(ran: list[Ran]) -> int:
    assert len(ran) > 200  # those of triggers among them
    assert any("restate_payments" in one.text for one in ran)
    return max(one.rows for one in ran)


def _hold_all_that_came() -> None:
    """What was loaded and taken back is what it is with a true picture."""
    with system_context("a test looks"):
        ((settled, by_lists),) = fetch(
            """select count(*) filter (where p.invoice_number <> ''), count(*) filter (
                   where p.invoice_number = '') from trade_allocation a
               join trade_payment p on p.id = a.payment_id join trade_invoice i on i.id = a.invoice_id
               where a.voided_at is null and i.number like 'F%%'
                 and p.source_id = (select id from records_source where name = 'erp')"""
        )
    assert settled == MANY * 2 // 3
    assert by_lists == 0  # both went with what was taken back


def _customers(word: str, count: int) -> tuple[str, str]:
    rows = "".join(f"K{n},{word} {n} Ltd,ES\n" for n in range(count))
    return "customers", f"Customer No,Name,Country\n{rows}"


@pytest.mark.slow
class TestAFileOfCustomers:
    @pytest.mark.parametrize("picture", [*PICTURES, *COUNTED_BUT_FOR])
    def test_reads_some_rows_for_each(
        self, fresh_database: Any, tmp_path: Any, picture: str
    ) -> None:
        """New ones, all of them again under other names, and that taken back and brought again; by
        a steward of a branch, for whom each is looked up."""
        with system_context("a company for a test"):
            company = make_company()
            held = Grant.objects.filter(user=company.users["data_steward"])
            held.update(node=company.nodes["madrid"])
            other = Books(company, tmp_path, {"few": _customers("Few", FEWER)}, source="other")
            files = {name: _customers(name, FEWER) for name in ("first", "renamed")}
            files["begun"] = _customers("first", FEWER // 10)
            books = Books(company, tmp_path, files)
        other.bring("few")
        books.answers = {"names:changed": "take"}
        with superuser() as admin:
            admin.execute(_STILL)
            for statement in PICTURES.get(picture, "analyze").split(";"):
                admin.execute(statement)
        with explained() as ran:
            books.bring("begun")
            with superuser() as admin:
                admin.execute(COUNTED_BUT_FOR.get(picture, "select"))
            books.bring("first")
            books.bring("renamed")
            books.take_back("renamed")
            assert books.bring("renamed").accepted == FEWER
        worst = max(ran, key=lambda one: one.rows)
        assert worst.rows < MOST * FEWER, worst.text
        assert any("account_note" in one.text for one in ran)


@pytest.mark.slow
class TestBesideAFileThatIsChecked:
    @pytest.mark.parametrize("kind", ["customers", "invoices"])
    def test_a_file_waits_for_nothing_and_reads_some_rows_for_each(
        self, fresh_database: Any, tmp_path: Any, kind: str
    ) -> None:
        """The other has counted its units, and holds the lock of that to the end of its check."""
        with system_context("a company for a test"):
            files = {"customers": _customers("Co", FEWER), "invoices": _files(FEWER)["invoices"]}
            books = Books(make_company(), tmp_path, files)
        with superuser() as other, other.transaction():
            other.execute("analyze staging.unit")
            with explained() as ran:
                execute("set lock_timeout = '2s'")
                run = books.bring(kind)
        assert run.state == "done"
        worst = max(ran, key=lambda one: one.rows)
        assert worst.rows < MOST * FEWER, worst.text


@pytest.mark.slow
class TestATable:
    def test_is_not_counted_while_none_of_its_rows_is_seen(self, fresh_database: Any) -> None:
        row = """insert into records_sourcerecord (source_id, key, kind, created_at)
                 select 1, 'k' || n, 'company', now() from generate_series(1, 20000) n"""
        believed = "select reltuples::bigint from pg_class where relname = 'records_sourcerecord'"
        with superuser() as other, superuser() as looking:
            other.execute("set session_replication_role = replica")  # no source is needed
            with other.transaction():
                other.execute(row)
                count_grown()
                assert looking.execute(believed).fetchone() == (-1,)
            other.execute("select pg_stat_force_next_flush()")
            looking.execute(
                """update pg_class set reltuples = 0, relpages = 1000
                   where relname = 'records_sourcerecord'"""
            )  # as the server's own count leaves it
            count_grown()
            assert looking.execute(believed).fetchone() == (20_000,)
