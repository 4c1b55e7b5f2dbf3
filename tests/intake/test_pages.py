"""A table of a web page comes in row for row as it was written, and at a bounded cost."""

import random
import time
from contextlib import suppress
from html import escape

import pytest

from clientela.intake.reading.describe import describe
from clientela.intake.reading.faults import FileRefused
from clientela.intake.reading.html_tables import read_tables
from clientela.intake.reading.records import records
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, receive_file
from clientela.records.models import Customer
from clientela.records.services import source_for_import
from clientela.store.context import system_context
from clientela.web.reasons import sentence
from tests.factories import NOON, make_company

WORDS = ("Tea", "a < b", "R&D", "茶叶", "Café", '"x"', "&amp;", "1.50", "", "𠮷")


def drawn(rows, *, seed):
    """Draw rows of words: each has something in its first cell."""
    draw = random.Random(seed)
    return [[f"k{n}", *(draw.choice(WORDS) for _ in range(4))] for n in range(rows)]


def written(rows, *, seed):
    """Write rows as a page, its ends of rows and cells left out where nobody needs them."""
    draw = random.Random(seed)
    lines = []
    for row in rows:
        cells = "".join(f"<TD class='a>b'>{escape(c)}{draw.choice(('</td>', ''))}" for c in row)
        lines.append(f"<tr>{cells}{draw.choice(('</tr>', ''))}\n")
    return f"<html><body><table>{''.join(lines)}</table><p>after</p></body></html>"


class TestTableOfAPage:
    @pytest.mark.parametrize("seed", range(3))
    def test_gives_every_cell_as_it_was_written(self, tmp_path, seed):
        rows = [["key", "b", "c", "d", "e"], *drawn(3_000, seed=seed)]
        path = tmp_path / "export.xls"
        path.write_bytes(written(rows, seed=seed).encode("gb18030"))
        found = describe(path, answers={"header": "1", "encoding": "gb18030"})
        assert (found.refusals, found.questions, found.rows_estimate) == ((), (), 3_000)
        read = [row for batch in records(path, found.layout) for row in batch.rows]
        assert read == rows[1:]

    @pytest.mark.parametrize(
        "mark", ["<", "<a ", "<a '", "<a b=", "<!--", "</", "<?", "&", "<script>", "<tr>", "<td '"]
    )
    def test_costs_no_more_for_marks_that_never_end(self, tmp_path, mark):
        path = tmp_path / "page.html"
        path.write_text("<html><table>" + mark * 200_000)
        began = time.process_time()
        with suppress(FileRefused):  # a comment without an end, beyond what is kept
            read_tables(path, "utf-8", lambda *row: None)
        assert time.process_time() - began < 5

    def test_comes_into_the_books_from_a_file_named_as_a_workbook(self, tmp_path, db):
        rows = [["Customer ID", "Name", "Customer Type"]]
        rows += [[f"K{n}", f"茶叶 {n} & Co", "company"] for n in range(1, 41)]
        rows.append(["K41", "", "company"])
        lines = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in r)}</tr>" for r in rows)
        meta = '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
        path = tmp_path / "客户.xls"
        path.write_bytes(f"<html>{meta}<table>{lines}</table></html>".encode("gb18030"))
        access = make_company().access("data_steward")
        with system_context("a page for a test"):
            source = source_for_import(access=access, name="erp", at=NOON)
            run, _ = receive_file(
                access=access, source=source, path=path, name=path.name, at=NOON,
                kind="customers", take_sure=True,
            )  # fmt: skip
        run = advance(run, access, at=NOON, confirmed=True)
        totals = report_of(run).totals
        assert (run.state, totals.read, totals.accepted, totals.rejected) == ("done", 41, 40, 1)
        with system_context("a test looks"):
            names = set(Customer.objects.values_list("name", flat=True))
        assert {f"茶叶 {n} & Co" for n in range(1, 41)} <= names


def test_a_spreadsheet_in_xml_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "export.xls"
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    )
    (reason,) = describe(path).refusals
    assert sentence(reason) == (
        "This is no table (a spreadsheet in XML). Save it as CSV or as a workbook (.xlsx)."
    )
