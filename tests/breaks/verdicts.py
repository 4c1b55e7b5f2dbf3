"""A plugin of the inner test run: writes how each test ended, and by which exception.

It ends the run at once where the product was not imported from the copy.
"""

import json
import os
from pathlib import Path

import pytest

OUT, ROOT = "CLIENTELA_BREAK_OUT", "CLIENTELA_BREAK_ROOT"
ELSEWHERE = 9  # exit status: another clientela was imported


def pytest_sessionstart(session):
    import clientela

    if not Path(clientela.__file__).is_relative_to(os.environ[ROOT]):
        pytest.exit(f"the product came from {clientela.__file__}", returncode=ELSEWHERE)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when != "call" and report.outcome == "passed":
        return
    error = call.excinfo.typename if call.excinfo else ""
    line = {"test": item.nodeid, "when": report.when, "outcome": report.outcome, "error": error}
    with open(os.environ[OUT], "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
