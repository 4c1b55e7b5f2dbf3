"""The server of a test run ends with the run, however the run ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = """
import os, sys, time
from tests import server
from clientela.runtime import cluster, sandbox
server.ensure()
print(os.environ[sandbox.FOLDER], cluster.status().folder, flush=True)
time.sleep(600)
"""


@pytest.mark.slow
class TestGuardian:
    def test_ends_the_server_and_removes_its_folder_when_the_run_is_killed(self) -> None:
        with begin() as run:
            folder, data = map(Path, said(run))
            assert serving(data)
            run.kill()
        assert eventually_gone(folder)
        assert not serving(data)

    def test_waits_for_the_last_process_of_the_run(self) -> None:
        with begin() as first:
            folder, data = map(Path, said(first))
            with begin(CLIENTELA_TEST_FOLDER=str(folder)) as second:
                said(second)
                first.send_signal(signal.SIGKILL)
                first.wait()
                time.sleep(1)
                assert serving(data)
                second.kill()
        assert eventually_gone(folder)


def begin(**environment: str) -> "subprocess.Popen[str]":
    """Start a process that uses the server of a run of its own."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CLIENTELA_")}
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return subprocess.Popen(
        [sys.executable, "-c", RUN],
        env=inherited | {"PYTHONPATH": path, "PYTEST_VERSION": "1"} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(run: "subprocess.Popen[str]") -> list[str]:
    assert run.stdout is not None
    words = run.stdout.readline().split()
    assert len(words) == 2
    return words


def serving(data: Path) -> bool:
    """Tell whether a process works in the cluster's folder."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == data:
                return True
        except OSError:
            continue
    return False


def eventually_gone(folder: Path) -> bool:
    end = time.monotonic() + 30
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.1)
    return not folder.exists()
