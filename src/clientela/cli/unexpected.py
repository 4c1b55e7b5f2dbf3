"""An error that nobody foresaw: one sentence for the person, the whole of it for the log."""

import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from clientela.cli.exits import FAILED, complain
from clientela.runtime import paths

LOG = "commands.log"
_MOST = 200  # characters of what the error says of itself


def ended(run: Callable[[], None]) -> int | None:
    """Run a command; an unforeseen error ends it with a sentence and exit code 1.

    What is said of the error is its first line alone: what a database adds below may hold values.
    """
    try:
        run()
    except Exception as error:
        if "--traceback" in sys.argv[1:]:
            traceback.print_exc()
        where = _written()
        given = str(error.args[0]) if error.args else str(error)
        said = given.strip().partition("\n")[0][:_MOST]
        complain(f"The command ended with an error that was not foreseen: {_named(error, said)}")
        if where is not None:
            complain(f"All of it is in {where}. Say it to whoever looks after the installation.")
        complain("To see it here, run the command again as: clientela --traceback …")
        return FAILED
    return None


def _named(error: Exception, said: str) -> str:
    kind = type(error).__name__
    return f"{kind}: {said}" if said else kind


def _written() -> Path | None:
    """Write the error that is being handled to the log; None where that cannot be written."""
    words = next((word for word in sys.argv[1:] if not word.startswith("-")), "")  # no values
    try:
        log = paths.log_dir() / LOG
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {words}\n")
            file.write(traceback.format_exc() + "\n")
    except OSError:
        return None
    return log
