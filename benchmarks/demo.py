"""How fast a demo company is made and loaded, and in how much memory.

    python -m benchmarks.demo --customers 200 --customers 2000 --customers 20000

Each in an installation of its own. The rival is a bare COPY of as many invoice lines of the
same width into a table without indexes, in the same run.
"""

import argparse
import resource
import sys

from benchmarks.installation import Installation, installation

COPY = """
import time, psycopg
from clientela.runtime.database import urls
with psycopg.connect(urls().superuser, autocommit=True) as c:
    c.execute("create table bare as select * from trade_invoiceline limit 0")
    began = time.monotonic()
    with psycopg.connect(urls().superuser) as source:
        with source.cursor().copy("copy trade_invoiceline to stdout") as given:
            blocks = [bytes(block) for block in given]
    began = time.monotonic()
    with c.cursor().copy("copy bare from stdin") as copy:
        for block in blocks:
            copy.write(block)
    seconds = time.monotonic() - began
    rows = sum(c.execute(f"select count(*) from trade_{t}").fetchone()[0] for t in (
        "invoice", "invoiceline", "order", "orderline", "delivery", "deliveryline", "payment",
        "allocation"))
    invoices = c.execute("select count(*) from trade_invoice").fetchone()[0]
    print(invoices, rows, c.execute("select count(*) from bare").fetchone()[0], seconds)
"""


def measure(product: Installation, customers: int) -> tuple[int, int, float, float]:
    """Return invoices, rows of trade, seconds, and the rival's seconds for as many rows."""
    answer, _ = product.timed("demo", "--customers", str(customers), "--until", "2026-06-30")
    invoices, rows, lines, bare = product.python(COPY).split()
    return int(invoices), int(rows), answer["seconds"], float(bare) / int(lines) * int(rows)


def main() -> int:
    """Measure each size and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, action="append")
    for customers in parser.parse_args().customers or [200, 2000]:
        with installation() as product:
            invoices, rows, seconds, bare = measure(product, customers)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"{customers:>9,} customers {invoices:>9,} invoices {rows:>10,} rows of trade "
            f"{seconds:7.1f} s {rows / seconds:8,.0f} rows/s, {seconds / bare:5.1f} x bare COPY, "
            f"at most {peak:,.0f} MB",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
