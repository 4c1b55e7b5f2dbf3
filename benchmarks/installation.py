"""An installation of its own for a measurement: made, used through commands, thrown away."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Installation:
    """Runs `clientela` commands in a data folder that nobody else uses."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("CLIENTELA_", "DJANGO_"))},
            "CLIENTELA_DATA_DIR": str(folder / "data"),
            "CLIENTELA_KEY_FILE": str(folder / "key"),
        }
        self.environment.pop("DATABASE_URL", None)

    def run(self, *words: str) -> str:
        """Run one command to its end and return what it printed."""
        command = [sys.executable, "-m", "clientela.cli.main", *words]
        done = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def ask(self, *words: str) -> Any:
        """Return the JSON answer of a command."""
        return json.loads(self.run(*words, "--format", "json").splitlines()[-1])

    def timed(self, *words: str) -> tuple[Any, float]:
        """Return the JSON answer of a command, and its seconds."""
        began = time.monotonic()
        return self.ask(*words), time.monotonic() - began

    def python(self, code: str) -> str:
        """Run a line of Python inside the installation."""
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout


@contextmanager
def installation() -> Iterator[Installation]:
    """Give a new installation; its server is stopped and its folder removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="clientela-bench-", dir="/tmp"))
    folder.chmod(0o711)  # the account of the database server has to get in
    made = Installation(folder)
    try:
        made.run("migrate")
        yield made
    finally:
        made.python("from clientela.runtime import cluster; cluster.stop()")
        shutil.rmtree(folder, ignore_errors=True)
