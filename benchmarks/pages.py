"""How long pages take through the real server, against the bare framework in the same run.

    python -m benchmarks.pages --customers 200 --customers 2000
    CLIENTELA_DATA_DIR=… CLIENTELA_KEY_FILE=… python -m benchmarks.pages     a demo that is there

The rival is /healthz: the same server and framework with nothing to look up. Each page is asked
as the role whose page it is; lists are read five pages deep, analyses and files one after the other.
The first reading of a page is told apart from those after it. `--only abc --only ageing` reads
these pages alone. Then the copy moves on, to a snapshot that holds the same, and the analyses are
read once more each: when there was time to work them out ahead, and at once.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path

from benchmarks.installation import Installation, installation
from clientela.warehouse.snapshots import open_snapshot, publish, withdraw

PORT = 8766
ROUNDS = 20
WAIT_SECONDS = 60  # to work answers out ahead
# page -> (who looks at it, address)
PAGES = {
    "bare framework": ("credit_manager", "/healthz"),
    "my work": ("credit_manager", "/"),
    "customers": ("credit_manager", "/customers/"),
    "customers by sales": ("credit_manager", "/customers/?order=-sales"),
    "customers by sales, rising": ("credit_manager", "/customers/?order=sales"),
    "customers of one's own": ("sales", "/customers/"),
    "customers, filtered": ("credit_manager", "/customers/?abc_class=A&kind=company"),
    "invoices": ("credit_manager", "/invoices/"),
    "invoices of a rare amount": ("credit_manager", "/invoices/?least=100000"),
    "invoices of a common amount": ("credit_manager", "/invoices/?least=5000"),
    "invoices of a rare kind": ("credit_manager", "/invoices/?kind=adjustment"),
    "payments": ("credit_manager", "/payments/"),
    "payments not applied": ("credit_manager", "/payments/?state=unapplied"),
    "customer, largest": ("credit_manager", "customer"),
    "imports": ("data_steward", "/imports/"),
    "users": ("administrator", "/admin/users"),
    "trail": ("auditor", "/admin/events"),
    "abc": ("analyst", "/analyses/abc"),
    "rfm": ("analyst", "/analyses/rfm"),
    "sales": ("analyst", "/analyses/sales"),
    "sales by product": ("analyst", "/analyses/sales?by=product"),
    "cohorts": ("analyst", "/analyses/cohorts"),
    "ageing": ("credit_manager", "/analyses/ageing"),
    "punctuality": ("credit_manager", "/analyses/punctuality"),
    "dso": ("credit_manager", "/analyses/dso"),
}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NEXT = re.compile(r'<a[^>]*rel="next"[^>]*href="([^"]+)"|<a[^>]*href="([^"]+)"[^>]*rel="next"')
FIRST = re.compile(r'href="(/customers/[0-9a-f-]{36})"')


class Reader:
    """Somebody signed in, who reads pages."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address = address
        self.open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        token = TOKEN.search(self.read("/account/sign-in"))
        assert token, "the sign-in page has a form"
        form = {"login": name, "password": password, "csrfmiddlewaretoken": token[1]}
        request = urllib.request.Request(
            f"{address}/account/sign-in",
            urllib.parse.urlencode(form).encode(),
            {"Referer": f"{address}/account/sign-in"},
        )
        with self.open(request) as answer:
            if "sign-in" in answer.url:
                raise SystemExit(f"{name} cannot sign in")

    def read(self, path: str) -> str:
        """Return a page; anything but 200 ends the measurement."""
        try:
            with self.open(self.address + path) as answer:
                return str(answer.read(), "utf-8")
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path} answers {error.code}") from error

    def timed(self, path: str) -> Iterator[float]:
        """Read a page, and those after it if it is a list, `ROUNDS` in all; give each one's ms."""
        at = path
        for depth in range(1, ROUNDS + 1):
            began = time.perf_counter()
            text = self.read(at)
            yield (time.perf_counter() - began) * 1000
            further = NEXT.search(text)
            at = path
            if further and depth % 5:
                link = (further[1] or further[2]).replace("&amp;", "&")
                at = urllib.parse.urljoin(path, link)


def measure(product: Installation, only: Sequence[str] = ()) -> None:
    """Serve an installation and print the times of its pages."""
    kept = Path(product.environment["CLIENTELA_DATA_DIR"]) / "demo-sign-ins.json"
    rows = json.loads(kept.read_text(encoding="utf-8"))
    sign_ins = {one["role"]: (one["username"], one["password"]) for one in rows}
    with serving(product) as address:
        readers = {
            role: Reader(address, *sign_ins[role]) for role in {who for who, _ in PAGES.values()}
        }
        heads = (
            ("first ms", 10),
            ("median", 9),
            ("95th pct", 10),
            ("worst", 8),
            ("times bare", 12),
        )
        print(f"{'page':30}" + "".join(f"{head:>{width}}" for head, width in heads))
        bare = 0.0
        for name, (role, path) in PAGES.items():
            if only and name not in (*only, "bare framework"):
                continue
            if path == "customer":
                largest = FIRST.search(readers[role].read("/customers/?order=-sales"))
                assert largest, "the demo has customers"
                path = largest[1]
            first, *later = readers[role].timed(path)
            times = sorted(later)
            middle, late = statistics.median(times), times[int(len(times) * 0.95) - 1]
            bare = bare or middle
            print(
                f"{name:30}{first:10.0f}{middle:9.0f}{late:10.0f}{times[-1]:8.0f}{middle / bare:12.0f}"
            )
        moved_on(kept.parent / "copy", readers, only)


def moved_on(folder: Path, readers: Mapping[str, Reader], only: Sequence[str]) -> None:
    """Print what the first reading of each analysis takes after the copy has moved on."""
    pages = {n: p for n, p in PAGES.items() if p[1].startswith("/analyses/")}
    pages = {n: p for n, p in pages.items() if not only or n in only}
    found = []
    last = open_snapshot(folder)
    for later, wait in enumerate((WAIT_SECONDS, 0), 1) if pages else ():
        publish(replace(last, number=last.number + later))  # each of them for the first time
        try:
            time.sleep(wait)
            found.append({name: next(readers[who].timed(at)) for name, (who, at) in pages.items()})
        finally:
            withdraw(folder, [last.number + later])
    if found:
        print(f"{'after the copy moved on':30}{f'{WAIT_SECONDS} s later':>12}{'at once':>10}")
        for name in pages:
            print(f"{name:30}{found[0][name]:12.0f}{found[1][name]:10.0f}")


@contextmanager
def serving(product: Installation) -> Iterator[str]:
    """Run the page server of an installation; give its address."""
    address = f"http://127.0.0.1:{PORT}"
    command = [sys.executable, "-m", "clientela.cli.main", "up", "--port", str(PORT)]
    server = subprocess.Popen(command, env=product.environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        if not any("Clientela: http" in line for line in server.stdout):
            raise SystemExit("the server did not start")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def main() -> int:
    """Measure each size, or the installation that the environment names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, action="append")
    parser.add_argument("--only", action="append", choices=[*PAGES], default=[])
    given = parser.parse_args()
    if not given.customers and "CLIENTELA_DATA_DIR" in os.environ:
        there = Installation(Path("."))
        there.environment = dict(os.environ)
        measure(there, given.only)
        return 0
    for customers in given.customers or [200, 2000]:
        with installation() as product:
            product.run("demo", "--customers", str(customers))
            product.run("refresh")
            print(f"\n{customers:,} customers")
            measure(product, given.only)
    return 0


if __name__ == "__main__":
    sys.exit(main())
