"""A data folder, keys and a database name for a run of tests, apart from any real ones.

The settings for tests call `enter` before anything reads a path or a key. All processes
of one run share a folder: the workers of the test runner and the commands that tests
start find it in the environment. A tool that only reads the settings, such as the type
checker, gets a fixed folder instead, since nobody would clear away one of its own.
"""

import os
import tempfile
from pathlib import Path

FOLDER = "CLIENTELA_TEST_FOLDER"
ENTERED = "CLIENTELA_TEST_PROCESS"


def enter() -> Path:
    """Point this process, and the processes it starts, at the folder of the run.

    Each worker of the test runner gets a database name of its own. A DATABASE_URL in the
    environment is dropped: tests never touch a server that somebody works with.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if os.environ.get(ENTERED) == worker:
        return Path(os.environ[FOLDER])  # a command that a test started
    if FOLDER not in os.environ:
        os.environ[FOLDER] = str(_new_folder())
    folder = Path(os.environ[FOLDER])
    os.environ[ENTERED] = worker
    os.environ["CLIENTELA_DATA_DIR"] = str(folder / "data")
    os.environ["CLIENTELA_KEY_FILE"] = str(folder / "keys")
    os.environ["CLIENTELA_SYSTEM_DIR"] = str(folder / "system")
    os.environ["CLIENTELA_DATABASE"] = f"test_{worker}"
    os.environ.pop("DATABASE_URL", None)
    return folder


def entered() -> bool:
    """Tell whether this process belongs to a run of tests."""
    return FOLDER in os.environ and ENTERED in os.environ


def _new_folder() -> Path:
    base = Path("/tmp")  # noqa: S108 - the server's account must reach it, wherever TMPDIR is
    if "PYTEST_VERSION" not in os.environ:
        folder = base / f"clientela-checks-{os.geteuid()}"
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder
    folder = Path(tempfile.mkdtemp(prefix="clientela-tests-", dir=base))
    folder.chmod(0o711)
    return folder
