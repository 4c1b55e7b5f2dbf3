"""An installation of its own, used by other processes, as the account that a test names."""

import contextlib
import json
import os
import pwd
import signal
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from clientela.runtime import accounts, providers

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHONPATH = os.pathsep.join([str(ROOT / "src"), sysconfig.get_path("purelib")])
PRELUDE = """
import json, os, sys
from pathlib import Path
from clientela.runtime import cluster, database, keys, paths, roles
from clientela.runtime.refusals import CannotStart
import psycopg
def say(value): sys.stdout.write(json.dumps(value, default=str))
"""


def identities() -> list[str]:
    """Return the accounts that tests can take here: as root, root and an ordinary user."""
    if os.geteuid() != 0:
        return [pwd.getpwuid(os.geteuid()).pw_name]
    return ["root", "nobody"] if _interpreter("nobody") else ["root"]


@cache
def _interpreter(account: str) -> str | None:
    """Return a Python of this version that an account can run with our packages."""
    entry = pwd.getpwnam(account)
    if entry.pw_uid == os.geteuid():
        return sys.executable
    other = accounts.Account(name=account, uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    env = {"PYTHONPATH": PYTHONPATH}
    for python in (sys.executable, system):
        if other.run([python, "-c", "import psycopg, clientela"], env=env).returncode == 0:
            return python
    return None


def provider_names() -> dict[str, Path]:
    """Return the folder of programs of each usable provider, by a name to read."""
    return {f"{p.name}-{p.version}": p.bindir for p in providers.available()}


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A data folder, a key file and the account that works with them."""

    folder: Path
    data: Path
    account: str
    bindir: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation finds in its environment."""
        own = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": PYTHONPATH,
            "CLIENTELA_DATA_DIR": str(self.data),
            "CLIENTELA_KEY_FILE": str(self.folder / "keys" / "own.key"),
            "CLIENTELA_SYSTEM_DIR": str(self.folder / "system"),
            "HOME": str(self.folder),
        }
        return own | ({"CLIENTELA_PG_BINDIR": str(self.bindir)} if self.bindir else {})

    def begin(self, code: str, **environment: str) -> "subprocess.Popen[str]":
        """Start Python code as a process of the installation."""
        entry = pwd.getpwnam(self.account)
        switch = entry.pw_uid != os.geteuid()
        identity: dict[str, Any] = (
            {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []} if switch else {}
        )
        return subprocess.Popen(
            [_interpreter(self.account) or sys.executable, "-W", "error", "-c", PRELUDE + code],
            env=self.environment | environment,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **identity,
        )

    def run(self, code: str, **environment: str) -> Any:
        """Run Python code to its end and return what it said."""
        with self.begin(code, **environment) as process:
            said, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return json.loads(said) if said else None

    def refusal(self, code: str, **environment: str) -> list[str]:
        """Run code that must refuse to start, and return the codes of its reasons."""
        attempt = "\n".join(f"    {line}" for line in code.splitlines())
        codes = self.run(
            f"try:\n{attempt}\nexcept CannotStart as refused:\n"
            "    assert str(refused)\n    say(refused.codes)\n",
            **environment,
        )
        return list(codes or [])

    def processes(self) -> list[int]:
        """Return every process of the server: those whose folder is the cluster's."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and self._is_ours((entry / "cwd").readlink()):
                    found.append(int(entry.name))
        return found

    def kill(self, *numbers: int) -> None:
        """End processes the hard way."""
        for number in numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def postmaster(self) -> int:
        """Return the number of the server's first process."""
        home = Path(self.run("say(cluster.status().folder)"))
        return int((home / "postmaster.pid").read_text().split("\n", 1)[0])

    def _is_ours(self, cwd: Path) -> bool:
        text = str(cwd).removesuffix(" (deleted)")
        return Path(text).is_relative_to(self.folder)
