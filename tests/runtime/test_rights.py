"""What the product writes is for its own account alone, whatever umask it was started with."""

import os
import pwd
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clientela.runtime import ports
from tests.runtime.conftest import Install
from tests.runtime.installation import Installation, _interpreter, identities

# started as by somebody who lets everybody read and write what is made
OPEN = "import os; os.umask(0); from clientela.cli.main import main; main()"

SALES = """Invoice No,Line,Stock Code,Description,Quantity,Unit Price,Invoice Date,Customer ID,Customer Name
F1,1,TEA,Tea,2,5.00,2026-03-04,C1,Ferretería Sol
F2,1,CUP,Cup,1,8.00,2026-05-06,C2,Bar Luna
"""


def begin(installation: Installation, *words: str) -> "subprocess.Popen[str]":
    """Start a command of the product as the installation's account."""
    entry = pwd.getpwnam(installation.account)
    identity: dict[str, Any] = {}
    if entry.pw_uid != os.geteuid():
        identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        [_interpreter(installation.account) or sys.executable, "-c", OPEN, *words],
        env=installation.environment, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, **identity,
    )  # fmt: skip


def clientela(installation: Installation, *words: str) -> None:
    with begin(installation, *words) as process:
        said, _ = process.communicate(timeout=1200)
    assert process.returncode == 0, said


def serve(installation: Installation) -> None:
    """Have pages and jobs served until they can be had, and end them in good order."""
    port = next(port for port in range(28300, 28400) if not ports.answers("127.0.0.1", port))
    with begin(installation, "up", "--port", str(port)) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Clientela:"):
                break
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert said[-1].startswith("Clientela:"), "".join(said)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.slow
@pytest.mark.parametrize("account", identities())
def test_no_other_account_may_read_what_the_product_writes(install: Install, account: str) -> None:
    installation = install(account=account)
    sales = installation.data.parent / "sales.csv"
    sales.write_text(SALES)
    said = ("--set", "currency=EUR", "--set", "customer_kind=company")
    clientela(installation, "import", str(sales), "--source", "till", "--yes", *said)
    clientela(installation, "refresh")
    taken = []
    for form in ("csv", "json", "parquet"):
        file = installation.data.parent / f"abc.{form}"
        clientela(
            installation, "analyse", "abc", "--as-of", "2026-06-30", "--format", form,
            "--output", str(file),
        )  # fmt: skip
        taken.append(file)
    serve(installation)
    found = list(installation.data.rglob("*"))
    names = {path.name for path in found}
    assert {"installation", "keys", "postgres.json", "snapshots", "logs", "pages.log"} <= names
    assert len(found) > 1000
    open_ones = [(str(p), oct(rights(p))) for p in found if rights(p) & 0o077]
    assert [one for one in open_ones if not Path(one[0]).is_symlink()] == []
    # root's server works under an account of its own, which has to pass through
    assert rights(installation.data) == (0o710 if account == "root" else 0o700)
    assert [oct(rights(file)) for file in taken] == ["0o600"] * 3


def test_a_folder_whose_rights_somebody_chose_keeps_them(install: Install) -> None:
    installation = install(account=identities()[0])
    installation.data.mkdir()
    installation.data.chmod(0o750)
    installation.data.parent.chmod(0o755)
    said = installation.run("cluster.start(); say(str(cluster.status().folder))")
    assert rights(installation.data) == 0o750
    assert said
