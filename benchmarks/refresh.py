"""The refresh of the columnar copy: in full, and after a change of 1 %, against a bare pull.

    python -m benchmarks.refresh --rows 1e6 [--dsn DSN]

Without --dsn a private server of its own is started (fsync off) and removed. `rows` are invoices;
each has two lines. COPY and ADBC read the same views and throw the rows away.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adbc_driver_postgresql import dbapi

from benchmarks import memory
from clientela.runtime import sandbox
from clientela.tables.registry import PULLED
from clientela.warehouse.folding import fold
from clientela.warehouse.refresh import refresh
from tests import server
from tests.library.database import connect, prepare

FILL = """
INSERT INTO held.invoices
SELECT i, 1 + i % ({rows} / 50), 1 + i % 40, NULL, 1, 'invoice', 'known', d, d + 30, false,
       'EUR', a, a, a, a, a / 2
FROM (SELECT i, 100 + (i * 7919) % 100000 AS a,
             DATE '2023-07-01' + ((i * 1096) / {rows})::int AS d
      FROM generate_series(1::bigint, {rows}) AS g(i)) AS s;
INSERT INTO held.invoice_lines
SELECT i * 2 + n, i, 1 + i % ({rows} / 50), 1 + i % 40, NULL, 1, 'invoice',
       DATE '2023-07-01' + ((i * 1096) / {rows})::int, 1 + (i + n) % 5000, 1000, 'EUR', 50, 50, 25
FROM generate_series(1::bigint, {rows}) AS g(i), generate_series(0, 1) AS h(n);
ANALYZE;
"""
# The newest hundredth lies in the last two months; the other one in every month.
CHANGES = {
    "1 % in the newest months": "> {rows} * 0.99",
    "1 % in every month": "% 100 = 0",
}
AGAIN = 24  # refreshes, each after 1 % of other rows in every month, and what is folded after each


def copied(dsn: str) -> None:
    """Read every view by COPY in its binary form and throw it away."""
    with connect(dsn) as connection, connection.cursor() as cursor:
        for contract in PULLED:
            columns = ", ".join(contract.columns)
            query = (
                f"COPY (SELECT {columns} FROM warehouse.{contract.name}) TO STDOUT (FORMAT binary)"
            )
            with cursor.copy(query) as stream:
                for _ in stream:
                    pass


def pulled(dsn: str) -> None:
    """Read every view by ADBC into Arrow batches and throw them away."""
    with dbapi.connect(dsn) as connection, connection.cursor() as cursor:
        for contract in PULLED:
            cursor.execute(f"SELECT {', '.join(contract.columns)} FROM warehouse.{contract.name}")
            for _ in cursor.fetch_record_batch():
                pass


@dataclass(frozen=True)
class Took:
    """What something took: by the clock, and of this process's own work."""

    seconds: float
    own: float  # without the database server's


def seconds(act: Callable[[], Any]) -> Took:
    """Return how long it took."""
    began, own = time.perf_counter(), time.process_time()
    act()
    return Took(time.perf_counter() - began, time.process_time() - own)


def mean(some: Sequence[Took]) -> Took:
    """Return the mean of what acts took."""
    return Took(
        sum(one.seconds for one in some) / len(some), sum(one.own for one in some) / len(some)
    )


def measure(dsn: str, rows: int, folder: Path) -> dict[str, Took]:
    """Fill the database, then time each way once, in order."""
    prepare(dsn, {})
    with connect(dsn) as connection:
        connection.execute(FILL.format(rows=rows).encode())
    found = {
        "COPY, bytes only": seconds(lambda: copied(dsn)),
        "ADBC, batches only": seconds(lambda: pulled(dsn)),
        "full refresh": seconds(lambda: refresh(dsn, folder)),
    }
    for name, where in CHANGES.items():
        found[name] = after(dsn, folder, where.format(rows=rows))
    found["nothing changed"] = seconds(lambda: refresh(dsn, folder))
    again, folded = [], []
    for n in range(AGAIN):
        again.append(after(dsn, folder, f"% 100 = {n + 1}"))
        folded.append(seconds(lambda: fold(folder)))
    found[f"1 % in every month {AGAIN} times, mean"] = mean(again)
    found[f"1 % in every month {AGAIN} times, worst"] = max(again, key=lambda one: one.seconds)
    found["folding afterwards, mean"] = mean(folded)
    found["folding afterwards, worst"] = max(folded, key=lambda one: one.seconds)
    found["full refresh again"] = seconds(lambda: refresh(dsn, folder, full=True))
    return found


def after(dsn: str, folder: Path, where: str) -> Took:
    """Change the invoices `where` says and their lines; return the seconds of the refresh."""
    with connect(dsn) as connection:
        for table in ("invoices", "invoice_lines"):
            connection.execute(
                f"UPDATE held.{table} SET net_base_minor = net_base_minor + 1"
                f" WHERE invoice_id {where}".encode()
            )
    return seconds(lambda: refresh(dsn, folder))


def main() -> int:
    """Measure each size and print seconds, the share of a full refresh, and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, action="append")
    parser.add_argument("--dsn")
    given = parser.parse_args()
    if not given.dsn:
        # A folder of its own, that the server's account can reach; the server's guardian removes it.
        own = Path(tempfile.mkdtemp(prefix="clientela-bench-", dir="/tmp"))
        own.chmod(0o711)
        os.environ[sandbox.FOLDER] = str(own)
    for rows in [int(r) for r in given.rows or [1e6]]:
        folder = Path(tempfile.mkdtemp(prefix="copy"))
        try:
            with nullcontext(given.dsn) if given.dsn else server.empty_database() as dsn:
                found = measure(dsn, rows, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        peak = memory.peak_megabytes()
        print(f"{rows:,} invoices, {2 * rows:,} lines; peak {peak:.0f} MB in this process")
        full = found["full refresh"]
        for name, took in found.items():
            share, own = took.seconds / full.seconds, took.own / full.own
            print(f"  {name:34}{took.seconds:9.2f} s{share:8.1%} of a full refresh, own {own:6.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
