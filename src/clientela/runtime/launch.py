"""Starting the server process, and waiting until it answers.

After a kill -9 of the postmaster its orphaned children hold the shared memory for some
seconds, and a start fails until they have gone; so a start that fails is tried again for
60 s. Recovery of a large database takes longer than that: while the server lives, it is
waited for.
"""

import contextlib
import os
import select
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from clientela.runtime import paths
from clientela.runtime.accounts import Account, bare_environment
from clientela.runtime.refusals import refuse

LOG = "server.log"
RETRY_SECONDS = 60.0
HOPELESS_SECONDS = 5.0  # of a failure that no waiting is known to cure
RECOVERY_SECONDS = 3600.0
LARGEST_LOG = 10_000_000
PASSING = ("shared memory", "lock file", "shared_memory", "Address already in use")

# The shell puts the server in the background and ends, so that the server is nobody's
# child here; arguments are passed as arguments, since folders may have any name.
SCRIPT = 'umask 077; log="$1"; shift; exec </dev/null >>"$log" 2>&1; "$@" &'


class Answer(StrEnum):
    """What a server says when it is asked."""

    UP = "up"
    STARTING = "starting"  # or ending: wait and ask again
    ABSENT = "absent"


def launch(account: Account, bindir: Path, home: Path, ask: Callable[[], Answer]) -> None:
    """Start the server of `home` and return when it answers that it is up.

    :raises CannotStart: start_failed, with the end of the log.
    """
    log = home / LOG
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    began = time.monotonic()
    while True:
        if _wait_while_starting(ask) is Answer.UP:
            return
        _clear_stale_pid(account, home / "data")
        before = log.stat().st_size if log.exists() else 0
        alive = _spawn(account, [bindir / "postgres", "-D", home / "data"], log)
        try:
            if _wait(alive, ask):
                return
        finally:
            os.close(alive)
        spent = time.monotonic() - began
        said = log.read_bytes()[before:].decode(errors="replace") if log.exists() else ""
        patience = RETRY_SECONDS if any(w in said for w in PASSING) else HOPELESS_SECONDS
        if spent >= patience:
            raise refuse("start_failed", seconds=round(spent), log=log, tail=said[-2000:])
        time.sleep(0.3)


def private_socket_folder(account: Account) -> Path:
    """Return the socket's folder, made if absent, and make sure that it is private.

    /tmp is open to everybody, so a folder there may be somebody's trap.

    :raises CannotStart: socket_folder_taken.
    """
    folder = paths.socket_dir()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        account.give(folder)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    if not private or found.st_uid != account.uid:
        raise refuse("socket_folder_taken", folder=folder)
    return folder


def _spawn(account: Account, command: list[Path | str], log: Path) -> int:
    """Start the server and return a pipe that ends when the last of its processes has.

    Every process of the server holds the other end. That tells of its end at once and
    without a process number, which could be another's by then.
    """
    ours, theirs = os.pipe()
    try:
        subprocess.run(
            ["/bin/sh", "-c", SCRIPT, "sh", str(log), *map(str, command)],
            cwd="/",
            env=bare_environment(),
            pass_fds=(theirs,),
            start_new_session=True,
            check=True,
            **account.identity(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        os.close(ours)
        raise refuse("account_refused", account=account.name, error=error) from error
    finally:
        os.close(theirs)
    return ours


def _wait_while_starting(ask: Callable[[], Answer]) -> Answer:
    """Leave a server alone that is recovering, or ending, since before we came."""
    end = time.monotonic() + RECOVERY_SECONDS
    while (answer := ask()) is Answer.STARTING and time.monotonic() < end:
        time.sleep(0.2)
    return answer


def _wait(alive: int, ask: Callable[[], Answer]) -> bool:
    """Ask until the server is up (True) or has ended (False)."""
    end = time.monotonic() + RECOVERY_SECONDS
    pause = 0.02
    while time.monotonic() < end:
        if ask() is Answer.UP:
            return True
        ended, _, _ = select.select([alive], [], [], pause)
        if ended:
            return False
        pause = min(pause * 1.5, 0.5)
    return False


def _clear_stale_pid(account: Account, data: Path) -> None:
    """Remove a postmaster.pid whose number belongs to another program by now.

    PostgreSQL itself takes the file for stale only if no process of that number exists,
    and refuses to start otherwise; after a restart of a container that is common. Should
    a server run after all, PostgreSQL's own check of the shared memory still refuses.
    """
    file = data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError):
        number = int(file.read_text(encoding="utf-8").split("\n", 1)[0])
        if not _serves(account, number, data):
            file.unlink()


def _serves(account: Account, number: int, data: Path) -> bool:
    """Tell whether a process may be a server of this folder; when in doubt, it may."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{number}/cwd").readlink() == data.resolve()
        except FileNotFoundError:
            return False
        except OSError:
            return True
    said = account.run(["ps", "-o", "command=", "-p", str(number)])
    return "postgres" in said.stdout
