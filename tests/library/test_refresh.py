"""The refresh of the columnar copy from a real PostgreSQL."""

import json
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import deltalake
import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg.conninfo import make_conninfo

from clientela.tables.customers import CUSTOMERS
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.pull import ViewBroken, open_source
from clientela.warehouse.refresh import RefreshRunning, refresh
from clientela.warehouse.snapshots import NoSnapshot, numbers, open_snapshot
from tests.library.copies import differences, in_copy, totals
from tests.library.database import connect, insert, prepare
from tests.library.trade import company

pytestmark = pytest.mark.slow


@pytest.fixture
def dsn(quiet_server: str) -> str:
    name = f"copied_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(quiet_server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = make_conninfo(quiet_server, dbname=name)
    prepare(url, company(7, customers=20, documents=200))
    return url


def execute(dsn: str, statement: str) -> None:
    with connect(dsn) as connection:
        connection.execute(statement)


def held(folder: Path) -> dict[str, Any]:
    """The newest snapshot's file, to be tampered with."""
    return json.loads(_file(folder).read_text())


def _file(folder: Path) -> Path:
    return folder / "snapshots" / f"{numbers(folder)[-1]}.json"


class TestRefresh:
    def test_loads_everything_the_first_time(self, dsn, tmp_path):
        done = refresh(dsn, tmp_path)
        assert differences(dsn, tmp_path) == []
        assert done.snapshot == 1
        assert done.rows["invoices"] == done.rows["purchases"] == 200
        assert set(done.reloaded) == set(CONTRACTS)

    def test_writes_for_its_own_account_alone(self, dsn, tmp_path):
        folder = tmp_path / "copy"
        folder.mkdir(mode=0o755)
        refresh(dsn, folder)
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_brings_only_what_changed_the_second_time(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        execute(
            dsn,
            "UPDATE held.invoices SET net_base_minor = net_base_minor + 1 WHERE invoice_id <= 3",
        )
        done = refresh(dsn, tmp_path)
        assert (done.snapshot, done.rows["invoices"], done.rows["customers"]) == (2, 3, 0)
        assert done.reloaded == ()
        assert differences(dsn, tmp_path) == []

    def test_publishes_nothing_when_nothing_changed(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        done = refresh(dsn, tmp_path)
        assert (done.snapshot, done.changed, numbers(tmp_path)) == (1, False, [1])

    def test_moves_a_row_to_another_month_and_leaves_no_second_one(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        execute(dsn, "UPDATE held.invoices SET issued_on = '2031-01-01' WHERE invoice_id = 5")
        refresh(dsn, tmp_path)
        assert differences(dsn, tmp_path) == []
        at = list(PURCHASES.columns).index("purchased_on")
        days = {row[0]: row[at] for row in in_copy(tmp_path, PURCHASES)}
        assert len(days) == 200
        assert days[5] == date(2031, 1, 1)

    def test_keeps_the_rollup_equal_to_the_invoices(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        execute(dsn, "DELETE FROM held.invoices WHERE invoice_id % 7 = 0")
        execute(dsn, "UPDATE held.invoices SET kind = 'credit_note' WHERE invoice_id = 9")
        refresh(dsn, tmp_path)
        by_id = {row[0]: row for row in in_copy(tmp_path, PURCHASES)}
        assert by_id.keys() == {row[0] for row in in_copy(tmp_path, INVOICES)}
        kind = list(PURCHASES.columns).index("kind")
        assert (by_id[9][kind], by_id[9][-1]) == ("credit_note", False)

    def test_takes_away_what_was_deleted(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        execute(dsn, "DELETE FROM held.invoices WHERE invoice_id <= 10")
        execute(dsn, "DELETE FROM held.customers")
        done = refresh(dsn, tmp_path)
        assert (done.gone["invoices"], done.rows["invoices"]) == (10, 0)
        assert in_copy(tmp_path, CUSTOMERS) == []
        assert differences(dsn, tmp_path) == []

    def test_keeps_a_row_that_was_deleted_and_made_again(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        row = company(7, customers=20, documents=200)["invoices"][0]
        with connect(dsn) as connection, connection.transaction():
            connection.execute("DELETE FROM held.invoices WHERE invoice_id = 1")
            insert(connection, INVOICES, [row | {"net_minor": 4711}])
        refresh(dsn, tmp_path)
        assert differences(dsn, tmp_path) == []

    def test_loses_no_transaction_that_commits_late(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        with connect(dsn) as late, connect(dsn) as early:
            late.execute("BEGIN")
            late.execute("UPDATE held.invoices SET net_minor = 1 WHERE invoice_id = 1")
            early.execute("UPDATE held.invoices SET net_minor = 2 WHERE invoice_id = 2")
            first = refresh(dsn, tmp_path)
            late.execute("COMMIT")
        second = refresh(dsn, tmp_path)
        assert (first.rows["invoices"], second.rows["invoices"]) == (1, 2)
        assert differences(dsn, tmp_path) == []

    def test_copies_one_moment_whatever_is_written_meanwhile(self, dsn, tmp_path):
        # The lines of a document are written with it: no copy may hold the one without the other.
        with connect(dsn) as open_one:
            open_one.execute("BEGIN")
            open_one.execute("UPDATE held.invoices SET net_base_minor = 0")
            refresh(dsn, tmp_path)
            before = totals(tmp_path)
            open_one.execute("COMMIT")
        assert (
            before[1]
            == before[2]
            == sum(
                row["net_base_minor"] for row in company(7, customers=20, documents=200)["invoices"]
            )
        )
        refresh(dsn, tmp_path)
        assert totals(tmp_path) == (200, 0, 0)

    def test_keeps_an_older_snapshot_readable_until_it_is_swept(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        before = totals(tmp_path, 1)
        execute(dsn, "UPDATE held.invoices SET net_base_minor = 0")
        refresh(dsn, tmp_path)
        assert totals(tmp_path, 1) == before != totals(tmp_path, 2)
        execute(dsn, "UPDATE held.invoices SET net_base_minor = 1")
        refresh(dsn, tmp_path, keep_hours=0)
        assert numbers(tmp_path) == [3]
        with pytest.raises(NoSnapshot):
            totals(tmp_path, 1)
        assert totals(tmp_path) == (200, 200, 200)
        assert len(list((tmp_path / "tables" / "invoices").rglob("*.parquet"))) == len(
            open_snapshot(tmp_path).pieces(INVOICES).whole
        )

    def test_loads_everything_anew_from_another_database(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        changed = held(tmp_path)
        changed["database"] = "another/1/1"
        _file(tmp_path).write_text(json.dumps(changed))
        execute(dsn, "TRUNCATE held.invoices")  # no trigger tells of it
        done = refresh(dsn, tmp_path)
        assert set(done.reloaded) == set(CONTRACTS)
        assert (done.snapshot, differences(dsn, tmp_path)) == (2, [])

    def test_loads_everything_anew_from_a_database_set_back(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        changed = held(tmp_path)
        changed["watermark"] += 1_000_000
        _file(tmp_path).write_text(json.dumps(changed))
        assert set(refresh(dsn, tmp_path).reloaded) == set(CONTRACTS)

    def test_adds_a_table_that_the_copy_did_not_hold_yet(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        changed = held(tmp_path)
        for told in ("fingerprints", "versions"):
            del changed[told]["exchange_rates"]
        _file(tmp_path).write_text(json.dumps(changed))
        done = refresh(dsn, tmp_path)
        assert (done.snapshot, done.reloaded) == (2, ("exchange_rates",))
        assert differences(dsn, tmp_path) == []

    def test_loads_one_table_anew_when_its_contract_changed(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        changed = held(tmp_path)
        changed["fingerprints"]["customers"] = "customer_id:int64"
        _file(tmp_path).write_text(json.dumps(changed))
        done = refresh(dsn, tmp_path)
        assert (done.reloaded, done.rows["customers"]) == (("customers",), 25)

    def test_is_read_by_no_contract_with_a_column_more(self, dsn, tmp_path):
        """As after an earlier release: the files of what was sold lack who sold."""
        refresh(dsn, tmp_path)
        changed, more = held(tmp_path), ",sold_by_id:int64"
        told = changed["fingerprints"]
        of_who_sold = {name for name, shape in told.items() if more in shape}
        changed["fingerprints"] = {n: shape.replace(more, "") for n, shape in told.items()}
        _file(tmp_path).write_text(json.dumps(changed))
        for file in (tmp_path / "tables" / "invoices").rglob("*.parquet"):
            pq.write_table(pq.ParquetFile(file).read().drop_columns(["sold_by_id"]), file)
        with pytest.raises(NoSnapshot, match="of this shape"):
            in_copy(tmp_path, INVOICES)
        assert len(in_copy(tmp_path, CUSTOMERS)) == 25
        assert set(refresh(dsn, tmp_path).reloaded) == of_who_sold
        assert differences(dsn, tmp_path) == []

    def test_is_read_by_a_contract_with_a_column_less(self, dsn, tmp_path):
        """As by an earlier release that still serves beside this one."""
        refresh(dsn, tmp_path)
        before = in_copy(tmp_path, CUSTOMERS)
        changed = held(tmp_path)
        changed["fingerprints"]["customers"] += ",shoe_size:int64"
        _file(tmp_path).write_text(json.dumps(changed))
        assert in_copy(tmp_path, CUSTOMERS) == before

    def test_undoes_what_a_dead_writer_left_behind(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        execute(dsn, "UPDATE held.invoices SET issued_on = '2031-01-01' WHERE invoice_id = 1")
        refresh(dsn, tmp_path)
        _file(tmp_path).unlink()  # as if it had died before publishing
        execute(dsn, "UPDATE held.invoices SET issued_on = '2032-01-01' WHERE invoice_id = 1")
        refresh(dsn, tmp_path)
        assert differences(dsn, tmp_path) == []
        assert [row[0] for row in in_copy(tmp_path, PURCHASES)] == list(range(1, 201))

    def test_undoes_the_half_that_a_dead_writer_wrote(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        before = open_snapshot(tmp_path).versions["purchases"]
        execute(dsn, "UPDATE held.invoices SET issued_on = '2031-01-01' WHERE invoice_id = 1")
        refresh(dsn, tmp_path)
        # As if it had died between the invoices and their rollup.
        _file(tmp_path).unlink()
        deltalake.DeltaTable(tmp_path / "tables" / "purchases").restore(before)
        refresh(dsn, tmp_path)
        assert differences(dsn, tmp_path) == []
        assert [row[0] for row in in_copy(tmp_path, PURCHASES)] == list(range(1, 201))

    def test_reads_all_tables_as_of_the_moment_it_began(self, dsn):
        with open_source(dsn) as source:
            execute(dsn, "UPDATE held.invoices SET net_minor = 4711")
            with source.changed(INVOICES, None) as stream:
                amounts = stream.read_all()["net_minor"].to_pylist()
        assert 4711 not in amounts
        assert len(amounts) == 200

    def test_names_the_column_of_a_view_that_breaks_its_contract(self, dsn, tmp_path):
        refresh(dsn, tmp_path)
        execute(dsn, "UPDATE held.invoices SET currency = NULL WHERE invoice_id = 1")
        with pytest.raises(ViewBroken, match=r"invoices\.currency is null in 1 rows"):
            refresh(dsn, tmp_path)
        assert numbers(tmp_path) == [1]
        execute(dsn, "UPDATE held.invoices SET currency = 'EUR' WHERE invoice_id = 1")
        refresh(dsn, tmp_path)
        assert differences(dsn, tmp_path) == []

    def test_names_the_view_that_lacks_a_column(self, dsn, tmp_path):
        execute(dsn, "DROP VIEW warehouse.orders")
        with pytest.raises(ViewBroken, match="orders"):
            refresh(dsn, tmp_path)

    def test_is_refused_to_a_second_writer(self, dsn, tmp_path):
        import fcntl

        refresh(dsn, tmp_path)
        with (tmp_path / "refresh.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(RefreshRunning):
                refresh(dsn, tmp_path)
        assert refresh(dsn, tmp_path, full=True).snapshot == 2

    def test_needs_no_more_than_the_right_to_read_the_views(self, dsn, tmp_path):
        with connect(dsn) as connection:
            role = "reader_" + connection.info.dbname
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
            connection.execute(f"GRANT USAGE ON SCHEMA warehouse TO {role}")
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA warehouse TO {role}")
        reader = make_conninfo(dsn, user=role, password="x")
        try:
            refresh(reader, tmp_path)
            assert differences(dsn, tmp_path) == []
        finally:
            execute(dsn, f"DROP OWNED BY {role}")
            execute(dsn, f"DROP ROLE {role}")
