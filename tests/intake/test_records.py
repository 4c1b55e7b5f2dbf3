"""Reading a text: every record once, at its line, with its bytes, from any row on."""

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clientela.intake.reading.describe import describe
from clientela.intake.reading.description import Layout
from clientela.intake.reading.lines import blocks
from clientela.intake.reading.records import records
from clientela.intake.reading.text_records import Shape, TextRecords
from tests.intake.counting import naive_records

CELL = st.text(st.sampled_from('ab,;"\n 北é7#'), max_size=6)
TABLE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12)
)


def written(rows, *, separator=",", end="\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def read(data: bytes, width: int, *, separator=",", encoding="utf-8", piece=7, data_line=1):
    """Read bytes given in small pieces, so that every border of a piece is tried."""
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    shape = Shape(separator=separator, width=width, data_line=data_line, encoding=encoding)
    return list(TextRecords(blocks(iter(pieces), encoding), shape).batches())


def taken(batches):
    return [
        (line, cells)
        for batch in batches
        for line, cells in zip(batch.line_nos, batch.rows, strict=True)
    ]


class TestRecords:
    @given(TABLE, st.sampled_from(["\n", "\r\n"]), st.sampled_from(",;\t"), st.integers(1, 40))
    @settings(max_examples=150, deadline=None)
    def test_a_sound_text_gives_what_a_naive_reader_gives(self, rows, end, separator, piece):
        text = written(rows, separator=separator, end=end)
        batches = read(text.encode(), len(rows[0]), separator=separator, piece=piece)
        assert taken(batches) == naive_records(text, separator)
        assert not any(batch.faults for batch in batches)

    @given(TABLE, st.integers(0, 200), st.binary(min_size=1, max_size=3), st.integers(1, 40))
    @settings(max_examples=150, deadline=None)
    def test_a_damaged_text_gives_each_record_one_number(self, rows, at, damage, piece):
        data = written(rows).encode()
        data = data[:at] + damage + data[at:]
        batches = read(data, len(rows[0]), piece=piece)
        numbers = [n for batch in batches for n in batch.row_nos]
        numbers += [fault.row_no for batch in batches for fault in batch.faults]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))

    @given(TABLE, st.integers(0, 200), st.binary(min_size=1, max_size=3))
    @settings(max_examples=150, deadline=None)
    def test_no_byte_of_a_damaged_text_is_lost(self, rows, at, damage):
        data = written(rows).encode()
        data = data[:at] + damage + data[at:]
        kept = []
        for batch in read(data, len(rows[0])):
            kept += [(line, batch.raw(n)) for n, line in enumerate(batch.line_nos)]
            kept += [(fault.line_no, fault.raw) for fault in batch.faults]
        whole = b"\n".join(raw for _, raw in sorted(kept))
        plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = [line for line in plain.split(b"\n") if line.strip(b', "\t\x0b\x0c')]
        assert [line for line in whole.split(b"\n") if line.strip(b', "\t\x0b\x0c')] == lines

    def test_says_the_line_a_record_starts_at_behind_breaks_in_quotes(self):
        data = b'a,"x\ny\nz"\nb,1\n\nc,2\n'
        assert [line for line, _ in taken(read(data, 2))] == [1, 4, 6]

    def test_keeps_the_bytes_of_a_record_outside_the_encoding(self):
        (batch,) = read(b"a,\xff\xfe\nb,1\n", 2, piece=100)
        (fault,) = batch.faults
        assert (fault.raw, fault.line_no, fault.reason.code) == (b"a,\xff\xfe", 1, "invalid_bytes")
        assert fault.reason.params["byte"] == "2"

    def test_rejects_every_line_from_an_open_quote_on(self):
        (batch,) = read(b'a,1\nb,"2\nc,3\nd,4\n', 2, piece=100)
        assert batch.rows == [["a", "1"]]
        assert [(f.line_no, f.raw) for f in batch.faults] == [
            (2, b'b,"2'),
            (3, b"c,3"),
            (4, b"d,4"),
        ]
        assert {f.reason.params["line"] for f in batch.faults} == {"2"}

    def test_goes_on_behind_a_line_longer_than_a_record_may_be(self):
        data = b"a,1\nb," + b"x" * 3_000_000 + b"\nc,3\n"
        batches = read(data, 2, piece=65536)
        assert [cells for _, cells in taken(batches)] == [["a", "1"], ["c", "3"]]
        (fault,) = [fault for batch in batches for fault in batch.faults]
        assert fault.reason.code == "record_too_long"
        assert fault.reason.params["bytes"] == "3000002"
        assert len(fault.raw) == 4096

    def test_rejects_what_follows_a_long_line_that_leaves_a_quote_open(self):
        data = b'a,1\nb,"' + b"x" * 3_000_000 + b"\nc,3\n"
        batches = read(data, 2, piece=65536)
        assert [cells for _, cells in taken(batches)] == [["a", "1"]]
        codes = [fault.reason.code for batch in batches for fault in batch.faults]
        assert codes == ["record_too_long", "quote_not_closed"]

    def test_rejects_from_an_open_quote_on_when_a_long_line_follows_in_it(self):
        data = b'a,1\nb,"2\n' + b"x" * 3_000_000 + b'\nc,"3"\n'
        batches = read(data, 2, piece=65536)
        assert [cells for _, cells in taken(batches)] == [["a", "1"]]
        found = [(f.line_no, f.reason.code) for batch in batches for f in batch.faults]
        assert found == [(2, "quote_not_closed"), (3, "quote_not_closed"), (4, "quote_not_closed")]

    @pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "cp932", "cp949"])
    def test_cuts_at_separators_not_inside_characters(self, encoding):
        # Second bytes of these encodings may be letters, a bar or a backslash.
        text = {"gb18030": "縗|乗", "big5hkscs": "功能", "cp932": "表ソ", "cp949": "똠방"}[encoding]
        data = f"a,{text}\nb,{text}\n".encode(encoding)
        rows = [cells for _, cells in taken(read(data, 2, encoding=encoding, piece=3))]
        assert rows == [["a", text], ["b", text]]

    @pytest.mark.parametrize("start_row", [1, 2, 500, 4999, 5000])
    def test_goes_on_from_any_row_with_the_same_numbers(self, start_row, tmp_path):
        path = tmp_path / "file.csv"
        lines = [f'{n},"x{n}\ny"' if n % 7 == 0 else f"{n},x" for n in range(1, 5001)]
        lines[2500] = "short"
        path.write_text("a,b\n" + "\n".join(lines))
        layout = Layout(
            container="text", encoding="utf-8", separator=",", header=("a", "b"), data_line=2
        )

        def facts(**how):
            found = [
                fact
                for batch in records(path, layout, **how)
                for fact in [
                    *zip(batch.row_nos, batch.line_nos, strict=True),
                    *((f.row_no, f.line_no) for f in batch.faults),
                ]
            ]
            return sorted(found)

        whole = facts()
        assert len(whole) == 5000
        assert facts(start_row=start_row) == whole[start_row - 1 :]

    def test_ends_before_the_first_row_when_all_rows_are_behind(self, tmp_path):
        path = tmp_path / "file.csv"
        path.write_text("a,b\n1,2\n")
        layout = Layout(
            container="text", encoding="utf-8", separator=",", header=("a", "b"), data_line=2
        )
        assert list(records(path, layout, start_row=2)) == []

    def test_keeps_its_layout_through_json(self):
        layout = Layout(container="gzip", encoding="gb18030", separator=";", header=("a", "乙"))
        assert Layout.from_json(layout.as_json()) == layout


class TestDescribedTexts:
    @given(
        names=st.lists(
            st.text(
                st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=9
            ),
            min_size=1,
            max_size=8,
        ),
        encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "big5hkscs"]),
    )
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @example(names=["乿"], encoding="big5hkscs")  # ÔK in Windows-1252
    def test_chinese_text_is_read_as_written_or_asked_about(self, names, encoding, tmp_path):
        rows = [[str(n), name, "7"] for n, name in enumerate(names)]
        text = written([["id", "name", "n"], *rows])
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            return
        path = tmp_path / "file.csv"
        path.write_bytes(data)
        found = describe(path)
        if found.questions:
            assert {q.id for q in found.questions} == {"encoding"}
            return
        read_back = [cells for batch in records(path, found.layout) for cells in batch.rows]
        assert read_back == rows
