"""A file that ends within its last row: the run says that it may have been cut off."""

import pytest

from clientela.intake.reading.evidence import gather
from tests.intake.taking import HEAD, flag, taken

ROWS = "1,P1,2,5.00,2026-03-01,C1,EUR\n2,P1,2,5.00,2026-03-01,C1,EUR\n"


@pytest.mark.parametrize(("end", "rows"), [(-12, 1), (-1, 0), (len(ROWS), 0)])
def test_the_report_says_it_where_it_looks_so(db, tmp_path, end, rows):
    run = taken(tmp_path, HEAD + ROWS[:end])
    assert (run.state, run.rejected) == ("done", rows)
    assert flag(run, "file_may_be_cut").get("rows", 0) == rows
    notes = [note["code"] for note in run.description["notes"]]
    assert notes == ["file_may_be_cut"] * rows


@pytest.mark.parametrize("ends", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_the_last_line_is_known_whole_however_the_text_comes(size, ends):
    text = (HEAD + ROWS).replace("\n", ends).encode()
    for cut in (-1 * len(ends), -9):
        part = text[:cut]
        found = gather(iter([part[n : n + size] for n in range(0, len(part), size)]))
        assert found.last_line == part.rsplit(ends.encode(), 1)[1]
    whole = gather(iter([text[n : n + size] for n in range(0, len(text), size)]))
    assert whole.last_line == b""
