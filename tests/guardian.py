"""Ends the server of a test run when the last process of the run has ended.

Usage: python -m tests.guardian FOLDER, in the environment of the run. See `tests.server`.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path

from clientela.runtime import cluster, paths


def main(folder: Path) -> None:
    """Wait for the exclusive lock, stop the server, remove its folders."""
    users = os.open(folder / "users", os.O_RDWR)
    fcntl.flock(users, fcntl.LOCK_EX)
    socket = paths.socket_dir()
    cluster.stop()
    shutil.rmtree(socket, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
