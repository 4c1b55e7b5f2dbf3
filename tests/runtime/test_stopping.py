"""`clientela stop` ends whoever serves, and the server, and they stay ended."""

import signal
import time

import pytest

from clientela.runtime import ports
from tests.runtime.conftest import Install
from tests.runtime.installation import Installation, identities
from tests.runtime.test_cluster import STOP

pytestmark = pytest.mark.slow
UP = """
from clientela.cli.main import main
sys.argv = ["clientela", "up", "--port", "{port}"]
main()"""
BOTH = {"pages_and_jobs": "stopped", "server": "stopped"}


def until_it_serves(process) -> None:
    for line in process.stdout:
        if line.startswith("Clientela:"):
            return
    raise AssertionError(process.stderr.read())


def absent(installation: Installation) -> bool:
    return installation.run("say(cluster.status().answer)") == "absent"


def test_both_end_and_the_server_is_not_started_again(install: Install) -> None:
    installation = install(account=identities()[0])
    port = next(port for port in range(28400, 28500) if not ports.answers("127.0.0.1", port))
    with installation.begin(UP.format(port=port)) as up:
        until_it_serves(up)
        assert installation.run(STOP) == BOTH
        assert up.wait(timeout=5) == 0
        up.communicate()
    assert not ports.answers("127.0.0.1", port)
    time.sleep(5)  # who serves looks for the server every two seconds
    assert absent(installation)
    assert set(installation.run(STOP).values()) == {"was not running"}


def test_one_that_was_killed_is_not_waited_for(install: Install) -> None:
    installation = install(account=identities()[0])
    installation.run("database.prepare()")
    mark = "from clientela.runtime.serving import serving\nimport time\n"
    with installation.begin(
        mark + "with serving():\n    say('on'); sys.stdout.flush(); time.sleep(60)"
    ) as one:
        one.stdout.read(4)
        one.send_signal(signal.SIGKILL)
        one.communicate()
    assert list((installation.data / "serving").iterdir()) != []
    assert installation.run(STOP) == BOTH | {"pages_and_jobs": "was not running"}
    assert list((installation.data / "serving").iterdir()) == []


def test_one_that_does_not_end_is_named(install: Install) -> None:
    installation = install(account=identities()[0])
    deaf = """
from clientela.runtime.serving import serving
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with serving():
    say("on"); sys.stdout.flush(); time.sleep(60)"""
    with installation.begin(deaf) as one:
        one.stdout.read(4)
        asked = "from clientela.runtime import serving\nserving.end(seconds=0.5)"
        assert installation.refusal(asked) == ["serving_goes_on"]
        one.kill()
        one.communicate()
