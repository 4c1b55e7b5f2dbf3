"""How fast files come in, against a bare COPY of the same file into one table.

    python -m benchmarks.importing --rows 100000 --rows 1000000

Customers: mapped, cleaned, staged, checked, loaded with version, link and golden row.
"""

import argparse
import csv
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.installation import Installation, installation

COPY = """
import sys, time, psycopg
from clientela.runtime.database import urls
with psycopg.connect(urls().superuser, autocommit=True) as c:
    c.execute("drop table if exists bare")
    c.execute("create table bare (a text, b text, c text, d text, e text, f text, g text, h text)")
    began = time.monotonic()
    with c.cursor().copy("copy bare from stdin (format csv, header)") as copy, open({path!r}, "rb") as f:
        while block := f.read(1 << 20):
            copy.write(block)
    print(time.monotonic() - began)
    c.execute("drop table bare")
"""
HEADER = ["Customer No", "Name", "Country", "City", "Postcode", "E-mail", "Industry", "Type"]


def write(path: Path, rows: int) -> None:
    """Write a file of customers, each with eight columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            writer.writerow(
                [f"k{n}", f"Company {n} Ltd", "GB", f"Town {n % 900}", f"AB{n % 99} {n % 10}CD",
                 f"mail{n}@example.org", "Wholesale", "company"]
            )  # fmt: skip


def measure(product: Installation, rows: int, folder: Path) -> tuple[float, float]:
    """Return the seconds of the import and of the bare COPY."""
    path = folder / f"customers-{rows}.csv"
    write(path, rows)
    began = time.monotonic()
    product.ask("doctor")
    start = time.monotonic() - began
    words = ("import", str(path), "--source", f"s{rows}", "--kind", "customers", "--yes")
    report, seconds = product.timed(*words)
    if report["totals"]["accepted"] != rows:
        raise SystemExit(f"not every row came in: {report['totals']} {report['questions']}")
    return seconds - start, float(product.python(COPY.format(path=str(path))))


def main() -> int:
    """Measure each size and print rows a second and the ratio to the rival."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    given = parser.parse_args()
    with installation() as product, tempfile.TemporaryDirectory() as folder:
        print(f"{'rows':>12}{'seconds':>10}{'rows/s':>10}{'COPY s':>9}{'times COPY':>12}")
        for rows in given.rows or [20_000, 100_000]:
            seconds, bare = measure(product, rows, Path(folder))
            print(
                f"{rows:>12,}{seconds:>10.1f}{rows / seconds:>10,.0f}{bare:>9.2f}{seconds / bare:>12.1f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
