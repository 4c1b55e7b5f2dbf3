"""The refresh under kill -9, and readers in other processes while it writes."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clientela.tables.registry import CONTRACTS
from clientela.warehouse.refresh import refresh
from clientela.warehouse.snapshots import numbers, open_snapshot
from tests.examples import examples
from tests.library.copies import LIMITS, differences, totals
from tests.library.database import connect, prepare
from tests.library.trade import company

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
READS = """
import sys
from pathlib import Path
from tests.library.copies import totals
folder, stop = Path(sys.argv[1]), Path(sys.argv[2])
reads = 0
while not stop.exists() or reads < 3:
    documents, net, rollup = totals(folder)
    if (documents, net) != (400, rollup):
        sys.exit(f"torn: {documents} documents, {net} and {rollup}")
    if net % 1000 != 7:
        sys.exit(f"half a transaction: {net}")
    reads += 1
print(reads)
"""


def process(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def shuffle(dsn: str, chance: random.Random) -> None:
    """Change amounts, months and rows of a few documents in one transaction."""
    some = ",".join(str(chance.randrange(1, 401)) for _ in range(20))
    with connect(dsn) as connection, connection.transaction():
        connection.execute(
            f"UPDATE held.invoices SET issued_on = issued_on + {chance.randrange(-200, 200)},"
            f" net_base_minor = net_base_minor + 11 WHERE invoice_id IN ({some})"
        )
        connection.execute(f"DELETE FROM held.invoice_lines WHERE invoice_id IN ({some})")


class TestKilled:
    def test_refresh_leaves_the_last_snapshot_and_the_next_one_completes(
        self, postgres_dsn, tmp_path
    ):
        prepare(postgres_dsn, company(7, customers=20, documents=400))
        refresh(postgres_dsn, tmp_path)
        chance, killed, beside = random.Random(1), 0, 0
        shuffle(postgres_dsn, chance)
        began = time.monotonic()
        process("-m", "tests.library.copies", postgres_dsn, str(tmp_path), "beside").communicate()
        whole = time.monotonic() - began
        turns = examples(8)
        for turn in range(turns):
            shuffle(postgres_dsn, chance)
            before, last = totals(tmp_path), numbers(tmp_path)[-1]
            beside += bool(open_snapshot(tmp_path, last).replaced)
            limits = ("beside", "half", "beside", "folded")[turn % 4]
            writer = process("-m", "tests.library.copies", postgres_dsn, str(tmp_path), limits)
            time.sleep(whole * (0.4 + 0.7 * chance.random()))
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
            if writer.returncode == -signal.SIGKILL:
                killed += 1
            else:
                whole *= 0.7  # the machine has less to do than when it was measured
            assert totals(tmp_path, last) == before
            if numbers(tmp_path)[-1] != last:  # it had published before it died
                assert differences(postgres_dsn, tmp_path) == []
        assert killed >= turns / 3
        assert beside >= turns / 2  # the writers that died had an overlay to leave half written
        refresh(postgres_dsn, tmp_path, limits=LIMITS["beside"])
        assert differences(postgres_dsn, tmp_path) == []
        documents, net, rollup = totals(tmp_path)
        assert (documents, net) == (400, rollup)

    def test_first_refresh_is_simply_done_again(self, postgres_dsn, tmp_path):
        prepare(postgres_dsn, company(7, customers=20, documents=400))
        for wait in (0.8, 1.2, 1.5):
            writer = process("-m", "tests.library.copies", postgres_dsn, str(tmp_path))
            time.sleep(wait)
            writer.kill()
            writer.communicate()
        refresh(postgres_dsn, tmp_path)
        assert differences(postgres_dsn, tmp_path) == []
        assert set(CONTRACTS) == {path.name for path in (tmp_path / "tables").iterdir()}


class TestReadersInOtherProcesses:
    def test_always_see_one_whole_snapshot(self, postgres_dsn, tmp_path):
        rows = company(7, customers=20, documents=400)
        # From here on the sum of all documents ends in 7 after every transaction.
        total = sum(row["net_base_minor"] for row in rows["invoices"])
        rows["invoices"][0]["net_base_minor"] += 7 - total % 1000
        prepare(postgres_dsn, rows)
        refresh(postgres_dsn, tmp_path)
        stop = tmp_path / "stop"
        readers = [process("-c", READS, str(tmp_path), str(stop)) for _ in range(2)]
        chance = random.Random(2)
        for _ in range(8):
            one, other = chance.sample(range(1, 401), 2)
            with connect(postgres_dsn) as connection, connection.transaction():
                for number, by in ((one, 333), (other, -333)):
                    connection.execute(
                        "UPDATE held.invoices SET net_base_minor = net_base_minor + %s,"
                        " issued_on = issued_on + 40 WHERE invoice_id = %s",
                        [by, number],
                    )
            refresh(postgres_dsn, tmp_path, limits=LIMITS["half"])
        stop.touch()
        for reader in readers:
            out, errors = reader.communicate(timeout=60)
            assert reader.returncode == 0, errors
            assert int(out) >= 3
