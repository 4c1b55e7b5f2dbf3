"""Our analyses against the same by hand, in one run, with growth over size.

    python -m benchmarks.analyses --rows 1e6 --rows 1e7 [--folder DIR]

Each answer is computed in a process of its own, from Parquet to a result in memory, twice; the
better time counts (imports left out), with the process's peak memory. `rows` are documents.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import memory, rivals, trade

ANALYSES = ("abc", "rfm", "cohorts", "ageing")
RIVALS = ("clientela", "sql", "sql, from lines", "polars", "pandas", "pandas, from lines")


def by_clientela(folder: Path, name: str) -> Any:
    """Answer with our expression on DuckDB."""
    from clientela.analysis.registry import ANALYSES as OURS
    from clientela.warehouse.session import Session

    analysis = OURS[name]
    with Session.duckdb() as session:
        backend = session.engine.backend
        tables = {
            contract.name: backend.read_parquet(str(folder / f"{contract.name}.parquet"))
            for contract in analysis.reads
            if contract not in analysis.optional
        }
        period = analysis.period(rivals.AS_OF)
        answer = analysis.rows(tables, period)
        if name == "abc":
            answer = answer.filter(answer["class"] != "inactive")
        return session.arrow(answer)


def once(folder: Path, name: str, rival: str) -> dict[str, Any]:
    """Answer twice in this process; return seconds, megabytes and what the answer adds up to."""
    answer = (
        by_clientela
        if rival == "clientela"
        else getattr(rivals, "by_" + rival.replace(", ", "_").replace(" ", "_"))
    )
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        found = answer(folder, name)
        seconds.append(time.perf_counter() - began)
    peak = memory.peak_megabytes()
    return {"seconds": min(seconds), "peak": peak, "sums": sums(name, found)}


def sums(name: str, found: Any) -> list[int]:
    """Return what must be equal between rivals: customers by class, scores, buyers, money open."""
    if type(found).__module__.startswith("pandas"):
        if name == "ageing":
            return [int(found.to_numpy().sum())]
        frame = found
    else:
        frame = found.to_pandas()
    if name == "abc":
        return [int((frame["class"] == word).sum()) for word in "ABC"]
    if name == "rfm":
        return [int(frame[score].sum()) for score in "rfm"]
    if name == "cohorts":
        net = "net" if "net" in frame else "net_sales_minor"
        return [int(frame["active"].sum()), int(frame[net].sum())]
    return [int(frame["open" if "open" in frame else "open_minor"].sum())]


def main() -> int:
    """Run every analysis with every rival at every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, action="append")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "benchmarks")
    parser.add_argument("--once", nargs=3, metavar=("FOLDER", "ANALYSIS", "RIVAL"))
    given = parser.parse_args()
    if given.once:
        folder, name, rival = given.once
        print(json.dumps(once(Path(folder), name, rival)))
        return 0
    wrong = 0
    print(f"{'analysis':10}{'rows':>12}{'rival':>20}{'s':>9}{'MB':>8}{'of ours':>9}")
    for rows in [int(r) for r in given.rows or [1e6]]:
        folder = trade.make(given.folder, rows)
        for name in ANALYSES:
            found = {
                rival: _apart(folder, name, rival)
                for rival in RIVALS
                if name != "ageing" or "lines" not in rival  # it needs none
            }
            for rival, figures in found.items():
                ratio = figures["seconds"] / found["clientela"]["seconds"]
                same = figures["sums"] == found["clientela"]["sums"]
                wrong += not same
                print(
                    f"{name:10}{rows:>12,}{rival:>20}{figures['seconds']:>9.3f}"
                    f"{figures['peak']:>8.0f}{ratio:>9.2f}{'' if same else '  DIFFERS'}"
                )
    return min(wrong, 1)


def _apart(folder: Path, name: str, rival: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.analyses", "--once", str(folder), name, rival]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    sys.exit(main())
