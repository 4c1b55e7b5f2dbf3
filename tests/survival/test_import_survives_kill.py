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


def command(file, source):
    return [
        *(sys.executable, "-m", "clientela.cli.main", "import", str(file)),
        *("--source", source, "--yes", "--format", "json"),
    ]


def answer(file, source, *more):
    done = subprocess.run(
        [*command(file, source), *more], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def asked(url, query, *params):
    """Return the rows of a query, asked as the superuser: no scope, no product code."""
    with psycopg.connect(url) as connection:
        return connection.execute(query, params).fetchall()


DOCUMENTS = """
    select i.number, count(l.*), sum(l.net_minor), i.net_minor, i.lines_count
    from trade_invoice i join trade_invoiceline l on l.invoice_id = i.id
    join records_source s on s.id = i.source_id where s.name = %s group by i.id"""
REST = """
    select (select count(*) from trade_invoiceline l where not exists
                (select 1 from trade_invoice i where i.id = l.invoice_id)),
           (select count(*) from staging.sales_line),
           (select count(*) from records_sourcerecord r where r.source_id = s.id),
           (select count(*) from intake_rejectedrow x join intake_run u on u.id = x.run_id
             where u.source_id = s.id and not u.dry_run)
    from records_source s where s.name = %s"""
UNDER_WAY = """
    select count(*) from intake_run u join records_source s on s.id = u.source_id
    where s.name = %s and not dry_run
      and (u.state in ('ready', 'loading') or u.state = 'staging' and u.staged > 0)"""
# Somebody holds the run's advisory lock: the lock's first number is the product's own mark.
WORKED_AT = """
    select count(*) from pg_locks l join records_source s on s.name = %s
    join intake_run u on u.source_id = s.id and u.id %% 2147483648 = l.objid::bigint
    where l.locktype = 'advisory'"""
DONE = """
    select count(*) from intake_run u join records_source s on s.id = u.source_id
    where s.name = %s and not dry_run and u.state = 'done'"""


@pytest.mark.slow
class TestImport:
    def test_loses_and_doubles_nothing_when_killed_at_random_moments(
        self, fresh_database, tmp_path, founded
    ):
        chance, url = random.Random(SEED), fresh_database.superuser
        killed = inside = round_ = 0
        while killed < KILLS:
            round_ += 1
            file, source = tmp_path / f"sales-{round_}.csv", f"shop-{round_}"
            sales_file.write(file, rows=ROWS, seed=SEED + round_)
            while killed < KILLS and not asked(url, DONE, source)[0][0]:
                if self.kill_one(command(file, source), source, url, chance.uniform(0, 1.2)):
                    killed += 1
                    inside += asked(url, UNDER_WAY, source)[0][0]
            answer(file, source)
            self.check(file, source, url)
        assert inside >= 0.6 * killed  # else the kills fell beside the work, and prove little

    def kill_one(self, words, source, url, after):
        """Start the command, and kill it some time after it has begun to work at the run."""
        run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while run.poll() is None and time.monotonic() < until:
            if asked(url, WORKED_AT, source)[0][0]:
                break
            time.sleep(0.02)
        time.sleep(after)
        alive = run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
        return alive

    def check(self, file, source, url):
        wanted = sales_file.expected(file)
        rows = asked(url, DOCUMENTS, source)
        found = {number: (lines, Decimal(net) / 100) for number, lines, net, _, _ in rows}
        assert found == wanted["documents"]
        assert all(lines == count and net == total for _, lines, net, total, count in rows)
        assert asked(url, REST, source) == [(0, 0, wanted["customers"], wanted["rejected"])]
        again = answer(file, source)
        assert again["state"] == "already_imported"
        assert again["totals"]["read"] == wanted["read"]
