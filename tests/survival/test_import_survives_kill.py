"""An import that is killed again and again ends as if nothing had happened.

Each kill is SIGKILL at a random moment of a real `clientela import`; the same command is
then given again. The books are compared with a count of the file that shares no code with
the product. CLIENTELA_KILLS sets how many kills (the release figure is 60).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal

import psycopg
import pytest

from tests.survival import sales_file

KILLS = int(os.environ.get("CLIENTELA_KILLS", "6"))
ROWS = 20_000
SEED = 7


def command(file):
    return [
        *(sys.executable, "-m", "clientela.cli.main", "import", str(file)),
        *("--source", "shop", "--yes", "--format", "json"),
    ]


def books(url):
    """Return what stands in the books, by plain SQL as the superuser."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            """select i.number, count(l.*), sum(l.net_minor), i.net_minor, i.lines_count
               from trade_invoice i join trade_invoiceline l on l.invoice_id = i.id group by i.id"""
        ).fetchall()
        orphans = connection.execute(
            """select (select count(*) from trade_invoiceline l where not exists
                        (select 1 from trade_invoice i where i.id = l.invoice_id)),
                      (select count(*) from staging.sales_line),
                      (select count(*) from records_customer),
                      (select count(*) from intake_rejectedrow)"""
        ).fetchone()
    return rows, orphans


@pytest.mark.slow
class TestImport:
    def test_loses_and_doubles_nothing_when_killed_at_random_moments(
        self, fresh_database, tmp_path, founded
    ):
        file = tmp_path / "sales.csv"
        sales_file.write(file, rows=ROWS, seed=SEED)
        chance = random.Random(SEED)
        whole = self.time_of_one_run(file, fresh_database)
        killed = 0
        while killed < KILLS:
            run = subprocess.Popen(
                command(file), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0.3, 0.9) * whole)
            if run.poll() is None:
                run.send_signal(signal.SIGKILL)
                killed += 1
            run.wait()
            if self.is_done(fresh_database):
                break  # it got to its end between two kills: nothing is left to kill
        done = subprocess.run(command(file), capture_output=True, text=True, check=True)
        report = json.loads(done.stdout)
        self.check(report, file, fresh_database)
        assert killed > 0

    def check(self, report, file, database):
        wanted = sales_file.expected(file)
        rows, orphans = books(database.superuser)
        found = {number: (lines, Decimal(net) / 100) for number, lines, net, _, _ in rows}
        assert found == wanted["documents"]
        assert all(lines == count and net == total for _, lines, net, total, count in rows)
        assert orphans == (0, 0, wanted["customers"], wanted["rejected"])
        again = json.loads(
            subprocess.run(command(file), capture_output=True, text=True, check=True).stdout
        )
        assert again["state"] == "already_imported"
        assert again["totals"]["read"] == wanted["read"]
        assert report["state"] in ("done", "already_imported")

    def time_of_one_run(self, file, database):
        """Measure a trial run, so that kills fall into the run and not around it."""
        began = time.monotonic()
        subprocess.run(
            [*command(file), "--dry-run"], stdout=subprocess.DEVNULL, check=True
        )
        return (time.monotonic() - began) * 1.6

    def is_done(self, database):
        with psycopg.connect(database.superuser) as connection:
            row = connection.execute(
                "select count(*) from intake_run where state = 'done' and not dry_run"
            ).fetchone()
        return row[0] > 0
