"""Workbooks: bombs cost nothing, damage stays outside, the child knows no secret."""

import io
import os
import random
import subprocess
import sys
import time
import zipfile

import pytest

from clientela.intake.reading import limits, sandbox
from clientela.intake.reading.describe import describe
from clientela.intake.reading.faults import FileRefused
from clientela.kernel.reasons import Reason
from tests.corpus.case import AS_OF, ROWS, SETTINGS
from tests.corpus.packed import TYPED
from tests.corpus.workbook import edited, ods, sheet
from tests.intake.importing import import_file


def bomb() -> bytes:
    """A workbook of 200 kB that unpacks to 200 MB."""
    out = io.BytesIO(sheet(ROWS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 200_000_000)
    return out.getvalue()


# What the child does, and then the most memory it ever held, on the error output. Linux counts the
# memory of the parent into ru_maxrss of a child, so it is asked for its own high water mark.
MEASURED = """
import resource, sys
from pathlib import Path
from clientela.intake.reading.workbook_child import main
code = main()
status = Path("/proc/self/status")
if status.exists():
    peak = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak, file=sys.stderr)
sys.exit(code)
"""


class TestBombs:
    def test_a_bomb_is_refused_within_a_second_and_a_hundred_megabytes(self, tmp_path):
        path = tmp_path / "file.xlsx"
        path.write_bytes(bomb())
        started = time.monotonic()
        child = subprocess.run(
            [sys.executable, "-P", "-c", MEASURED, "describe", str(path), "xlsx"],
            env=sandbox._environment(),
            capture_output=True,
            check=False,
        )
        seconds = time.monotonic() - started
        assert (child.returncode, b"archive_bomb" in child.stdout) == (3, True)
        assert seconds < 1
        assert int(child.stderr) < 100_000_000


def children() -> set[str]:
    """Return the processes that this one has started and that run, or wait to be buried."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return {
        pid for pid, parent, name in rows if int(parent) == os.getpid() and name.strip() != "ps"
    }


class TestTheChild:
    def test_gets_no_secret_of_this_process(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgres://secret")
        monkeypatch.setenv("CLIENTELA_KEY_FILE", "/secret")
        assert not any("secret" in value for value in sandbox._environment().values())

    def test_is_stopped_when_it_takes_too_long(self, tmp_path, monkeypatch):
        path = tmp_path / "file.xlsx"
        path.write_bytes(sheet(ROWS))
        monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 0.001)
        with pytest.raises(FileRefused) as refused:
            list(sandbox.ask("describe", path, "xlsx"))
        assert refused.value.reasons[0].code == "parser_stopped"

    def test_is_gone_when_nobody_listens_any_more(self, tmp_path):
        path = tmp_path / "file.xlsx"
        path.write_bytes(sheet(ROWS))
        before = children()
        answers = sandbox.ask("describe", path, "xlsx")
        next(answers)
        assert children() - before
        answers.close()
        assert not children() - before

    def test_says_its_reasons(self, tmp_path):
        path = tmp_path / "file.xlsx"
        path.write_bytes(b"PK\x03\x04 nothing")
        with pytest.raises(FileRefused) as refused:
            list(sandbox.ask("describe", path, "xlsx"))
        assert refused.value.reasons == (Reason(code="archive_damaged"),)


class TestWorkbooks:
    def test_text_and_workbooks_of_the_same_rows_give_the_same_values(self, tmp_path):
        from tests.corpus.case import text

        columns = []
        for name, content in (
            ("a.csv", text(ROWS).encode()),
            ("a.xlsx", sheet(ROWS)),
            ("a.ods", ods(ROWS)),
        ):
            path = tmp_path / name
            path.write_bytes(content)
            columns.append(import_file(path, settings=SETTINGS).columns)
        assert columns[0] == columns[1] == columns[2]
        assert len(columns[0]["quantity"]) == 4

    def test_typed_cells_need_no_rule(self, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(sheet(TYPED))
        found = import_file(path, settings=SETTINGS, as_of=AS_OF)
        assert [str(v) for v in found.columns["quantity"]] == ["3", "0.3", "1"]
        assert [str(v) for v in found.columns["issued_on"]] == [
            "2026-03-04",
            "2026-03-05",
            "2026-03-17",
        ]
        assert found.columns["document_number"] == ["1001", "1002", "1003"]
        assert found.line_nos == [2, 3, 4]

    @pytest.mark.parametrize("seed", range(12))
    def test_damaged_bytes_are_read_asked_about_or_refused(self, seed, tmp_path):
        dice = random.Random(seed)
        content = bytearray(sheet(TYPED))
        for _ in range(dice.randrange(1, 20)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path = tmp_path / "file.xlsx"
        path.write_bytes(bytes(content))
        found = import_file(path, settings=SETTINGS)
        assert found.refusals or found.questions or found.totals.read

    @pytest.mark.parametrize("seed", range(8))
    def test_damaged_sheets_are_read_asked_about_or_refused(self, seed, tmp_path):
        dice = random.Random(seed)

        def damage(body: bytes) -> bytes:
            at = dice.randrange(len(body))
            return body[:at] + bytes(dice.randrange(256) for _ in range(4)) + body[at + 4 :]

        path = tmp_path / "file.xlsx"
        path.write_bytes(edited(sheet(TYPED), {"xl/worksheets/sheet1.xml": damage}))
        found = import_file(path, settings=SETTINGS)
        assert found.refusals or found.questions or found.totals.read

    @pytest.mark.parametrize("seed", range(60))
    def test_damaged_texts_are_read_asked_about_or_refused(self, seed, tmp_path):
        from tests.corpus.case import text

        dice = random.Random(seed)
        content = bytearray(text(ROWS * 5).encode(dice.choice(["utf-8", "gb18030", "utf-16"])))
        for _ in range(dice.randrange(1, 9)):
            at = dice.randrange(len(content))
            content[at : at + dice.randrange(3)] = bytes(dice.randrange(256) for _ in range(2))
        path = tmp_path / "file.csv"
        path.write_bytes(bytes(content))
        found = describe(path)
        assert found.refusals or found.questions or found.is_ready
        done = import_file(path, settings=SETTINGS)
        assert (
            done.refusals
            or done.questions
            or done.totals.read == len(done.row_nos) + len(done.aside)
        )
