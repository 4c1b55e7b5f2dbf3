"""`make bench`: every measurement once, and with DATA=folder every claim on public data.

Ratios against named rivals in the same run, with growth over size; nothing is asserted
about time. A claim that is false ends it non-zero.
"""

import os
import subprocess
import sys
from pathlib import Path

MEASUREMENTS = {
    "benchmarks.reading": (),
    "benchmarks.importing": ("--rows", "20000", "--rows", "100000"),
    "benchmarks.refresh": ("--rows", "300000", "--rows", "3000000"),
    "benchmarks.analyses": ("--rows", "1e6", "--rows", "1e7"),
}


def main() -> int:
    """Run everything; return 1 if a claim is false or a measurement broke."""
    failed = []
    for module, words in MEASUREMENTS.items():
        failed += _run(module, *words)
    data = os.environ.get("DATA") or next((a[5:] for a in sys.argv[1:] if a[:5] == "DATA="), "")
    for claim in sorted((Path(__file__).parent / "claims").glob("*.py")) if data else ():
        failed += _run(f"benchmarks.claims.{claim.stem}", data)
    print("failed: " + ", ".join(failed) if failed else "all done")
    return 1 if failed else 0


def _run(module: str, *words: str) -> list[str]:
    print(f"\n== {module} {' '.join(words)}", flush=True)
    done = subprocess.run([sys.executable, "-m", module, *words], check=False)
    return [] if done.returncode == 0 else [module]


if __name__ == "__main__":
    sys.exit(main())
