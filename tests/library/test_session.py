"""Sessions: what a reader may see, and what an engine may touch."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import ibis
import pytest
from ibis.expr.operations import Sort

from clientela.analysis.registry import ANALYSES
from clientela.kernel.scope import EVERYTHING, Scope
from clientela.tables.contract import ContractBroken
from clientela.tables.invoices import INVOICES
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.products import PRODUCTS
from clientela.tables.purchases import PURCHASES
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.refresh import refresh
from clientela.warehouse.session import Session, TookTooLong, TooManyRows
from clientela.warehouse.sharing import in_common
from clientela.warehouse.snapshots import NoSnapshot
from clientela.warehouse.sources import table_from
from tests.library.database import connect, prepare
from tests.library.trade import company

ROWS = company(3)


def with_rows(contract, rows):
    session = Session.duckdb()
    backend = session.engine.backend
    backend.create_table(contract.name, table_from(rows, contract))
    return session


@pytest.fixture(scope="module")
def invoices():
    with with_rows(INVOICES, ROWS["invoices"]) as session:
        yield session


@pytest.fixture(scope="module")
def session():
    with Session.duckdb() as session:
        for name, rows in ROWS.items():
            session.engine.backend.create_table(name, table_from(rows, CONTRACTS[name]))
        yield session


def seen(session, scope, contract=INVOICES):
    scoped = session.scoped(scope)
    return scoped.rows(scoped.table(contract))


class TestScope:
    def test_shows_everything_to_who_may_see_all(self, invoices):
        assert len(seen(invoices, EVERYTHING)) == len(ROWS["invoices"])

    def test_shows_the_rows_of_the_nodes_or_of_the_owner(self, invoices):
        rows = seen(invoices, Scope(all=False, nodes=(3,), owner_id=100))
        expected = {
            r["invoice_id"]
            for r in ROWS["invoices"]
            if r["org_node_id"] == 3 or r["owner_id"] == 100
        }
        assert {row["invoice_id"] for row in rows} == expected
        assert 0 < len(expected) < len(ROWS["invoices"])

    def test_shows_no_rows_to_who_has_neither_node_nor_customers(self, invoices):
        assert seen(invoices, Scope(all=False)) == []

    def test_drops_columns_above_the_class(self, invoices):
        columns = set(seen(invoices, Scope(all=True))[0])
        hidden = {name for name, c in INVOICES.columns.items() if c.field_class == "S3"}
        assert columns == set(INVOICES.columns) - hidden
        assert {"due_on", "cost_base_minor"} <= hidden

    def test_makes_an_analysis_say_which_column_it_may_not_see(self, invoices):
        scoped = invoices.scoped(Scope(all=True))
        with pytest.raises(ContractBroken, match="due_on"):
            INVOICES.check(scoped.table(INVOICES), "invoice_id", "due_on")

    def test_cannot_be_widened(self, invoices):
        narrow = invoices.scoped(Scope(all=False, nodes=(3,)))
        with pytest.raises(ValueError, match="scope already"):
            narrow.scoped(EVERYTHING)

    def test_leaves_products_and_the_organisation_whole(self):
        for contract in (PRODUCTS, ORG_NODES):
            rows = ROWS[contract.name]
            with with_rows(contract, rows) as session:
                assert len(seen(session, Scope(all=False), contract)) == len(rows)

    def test_refuses_a_class_that_no_column_has(self):
        with pytest.raises(ValueError, match="S9"):
            Scope(all=True, classes=frozenset({"S9"}))


class TestBounds:
    def test_refuse_more_rows_than_the_cap(self, invoices):
        small = Session(invoices.engine, row_cap=10)
        with pytest.raises(TooManyRows):
            small.rows(small.table(INVOICES))
        assert len(small.rows(small.table(INVOICES).limit(10))) == 10

    def test_stop_what_takes_too_long(self):
        with Session.duckdb() as session:
            numbers = ibis.range(0, 3_000_000).unnest().name("n").as_table()
            endless = numbers.cross_join(numbers.view()).agg(
                n=lambda t: (t.n * t.n_right % 7).max()
            )
            bounded = Session(session.engine, timeout_seconds=0.3)
            with pytest.raises(TookTooLong):
                bounded.rows(endless)

    def test_name_the_table_that_the_engine_lacks(self, invoices):
        with pytest.raises(ContractBroken, match="purchases"):
            invoices.table(PURCHASES)


class TestSharing:
    QUESTIONS = [
        (name, {choice.name: value})
        for name, analysis in ANALYSES.items()
        for choice in analysis.parameters
        for value in choice.choices or (choice.default,)
    ]

    def both(self, session, name, given):
        analysis = ANALYSES[name]
        tables = {c.name: session.table(c) for c in analysis.reads}
        period = analysis.period(date(2026, 3, 31))
        return (
            analysis.rows(tables, period, given),
            analysis.counted(tables, period, given),
        )

    @pytest.mark.parametrize(("name", "given"), QUESTIONS)
    def test_changes_no_answer(self, session, name, given):
        apart = self.both(session, name, given)
        shared = session.shared(*apart)
        assert [session.arrow(one) for one in shared] == [session.arrow(one) for one in apart]

    def test_keeps_what_is_open_for_the_answer_and_its_population(self, session):
        (part,) = in_common(*self.both(session, "ageing", {}))
        assert {"open_minor", "days_past_due"} <= set(part.schema)
        assert not in_common(*self.both(session, "abc", {}))

    def test_leaves_an_engine_that_keeps_nothing_alone(self, session):
        given = self.both(session, "ageing", {})
        keeping_nothing = Session(replace(session.engine, keeps=False))
        assert keeping_nothing.shared(*given) == given

    def test_keeps_every_row_of_an_ordered_answer(self, session):
        answer, _ = self.both(session, "abc", {})
        assert isinstance(answer.op(), Sort)
        kept = ANALYSES["abc"].in_order(session.kept(answer), {})
        assert session.arrow(kept) == session.arrow(answer)


@pytest.mark.slow
class TestCopySession:
    @pytest.fixture
    def folder(self, postgres_dsn: str, tmp_path: Path) -> Path:
        prepare(postgres_dsn, ROWS)
        refresh(postgres_dsn, tmp_path / "copy")
        return tmp_path / "copy"

    def test_may_touch_nothing_outside_the_copy(self, folder, tmp_path):
        secret = tmp_path / "secret.csv"
        secret.write_text("a\n1\n")
        with Session.delta(folder) as session:
            engine = session.engine.backend.con
            for statement in (
                f"SELECT * FROM read_csv('{secret}')",
                f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
                f"ATTACH '{tmp_path / 'other.db'}'",
                "INSTALL httpfs",
            ):
                with pytest.raises(duckdb.Error):
                    engine.execute(statement)
            assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "secret.csv"]

    def test_cannot_be_unlocked(self, folder):
        with Session.delta(folder) as session:
            engine = session.engine.backend.con
            for statement in ("SET enable_external_access = true", "SET threads = 1"):
                with pytest.raises(duckdb.Error):
                    engine.execute(statement)

    def test_spills_within_the_copy(self, folder):
        with Session.delta(folder) as session:
            (found,) = session.engine.backend.con.execute(
                "SELECT current_setting('temp_directory')"
            ).fetchall()
        assert found == (str((folder / "spill" / str(os.getpid())).resolve()),)

    def test_takes_no_more_of_the_machine_than_the_settings_say(self, folder, monkeypatch):
        monkeypatch.setenv("CLIENTELA_QUERY_MEMORY", "1GB")
        monkeypatch.setenv("CLIENTELA_QUERY_THREADS", "3")
        with Session.delta(folder) as session:
            (found,) = session.engine.backend.con.execute(
                "SELECT current_setting('memory_limit'), current_setting('threads')"
            ).fetchall()
        assert found == ("1.0 GiB", 3)

    def test_answers_from_the_spill_folder_what_its_memory_does_not_hold(self, folder, monkeypatch):
        monkeypatch.setenv("CLIENTELA_QUERY_MEMORY", "256MB")
        many = (
            "CREATE TEMP TABLE many AS SELECT i, i * 7919 % 20000003 AS k FROM range(20000000) t(i)"
        )
        with Session.delta(folder) as session:
            engine = session.engine.backend.con
            engine.execute(many)
            (spilled,) = engine.execute(
                "SELECT sum(temporary_storage_bytes) > 0, sum(memory_usage_bytes) < 256 * 1024 * 1024"
                " FROM duckdb_memory()"
            ).fetchall()
            assert engine.execute("SELECT count(*) FROM many").fetchall() == [(20_000_000,)]
        assert spilled == (True, True)

    def test_holds_every_contract_also_where_it_has_no_rows(self, folder):
        with Session.delta(folder) as session:
            assert session.snapshot == 1
            for contract in CONTRACTS.values():
                rows = session.rows(session.table(contract))
                assert len(rows) == len(ROWS.get(contract.name, []))

    def test_knows_only_snapshots_that_there_are(self, folder, tmp_path):
        for where, number in ((folder, 2), (tmp_path / "nowhere", None)):
            with pytest.raises(NoSnapshot):
                Session.delta(where, number)

    def test_database_session_reads_the_views_and_writes_nothing(self, folder, postgres_dsn):
        with Session.postgres(postgres_dsn) as session, connect(postgres_dsn) as direct:
            assert len(session.rows(session.table(PURCHASES))) == len(ROWS["invoices"])
            assert "txid" not in session.table(INVOICES).columns
            (count,) = direct.execute("SELECT count(*) FROM warehouse.invoices").fetchone()
            assert count == len(ROWS["invoices"])
            with pytest.raises(Exception, match="read-only"):
                session.engine.backend.raw_sql("DELETE FROM held.invoices")
