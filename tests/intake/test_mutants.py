"""Damaged files, by the hundred: each is refused, asked about, or read to its last record."""

import os
import random
import time

import pytest

from clientela.kernel.reasons import Refused
from tests.corpus import cells, files, money, packed, pages
from tests.corpus.case import AS_OF
from tests.intake.importing import import_file
from tests.intake.mutants import mutant

MUTANTS = int(os.environ.get("CLIENTELA_MUTANTS", "500"))  # in all; release: 20,000
PARTS = 8
LARGEST = 64 * 1024  # of a file that is damaged
CASES = [case for part in (cells, files, money, packed, pages) for case in part.cases()]
ALL = [case for case in CASES if len(case.content) <= LARGEST]
# A workbook or web page costs a process of its own, some hundred times a text: one file in twenty
# is one.
BOOKS = [c for c in ALL if c.content[:2] == b"PK" or c.name.endswith((".xls", ".html"))]
TEXTS = [c for c in ALL if c not in BOOKS]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_is_refused_asked_about_or_read(part, tmp_path):
    wrong = []
    for n in range(part, MUTANTS, PARTS):
        chance = random.Random(n)
        pool = BOOKS if n // PARTS % 20 == 0 else TEXTS
        case, other = chance.choice(pool), chance.choice(pool)
        path = tmp_path / f"{n}-{case.name}"
        path.write_bytes(mutant(case, other, chance))
        fault = judged(path, case)
        path.unlink()
        if fault:
            wrong.append((n, case.id, fault))
    assert wrong == []


def judged(path, case) -> str:
    """Return what was wrong with how a file was taken, empty when nothing was."""
    started = time.monotonic()
    try:
        done = import_file(
            path, kind=case.kind, settings=case.settings, answers=case.answers, as_of=AS_OF
        )
    except Refused:
        return ""  # with its reasons: the file changed what the mapping needs
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - started
    if seconds > 10 + path.stat().st_size / 1e6:
        return f"took {seconds:.1f} s"
    if done.refusals or done.asked:
        return "" if done.totals.read == 0 else "was read although it was refused"
    rows = len(done.row_nos) + len(done.aside)
    if not done.totals.read == rows == len({*done.row_nos, *(row.row_no for row in done.aside)}):
        return f"read {done.totals.read}, accounted for {rows}"
    lost = [row.row_no for row in done.aside if not row.problems]
    return f"set aside without a reason: {lost}" if lost else ""


def test_the_corpus_has_texts_and_workbooks_to_damage():
    assert len(TEXTS) > 200
    assert len(BOOKS) > 20
