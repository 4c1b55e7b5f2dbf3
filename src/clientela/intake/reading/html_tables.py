"""Tables of a web page, as programs save them under the name of a workbook.

Read as a browser shows them: the text of each cell with its blanks made one, `<br>` a line end, a
cell that spans others in its first place with empty ones behind and below it, as merged cells of
a workbook are. A table within a cell is a table of its own. Nothing is run, fetched or expanded:
scripts, styles, links and declarations are passed over, and the only references known are those
of single characters.

One pass, a row at a time; what is kept of a page is bounded by its columns, not by its length.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from clientela.intake.reading import limits
from clientela.intake.reading.faults import refuse

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_SPAN = re.compile(r"\s*(\d{1,5})")
_SILENT = frozenset(("script", "style", "title", "template", "noscript", "textarea", "select"))
_LONGEST_MARK = 65_536
_LONGEST_REFERENCE = 40
# A mark with its attributes: outside of quotes it holds no other one.
_TAG = re.compile(
    r"""<(/?)([A-Za-z][^\s/<>"']*)([^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*)>""",
)
_MARK = re.compile(r"""([A-Za-z][\w:-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_NO_MARK = re.compile(r"<(?:[^A-Za-z/!?]|/[^A-Za-z]|/?[A-Za-z][^\"'<>]*<)")

# Called with the number of the table from 0, of the row in it from 1, its cells, and whether it
# is hidden.
Row = Callable[[int, int, list[str], bool], None]


@dataclass
class _Table:
    """A table that is open. `spans` are the cells of rows above that reach into the next ones:
    column from 0 to how many more rows."""

    number: int
    rows: int = 0
    in_row: bool = False
    hidden: bool = False
    cells: list[str] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    text: list[str] | None = None  # of the open cell
    size: int = 0
    across: int = 1
    down: int = 1


class HtmlTables:
    """Calls `row` for each row of each table. `tables` and `merged` count what it has met.

    Raises FileRefused beyond the limits on tables, their nesting, columns and marks.
    """

    def __init__(self, row: Row) -> None:
        self._row = row
        self._open: list[_Table] = []
        self.tables = 0
        self.merged: dict[int, int] = {}  # cells that span others, by table

    def begin(self, tag: str, marks: str) -> None:
        """Open a table, a row or a cell; what was left open before is closed."""
        if tag == "table":
            self._begin_table()
        elif not self._open:
            return
        elif tag == "tr":
            self._end_row()
            self._begin_row(_attributes(marks))
        elif tag in ("td", "th"):
            self._begin_cell(_attributes(marks))
        elif tag == "br":
            self._add("\n")
        elif tag in ("p", "div", "li"):
            self._add(" ")

    def end(self, tag: str) -> None:
        """Close what ends here."""
        if not self._open:
            return
        if tag == "table":
            self._end_row()
            self._open.pop()
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()

    def say(self, text: str) -> None:
        """Take text; it counts within a cell alone."""
        if self._open and self._open[-1].text is not None:
            self._add(_BLANKS.sub(" ", unescape(text)))

    def close(self) -> None:
        """End the page; tables that were left open are whole up to there."""
        while self._open:
            self._end_row()
            self._open.pop()

    def _begin_table(self) -> None:
        if len(self._open) >= limits.HTML_NESTING:
            raise refuse("html_nested", allowed=limits.HTML_NESTING)
        if self.tables >= limits.HTML_TABLES:
            raise refuse("html_tables", allowed=limits.HTML_TABLES)
        self._open.append(_Table(self.tables))
        self.tables += 1

    def _begin_row(self, marks: dict[str, str]) -> None:
        table = self._open[-1]
        table.in_row, table.cells = True, []
        table.hidden = "hidden" in marks or bool(_HIDDEN.search(marks.get("style", "")))

    def _begin_cell(self, marks: dict[str, str]) -> None:
        table = self._open[-1]
        self._end_cell()
        if not table.in_row:
            self._begin_row({})
        table.text, table.size = [], 0
        table.across, table.down = _span(marks.get("colspan")), _span(marks.get("rowspan"))
        if table.across > 1 or table.down > 1:
            self.merged[table.number] = self.merged.get(table.number, 0) + 1

    def _add(self, text: str) -> None:
        table = self._open[-1]
        if table.text is not None and table.size <= limits.CELL_CHARACTERS:
            table.text.append(text)
            table.size += len(text)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.text is None:
            return
        said = "".join(table.text)[: limits.CELL_CHARACTERS]
        lines = (re.sub(" +", " ", line).strip(" \xa0") for line in said.split("\n"))
        _reach(table)
        at = len(table.cells)
        table.cells.append("\n".join(lines).strip("\n"))
        table.cells.extend("" for _ in range(table.across - 1))
        if len(table.cells) > limits.COLUMNS:
            raise refuse("too_many_columns", found=len(table.cells), allowed=limits.COLUMNS)
        if table.down > 1:
            table.spans |= {at + n: table.down for n in range(table.across)}
        table.text = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if not table.in_row:
            return
        _reach(table)
        table.rows += 1
        self._row(table.number, table.rows, table.cells, table.hidden)
        table.spans = {at: left - 1 for at, left in table.spans.items() if left > 1}
        table.in_row = False


def _reach(table: _Table) -> None:
    """Leave the next places empty that cells of rows above reach into."""
    while len(table.cells) in table.spans:
        table.cells.append("")


def _span(given: str | None) -> int:
    """Return how many places a cell takes, one where nothing sensible is said."""
    found = _SPAN.match(given or "")
    return max(1, min(int(found[1]), limits.COLUMNS + 1)) if found else 1


def _attributes(marks: str) -> dict[str, str]:
    found = _MARK.finditer(marks)
    return {one[1].lower(): unescape((one[2] or "").strip("\"'")) for one in found}


def read_tables(path: Path, encoding: str, row: Row) -> HtmlTables:
    """Read a page to its end. Raises FileRefused; a byte that is no text in the encoding becomes
    half a character, which its row is set aside for."""
    page = HtmlTables(row)
    kept, silent = "", ""
    for text in _texts(path, encoding):
        kept, silent = _take(page, kept + text, silent)
        if len(kept) > limits.RECORD_BYTES:
            raise refuse("html_unreadable")
    page.say(kept)
    page.close()
    return page


def _take(page: HtmlTables, text: str, silent: str) -> tuple[str, str]:
    """Hand on what of a piece is whole; return its rest, and the mark whose text is passed over.

    Every character is looked at a bounded number of times, whatever the page holds: a mark ends
    before the next one begins, or within `_LONGEST_MARK`.
    """
    at = 0
    while True:
        if silent:
            found = re.compile(rf"</{silent}", re.I).search(text, at)
            if not found:
                return text[max(at, len(text) - 16) :], silent
            at, silent = found.start(), ""
        start = text.find("<", at)
        if start < 0:
            whole = _whole_text(text, at)
            page.say(text[at:whole])
            return text[whole:], ""
        page.say(text[at:start])
        found = _TAG.match(text, start, start + _LONGEST_MARK)
        if found:
            at, tag = found.end(), found[2].lower()
            (page.end if found[1] else page.begin)(tag, *(() if found[1] else (found[3],)))
            silent = tag if tag in _SILENT and not found[1] else ""
            continue
        end = _end_of_other(text, start)
        if end is None:
            return text[start:], ""
        if end == start:  # no mark: a sign as in "a < b"
            page.say("<")
            end += 1
        at = end


def _whole_text(text: str, at: int) -> int:
    """Return the place up to which no reference to a character is cut."""
    cut = text.rfind("&", max(at, len(text) - _LONGEST_REFERENCE))
    return len(text) if cut < 0 or ";" in text[cut:] else cut


def _end_of_other(text: str, start: int) -> int | None:
    """Return where a comment or a declaration ends, `start` for what is no mark, None where the
    next piece has to tell."""
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return end + 3 if end >= 0 else None
    if text[start + 1 : start + 2] in ("!", "?"):
        end = text.find(">", start, start + _LONGEST_MARK)
        if end >= 0:
            return end + 1
    return start if len(text) - start >= _LONGEST_MARK or _NO_MARK.match(text, start) else None


def _texts(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    if path.stat().st_size > limits.WORKBOOK_FILE_BYTES:
        raise refuse("workbook_too_large", allowed=limits.WORKBOOK_FILE_BYTES)
    with path.open("rb") as stream:
        while chunk := stream.read(limits.CHUNK_BYTES):
            yield decoder.decode(chunk).lstrip("\ufeff")
        yield decoder.decode(b"", final=True)
