"""The account that the private server runs under.

PostgreSQL refuses to run as root. Started by root, it runs under an account that exists
already; none is made. Started by anybody else, it runs as that user.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from clientela.runtime.refusals import refuse

UNPRIVILEGED = ("postgres", "nobody")


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that make a child run as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who runs the server. `switch` tells whether this process has to become it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def run(
        self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program to its end as this account and return its output, errors within.

        It starts in / and with a bare environment: the caller's folder may be closed to
        the account, and the caller's settings (PG*, DATABASE_URL) are none of its business.
        """
        try:
            return subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                cwd="/",
                env={**bare_environment(), **(env or {})},
                check=False,
                **self.identity(),
            )
        except PermissionError as error:
            if self.switch and str(error.filename) != str(command[0]):  # setuid, not exec
                raise refuse("account_refused", account=self.name, error=error) from error
            return subprocess.CompletedProcess(list(map(str, command)), 126, str(error))
        except OSError as error:
            return subprocess.CompletedProcess(list(map(str, command)), 127, str(error))

    def identity(self) -> Identity:
        """Return what makes a child run as this account: nothing if that is who we are."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the account can go into a folder, its parents included."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def let_pass(self, folder: Path) -> None:
        """Let the account pass through a folder of ours that is closed to others, by its group.

        It may then open by name what lies there and is its own, and list nothing; nobody else
        gets a right. A folder whose rights somebody else chose stays as it is.
        """
        if self.switch and stat.S_IMODE(folder.stat().st_mode) in (0o700, 0o711):
            os.chown(folder, -1, self.gid)
            folder.chmod(0o710)

    def open_way(self, folder: Path) -> None:
        """Let the account pass where it cannot: the folder of all installations of root is closed
        where it is the data folder of one of them."""
        if not self.can_enter(folder):
            self.let_pass(folder)


def make_passable(folder: Path) -> None:
    """Make a folder, and those above it, that every account may pass through and nobody list."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        one.chmod(0o711)  # by name: the umask would take it away


def server_account(existing: Path | None = None) -> Account:
    """Return the account to use: the owner of an existing cluster, or the first suitable.

    :raises CannotStart: no_account.
    """
    if os.geteuid() != 0:
        me = os.geteuid()
        return Account(name=_name_of(me), uid=me, gid=os.getegid(), switch=False)
    if existing is not None and existing.exists():
        owner = existing.stat()
        return Account(name=_name_of(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid, switch=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    raise refuse("no_account")


def bare_environment() -> dict[str, str]:
    """Return the environment of the server's programs: English messages, nothing secret."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"}


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
