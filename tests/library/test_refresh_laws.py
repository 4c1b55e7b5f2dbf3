"""Laws of the copy: whatever was written, whenever it was folded, whoever died meanwhile.

Each example is a history: what people write, refreshes under some limits, and writers that die at
a point where they would leave the most behind. After every refresh the copy equals the views row
by row, read through a session and read as plain Delta tables; no older snapshot has changed.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import deltalake
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from clientela.tables.contract import TableContract
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES
from clientela.tables.registry import CONTRACTS, PULLED
from clientela.warehouse import folding
from clientela.warehouse import refresh as refreshing
from clientela.warehouse.copying import Copy
from clientela.warehouse.folding import fold
from clientela.warehouse.overlays import Limits, to_fold
from clientela.warehouse.refresh import refresh
from clientela.warehouse.session import Session
from clientela.warehouse.snapshots import Snapshot, numbers, open_snapshot
from tests.examples import examples
from tests.library.copies import all_in_copy, all_in_database, differences, in_copy
from tests.library.database import connect, insert, prepare
from tests.library.trade import company

NEVER = Limits(overlay=1e9, part=1e9, rows=0)  # everything stays in the overlay
FEW = Limits(overlay=1e9, part=1e9, rows=0, files=3)  # as it does here, in a few files
SOME = Limits(overlay=0.3, keep=0.1, part=0.5, rows=0)
ONE_BY_ONE = Limits(overlay=0.02, keep=0.02, part=1e9, rows=0)
ALWAYS = Limits(rows=1_000_000)
LIMITS = (NEVER, NEVER, FEW, SOME, ONE_BY_ONE, ALWAYS)
DOCUMENTS = 60
ROWS = company(5, customers=8, documents=DOCUMENTS)


class Died(Exception):
    """What a dying writer leaves is what it had written so far: nothing of ours cleans up."""


def dying(*_: Any, **__: Any) -> Any:
    raise Died


POINTS: dict[str, tuple[Any, str]] = {
    "before publishing": (refreshing, "publish"),
    "before the rollup": (Copy, "follow_invoices"),
    "between table and overlay": (Copy, "_into_overlay"),
    "before anything": (Copy, "_into_parts"),
}

FOLDING: dict[str, tuple[Any, str]] = {
    "before publishing": (folding, "publish"),
    "between table and overlay": (Copy, "_into_overlay"),
    "before anything": (Copy, "_into_parts"),
}

ids = st.integers(1, DOCUMENTS + 10)
writes = st.one_of(
    st.tuples(st.just("amount"), ids, st.integers(-5, 5)),
    st.tuples(st.just("month"), ids, st.sampled_from([-400, -31, 31, 400])),
    st.tuples(st.just("delete"), ids, st.just(0)),
    st.tuples(st.just("insert"), ids, st.integers(0, 900)),
    st.tuples(st.just("erase"), st.integers(1, 8), st.just(0)),
)
steps = st.one_of(
    st.tuples(st.just("write"), st.lists(writes, min_size=1, max_size=6)),
    st.tuples(st.just("refresh"), st.sampled_from(LIMITS)),
    st.tuples(st.just("fold"), st.sampled_from(LIMITS)),
    st.tuples(st.just("die_folding"), st.sampled_from(sorted(FOLDING)), st.sampled_from(LIMITS)),
    st.tuples(st.just("die"), st.sampled_from(sorted(POINTS)), st.sampled_from(LIMITS)),
)
histories = st.lists(steps, min_size=4, max_size=8)


def amount(connection: Any, number: int, by: int) -> None:
    for table in ("invoices", "invoice_lines"):
        connection.execute(
            f"UPDATE held.{table} SET net_base_minor = net_base_minor + {by}"
            f" WHERE invoice_id = {number}"
        )


def month(connection: Any, number: int, days: int) -> None:
    for table in ("invoices", "invoice_lines"):
        connection.execute(
            f"UPDATE held.{table} SET issued_on = issued_on + {days} WHERE invoice_id = {number}"
        )


def delete(connection: Any, number: int, _: int) -> None:
    for table in ("allocations", "invoice_lines", "invoices"):
        connection.execute(f"DELETE FROM held.{table} WHERE invoice_id = {number}")


def insert_one(connection: Any, number: int, days: int) -> None:
    delete(connection, number, 0)
    row = ROWS["invoices"][number % DOCUMENTS]
    day = date(2023, 11, 15) + timedelta(days=days)
    insert(connection, INVOICES, [row | {"invoice_id": number, "issued_on": day}])


def erase(connection: Any, customer: int, _: int) -> None:
    connection.execute(f"DELETE FROM held.customers WHERE customer_id = {customer}")
    for table in ("invoices", "invoice_lines", "payments", "allocations"):
        connection.execute(
            f"UPDATE held.{table} SET customer_id = NULL WHERE customer_id = {customer}"
        )


WRITES: dict[str, Callable[[Any, int, int], None]] = {
    "amount": amount,
    "month": month,
    "delete": delete,
    "insert": insert_one,
    "erase": erase,
}


@pytest.fixture(scope="module")
def dsn(quiet_server: str) -> str:
    with psycopg.connect(quiet_server, autocommit=True) as connection:
        connection.execute("create database laws")
    url = make_conninfo(quiet_server, dbname="laws")
    prepare(url, {})
    return url


def begin_anew(dsn: str) -> None:
    with connect(dsn) as connection, connection.transaction():
        for contract in PULLED:
            connection.execute(f"TRUNCATE held.{contract.name}")
            insert(connection, contract, ROWS.get(contract.name, []))
        connection.execute("TRUNCATE held.tombstones")


def as_delta(snapshot: Snapshot, contract: TableContract) -> list[Any]:
    """The contract's rows as an outside reader finds them, by the rule in `warehouse.overlays`."""
    key = contract.one_row_per[0]
    held, folder = snapshot.held(contract), snapshot.folder
    rows = {row[key]: row for row in _delta(folder / "tables" / contract.name, held.version)}
    entries = []
    if held.overlay is not None:
        noted = _delta(folder / "overlays" / contract.name, held.overlay)
        void = {(entry[key], entry["seq"]) for entry in noted if entry["state"] == "void"}
        entries = [e for e in noted if (e[key], e["seq"]) not in void]
    for entry in entries:
        if entry["state"] in ("changed", "gone"):
            rows.pop(entry[key])  # it says that the table holds it
    for entry in entries:
        if entry["state"] in ("changed", "new"):
            assert entry[key] not in rows
            rows[entry[key]] = entry
    return [tuple(rows[k][name] for name in contract.columns) for k in sorted(rows)]


def _delta(path: Path, version: int) -> list[dict[str, Any]]:
    table = deltalake.DeltaTable(path, version=version)
    rows: list[dict[str, Any]] = table.to_pyarrow_table().to_pylist()
    return rows


def rolled_up(invoices: list[Any]) -> list[Any]:
    """What the rollup has to be, from the database's invoices: key, day, net, is a purchase."""
    rows = [dict(zip(INVOICES.columns, row, strict=True)) for row in invoices]
    return [
        (
            *(row[name] for name in ("invoice_id", "issued_on", "net_base_minor")),
            row["kind"] == "invoice" and row["net_minor"] > 0,
        )
        for row in rows
    ]


def in_rollup(purchases: list[Any]) -> list[Any]:
    rows = [dict(zip(PURCHASES.columns, row, strict=True)) for row in purchases]
    wanted = ("purchase_id", "purchased_on", "net_base_minor", "is_purchase")
    return [tuple(row[name] for name in wanted) for row in rows]


class History:
    """Plays steps against a database and a copy, checking after each refresh."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn, self.folder = dsn, folder
        self.seen: dict[int, list[Any]] = {}  # each snapshot's invoices when it was the newest

    def write(self, writes: list[tuple[str, int, int]]) -> None:
        with connect(self.dsn) as connection, connection.transaction():
            for what, number, by in writes:
                WRITES[what](connection, number, by)

    def refresh(self, limits: Limits) -> None:
        refresh(self.dsn, self.folder, limits=limits)
        copied = self.rows()
        held = all_in_database(self.dsn, PULLED)
        assert {name: copied[name] for name in held} == held
        assert in_rollup(copied[PURCHASES.name]) == rolled_up(held[INVOICES.name])
        self.seen[numbers(self.folder)[-1]] = copied[INVOICES.name]

    def fold(self, limits: Limits) -> None:
        before, last = self.rows(), open_snapshot(self.folder)
        folded = fold(self.folder, limits=limits)
        after = open_snapshot(self.folder)
        assert after.number == last.number + folded
        assert (after.state, after.watermark) == (last.state, last.watermark)
        assert self.rows() == before
        self.seen[after.number] = before[INVOICES.name]
        assert not fold(self.folder, limits=limits)  # no more than the limits leaves

    def die(self, point: str, limits: Limits) -> None:
        self._die(POINTS[point], lambda: refresh(self.dsn, self.folder, limits=limits))

    def die_folding(self, point: str, limits: Limits) -> None:
        before = self.rows()
        self._die(FOLDING[point], lambda: fold(self.folder, limits=limits))
        assert self.rows() == before

    def rows(self) -> dict[str, list[Any]]:
        """The newest snapshot's rows, read through a session and as plain Delta tables alike."""
        copied = all_in_copy(self.folder, CONTRACTS.values())
        for contract in CONTRACTS.values():
            assert as_delta(open_snapshot(self.folder), contract) == copied[contract.name]
        return copied

    def _die(self, point: tuple[Any, str], act: Callable[[], Any]) -> None:
        owner, name = point
        before = numbers(self.folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, dying)
            try:
                act()
            except Died:
                assert numbers(self.folder) == before
        for number, rows in self.seen.items():
            assert in_copy(self.folder, INVOICES, number) == rows


@pytest.mark.slow
class TestCopy:
    @given(histories)
    @settings(
        max_examples=examples(6),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    def test_equals_the_views_after_any_history(self, dsn, history):
        begin_anew(dsn)
        with TemporaryDirectory() as folder:
            played = History(dsn, Path(folder))
            played.refresh(NEVER)
            for step, *given_to in history:
                getattr(played, step)(*given_to)
            played.refresh(NEVER)
            for number, rows in played.seen.items():
                assert in_copy(Path(folder), INVOICES, number) == rows

    def test_is_read_whole_from_table_and_overlay_by_a_cluster(self, dsn, tmp_path, sail_url):
        begin_anew(dsn)
        refresh(dsn, tmp_path)
        played = History(dsn, tmp_path)
        played.write([("month", 3, 400), ("delete", 5, 0), ("insert", 66, 10), ("amount", 7, 2)])
        played.refresh(NEVER)
        snapshot = open_snapshot(tmp_path)
        assert {"invoices", "purchases"} <= set(snapshot.overlays)
        assert len(snapshot.replaced["invoices"]) == 3
        with Session.spark(sail_url, tmp_path) as cluster:
            for contract in CONTRACTS.values():
                rows = [tuple(row.values()) for row in cluster.rows(cluster.table(contract))]
                assert sorted(rows, key=lambda row: row[0]) == in_copy(tmp_path, contract)

    def test_is_folded_bit_by_bit_when_it_changes_evenly(self, dsn, tmp_path):
        begin_anew(dsn)
        refresh(dsn, tmp_path)
        limits, chance = Limits(overlay=0.2, keep=0.1, part=1.0, rows=0), random.Random(3)
        shares = []
        for _ in range(12):
            some = [("amount", chance.randrange(1, DOCUMENTS), 1) for _ in range(4)]
            History(dsn, tmp_path).write(some)
            refresh(dsn, tmp_path, limits=limits)
            snapshot = open_snapshot(tmp_path)
            noted = _delta(tmp_path / "overlays" / "invoices", snapshot.overlays["invoices"])
            void = sum(entry["state"] == "void" for entry in noted)
            shares.append((len(noted) - 2 * void) / DOCUMENTS)  # each takes an entry with itself
        assert max(shares) <= 0.2
        assert min(shares[4:]) > 0  # never all at once
        assert differences(dsn, tmp_path) == []


counts = st.dictionaries(st.integers(1, 40), st.integers(1, 500), max_size=20)


class TestFolding:
    @given(counts, counts, st.floats(0, 0.5), st.floats(0, 0.5), st.integers(0, 100))
    def test_leaves_no_more_than_the_limits_allow(self, entries, rows, overlay, part, few):
        limits = Limits(overlay, overlay / 2, part, few)
        folded = to_fold(entries, rows, limits)
        left = {p: n for p, n in entries.items() if p not in folded}
        assert set(folded) <= set(entries)
        assert sum(left.values()) <= overlay * sum(rows.values()) or not left
        assert all(rows[p] > few and n <= part * rows[p] for p, n in left.items())

    @given(counts, counts)
    def test_folds_nothing_where_nothing_is_too_much(self, entries, rows):
        assert to_fold(entries, dict.fromkeys(entries, 10**9), Limits()) == ()

    def test_folds_the_heaviest_first_and_stops_where_it_is_enough(self):
        rows = dict.fromkeys(range(10), 100_000)
        entries = {n: 5_000 + n for n in range(10)}
        assert to_fold(entries, rows, Limits(0.05, 0.05, 0.1, 0)) == (9,)

    def test_goes_on_down_to_what_is_kept(self):
        rows = dict.fromkeys(range(10), 100_000)
        entries = {n: 5_000 + n for n in range(10)}
        assert to_fold(entries, rows, Limits(0.05, 0.03, 0.1, 0)) == (5, 6, 7, 8, 9)
        assert to_fold(entries, rows, Limits(0.06, 0.03, 0.1, 0)) == ()

    def test_folds_a_part_that_the_table_does_not_hold_yet(self):
        assert to_fold({7: 10}, {6: 100_000}, Limits()) == (7,)


@pytest.fixture(scope="module")
def sail_url() -> Iterator[str]:
    """A Spark Connect server (Sail) in this process."""
    import os
    import warnings

    os.environ.setdefault("RUST_LOG", "off")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysail.spark import SparkConnectServer

        sail = SparkConnectServer()
        sail.start(background=True)
        _, port = sail.listening_address
        yield f"sc://127.0.0.1:{port}"
        sail.stop()
