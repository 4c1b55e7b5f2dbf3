"""Reading a sales file: ours, with and without typing, against readers that check nothing.

    python -m benchmarks.reading [--rows 100000 --rows 500000]

The file is generated: eight columns of a retailer, dates by day first, a share of quoted names.
`csv` only cuts into cells, pandas and polars cut and guess types; none of them keeps raw rows,
line numbers or reasons. Prints rows a second, each as a share of the bare `csv` module, and the
peak memory of a process that does nothing else.
"""

import argparse
import csv
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from benchmarks import memory

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
COUNTRIES = ("United Kingdom", "Germany", "France", "EIRE", "Spain")


def generate(path: Path, rows: int) -> None:
    """Write a sales file of `rows` lines, about twenty to a document."""
    dice = random.Random(rows)
    products = [
        (f"{n:05}", f'"BOX, SET OF {n % 9}"' if n % 10 == 0 else f"TEA LIGHT HOLDER {n}")
        for n in range(4000)
    ]
    with path.open("w", encoding="utf-8") as out:
        out.write(HEADER)
        for row in range(rows):
            document = row // 20
            code, name = products[dice.randrange(4000)]
            day = date(2024, 1, 1) + timedelta(days=document * 700 // max(1, rows // 20))
            out.write(
                f"{536365 + document},{code},{name},{dice.randrange(1, 48)},"
                f"{day:%d/%m/%Y} {8 + document % 9:02}:{document % 60:02},"
                f"{dice.randrange(10, 2000) / 100:.2f},{12000 + document % 4000},"
                f"{COUNTRIES[document % 5]}\n"
            )


def bare_csv(path: Path) -> int:
    """Cut into cells by the standard library."""
    with path.open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


def by_pandas(path: Path) -> int:
    """Cut and guess types by pandas, dates by a given form."""
    import pandas as pd

    frame = pd.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str})
    frame["InvoiceDate"] = pd.to_datetime(frame["InvoiceDate"], format="%d/%m/%Y %H:%M")
    return len(frame)


def by_polars(path: Path) -> int:
    """Cut and guess types by polars, dates by a given form."""
    import polars as pl

    frame = pl.read_csv(path, schema_overrides={"InvoiceNo": pl.String, "StockCode": pl.String})
    moments = pl.col("InvoiceDate").str.to_datetime("%d/%m/%Y %H:%M")
    return frame.with_columns(moments).height


def ours_described(path: Path) -> int:
    """One pass over the file: encoding, separator, header, samples."""
    from clientela.intake.reading.describe import describe

    return describe(path).rows_estimate


def ours_read(path: Path) -> int:
    """Records with line numbers and raw text, nothing typed."""
    from clientela.intake.reading.describe import describe
    from clientela.intake.reading.records import records

    return sum(batch.read for batch in records(path, describe(path).layout))


def ours_typed(path: Path) -> int:
    """All of it: described, planned, read, typed, checked, flagged, net amounts worked out."""
    from clientela.intake.kinds.registry import KINDS
    from clientela.intake.mapping.plan import plan
    from clientela.intake.mapping.typer import Typer
    from clientela.intake.reading.describe import describe
    from clientela.intake.reading.records import records

    found = describe(path)
    settled = plan(found, kind="sales_lines", settings=["currency=GBP"], take_sure=True)
    typer = Typer(KINDS["sales_lines"], settled.mapping, found.layout.header)
    return sum(typer.batch(batch).totals.accepted for batch in records(path, found.layout))


WORKS: dict[str, Callable[[Path], int]] = {
    "csv module, cut only": bare_csv,
    "pandas.read_csv": by_pandas,
    "polars.read_csv (all cores)": by_polars,
    "ours, described": ours_described,
    "ours, read": ours_read,
    "ours, read and typed": ours_typed,
}


def measured(name: str, path: str) -> tuple[float, int, float]:
    """Return (seconds, rows, peak MB) of one work; runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.csv"
        generate(small, 100)
        WORKS[name](small)  # imports cost the same once for everybody and are left out
    started = time.perf_counter()
    rows = WORKS[name](Path(path))
    seconds = time.perf_counter() - started
    return seconds, rows, memory.peak_megabytes()


def main() -> None:
    """Print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    sizes = parser.parse_args().rows or [100_000, 500_000]
    spawn = multiprocessing.get_context("spawn")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sales.csv"
            generate(path, rows)
            print(f"\n{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
            base = 0.0
            for name in WORKS:
                with spawn.Pool(1) as pool:
                    seconds, found, peak = pool.apply(measured, (name, str(path)))
                if found != rows:
                    sys.exit(f"{name}: {found} rows instead of {rows}")
                rate = rows / seconds
                base = base or rate
                print(f"  {name:28} {rate:12,.0f} rows/s {rate / base:6.2f} x csv {peak:7.0f} MB")


if __name__ == "__main__":
    main()
