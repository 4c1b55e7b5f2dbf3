"""The guard of a supervisor: ends its children if it vanishes.

Usage: python -m clientela.runtime.guard, with lines "+NUMBER" and "-NUMBER" on standard
input for process groups that began and ended. When the input ends, which it does however
the supervisor ended, the groups still on the list are asked to end, then ended.
"""

import contextlib
import os
import signal
import sys
import time
from typing import TextIO

GRACE_SECONDS = 5.0


def main(lines: TextIO) -> None:
    """Keep the list until the input ends, then see that no group on it is left."""
    groups: set[int] = set()
    for line in lines:
        number = int(line[1:])
        groups = groups | {number} if line[0] == "+" else groups - {number}
    for number in groups:
        _send(number, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    while any(_send(number, 0) for number in groups) and time.monotonic() < end:
        time.sleep(0.1)
    for number in groups:
        _send(number, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    """Send a signal to a group and tell whether there is one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    main(sys.stdin)
