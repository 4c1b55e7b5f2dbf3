"""The program in the sandbox: opens a workbook, writes what it finds as JSON lines.

Nothing the parser does can reach further than this process: its memory, processor time and
open files are limited before the file is touched, and its answer is plain JSON.

A cell is written as text, or as {"n": number}, {"d": date}, {"t": instant}, {"h": time},
{"e": code, "s": what is seen} where it holds no usable value.
"""

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from clientela.intake.reading import limits
from clientela.intake.reading.batch import BadCell
from clientela.intake.reading.faults import FileRefused, refuse

if TYPE_CHECKING:
    from clientela.intake.reading.workbook_scan import Scan

_ROWS_A_LINE = 1000
_HEAD_ROWS = 200
_FIRST_SURE_DAY = date(1900, 3, 1)  # serial 60 is 29 February 1900, a day that never was
_EXACT = 10**15  # a binary double holds 15 digits; a longer number has lost its last ones


def main() -> int:
    """Read `describe PATH KIND [ENCODING]` or `rows PATH KIND SHEET take|skip [ENCODING]` (hidden
    rows; the encoding of a page) from the arguments; answer the exit code: 0 done, 3 refused with reasons on the output."""
    command, path, kind, *rest = sys.argv[1:]
    _limit()
    try:
        if kind == "html":
            _page(command, Path(path), *rest)
        elif command == "describe":
            _describe(Path(path), kind, sys.stdout)
        else:
            _rows(Path(path), kind, rest[0], rest[1] == "skip", sys.stdout)
    except FileRefused as refused:
        _write(sys.stdout, {"refused": [r.as_json() for r in refused.reasons]})
        return 3
    return 0


def _page(command: str, path: Path, *rest: str) -> None:
    from clientela.intake.reading.html_child import describe_page, rows_of_page

    write = partial(_write, sys.stdout)
    if command == "describe":
        describe_page(path, rest[0], write)
    else:
        sheet, hidden, encoding = rest
        rows_of_page(path, encoding, sheet, hidden == "skip", write)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CHILD_CPU_SECONDS),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))


def _write(out: TextIO, value: object) -> None:
    out.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


def _open(path: Path, kind: str) -> Any:
    from clientela.intake.reading.workbook_scan import check_workbook

    check_workbook(path, kind)
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError:
        raise refuse("password_protected") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        # The library's own words name parts of the format, never contents of cells.
        raise refuse("workbook_damaged", parser=type(error).__name__) from None


def _describe(path: Path, kind: str, out: TextIO) -> None:
    from clientela.intake.reading.workbook_scan import scan_sheet

    book = _open(path, kind)
    for index, meta in enumerate(book.sheets_metadata):
        sheet = _sheet(book, index)
        found = scan_sheet(path, kind, index) if sheet.total_height else scan_sheet(path, "", 0)
        rows = list(_values(sheet, found))
        step = max(1, (len(rows) - _HEAD_ROWS) // limits.SAMPLE_LINES + 1)
        chosen = rows[:_HEAD_ROWS] + rows[_HEAD_ROWS::step]
        filled = sum(any(value != "" for value in row) for _, row in rows)
        _write(
            out,
            {
                "name": meta.name,
                "visible": str(meta.visible).endswith(".Visible"),
                "rows": filled,
                "merged": len(sheet.merged_cell_ranges or ()),
                "notes": found.notes,
                "hidden_rows": len(found.hidden),
                "sample": [(number, [_plain(value) for value in row]) for number, row in chosen],
            },
        )


def _rows(path: Path, kind: str, sheet: str, skip_hidden: bool, out: TextIO) -> None:
    from clientela.intake.reading.workbook_scan import scan_sheet

    book = _open(path, kind)
    index = book.sheet_names.index(sheet)
    found = scan_sheet(path, kind, index)
    part: list[tuple[int, list[object]]] = []
    for number, row in _values(_sheet(book, index), found):
        if skip_hidden and number in found.hidden:
            continue
        part.append((number, [_plain(value) for value in row]))
        if len(part) == _ROWS_A_LINE:
            _write(out, part)
            part = []
    _write(out, part)


def _sheet(book: Any, index: int) -> Any:
    import python_calamine

    try:
        return book.get_sheet_by_index(index)
    except (python_calamine.CalamineError, ValueError) as error:
        raise refuse("workbook_damaged", parser=type(error).__name__) from None


def _values(sheet: Any, found: "Scan") -> Iterator[tuple[int, list[object]]]:
    """Yield (row of the sheet from 1, values), numbers that show per cent as such text. Of the cells
    found to hold no value the parser leaves an empty one, and leaves out a last row of these."""
    by_row: dict[int, list[tuple[int, BadCell]]] = {}
    for (row, column), cell in found.bad.items():
        by_row.setdefault(row, []).append((column, cell))
    shares: dict[int, list[int]] = {}
    for row, column in found.percent:
        shares.setdefault(row, []).append(column)
    if sheet.start is not None and sheet.total_width > limits.COLUMNS:
        raise refuse("too_many_columns", found=sheet.total_width, allowed=limits.COLUMNS)
    last = 0
    for last, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        for column in shares.get(last, ()):
            if column < len(values):
                values[column] = _in_percent(values[column])
        yield last, _with_bad(values, by_row.get(last, ()))
    for number in sorted(number for number in by_row if number > last):
        yield number, _with_bad([], by_row[number])


def _in_percent(value: object) -> object:
    """Return a share as it is shown; what shows more than 100 % is a number in the wrong dress."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= 1:
        return value
    shown = Decimal(format(value, ".15g")).scaleb(2).normalize()
    return f"{shown:f}%"


def _with_bad(values: list[object], bad: Iterable[tuple[int, BadCell]]) -> list[object]:
    for column, cell in bad:
        values.extend("" for _ in range(column + 1 - len(values)))
        values[column] = cell
    return values


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, BadCell):
        return _bad(value.code, value.shown)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        sure = value >= _FIRST_SURE_DAY
        return {"d": value.isoformat()} if sure else _bad("date_before_1900", f"#VALUE! {value}")
    if isinstance(value, datetime):
        sure = value.date() >= _FIRST_SURE_DAY
        return {"t": value.isoformat()} if sure else _bad("date_before_1900", f"#VALUE! {value}")
    if isinstance(value, time):
        return {"h": value.isoformat()}
    return _bad("duration" if isinstance(value, timedelta) else "cell_type", f"#VALUE! {value}")


def _bad(code: str, shown: str) -> dict[str, str]:
    return {"e": code, "s": shown}


def _number(value: float) -> object:
    """A double to at most 15 digits: 0.1 + 0.2 is 0.3 again. Longer whole numbers lost digits."""
    if value != value or value in (float("inf"), float("-inf")):
        return _bad("not_finite", "#NUM!")
    number = format(Decimal(format(value, ".15g")), "f")
    return _bad("precision_lost", f"#NUM! {number}") if abs(value) >= _EXACT else {"n": number}


if __name__ == "__main__":
    sys.exit(main())
