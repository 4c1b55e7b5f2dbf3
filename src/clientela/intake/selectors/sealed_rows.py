"""The rejected rows of a run as they came, opened to be corrected and sent in again."""

import base64
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from clientela.audit.services import record_event
from clientela.intake.kinds.registry import KINDS
from clientela.intake.models import RejectedRow, Run
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.description import Layout
from clientela.intake.reading.own_columns import is_own, without_own
from clientela.intake.reading.raw_records import cells_of_record, text_of_record
from clientela.intake.selectors import rejected_rows, run_by_public_id
from clientela.intake.selectors.samples import may_see_samples
from clientela.kernel.reasons import NotPermitted, Reason
from clientela.security.permits import Access
from clientela.store.sealing import unseal, unwrap

AT_A_TIME = 2_000


@dataclass(frozen=True, kw_only=True)
class GivenRow:
    """One rejected row: its line in the file, the column and why (code and parameters), and its
    cells as the file gave them: text, or typed by a workbook. `text` is the record itself where
    a quotation mark stands wrong in it, so that its cells cannot be told for certain."""

    line: int
    column: str
    code: str
    params: dict[str, str]
    cells: list[Cell]
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """The rejected rows of a file in its order, under its header. `separator` of a text."""

    header: list[str]
    separator: str
    is_workbook: bool
    rows: Iterator[GivenRow]

    @property
    def suffix(self) -> str:
        """How the name of its file ends."""
        return ".xlsx" if self.is_workbook else ".csv"


def rejected_as_given(access: Access, public_id: str, *, at: datetime) -> Rejected:
    """Return the rejected rows of a run's file as they came, without columns of our own.

    The rows hold values of every class, in plain. They go back to whoever brought them and to
    nobody else, and leave one event with their number. Raises NotPermitted, NotInScope.
    """
    run = run_by_public_id(access, public_id, act="import.run")
    if not may_see_samples(access, run):
        raise NotPermitted(Reason(code="rows_go_to_who_brought_them"))
    layout = Layout.from_json(run.description["layout"])
    found = rejected_rows(access, run)
    record_event(
        act="intake.rejected.downloaded",
        at=at,
        subject=("intake.Run", run.public_id),
        rows=found.count(),
        fields_read=_classes(run),
    )
    return Rejected(
        header=without_own(layout.header),
        separator=layout.separator or ",",
        is_workbook=layout.is_workbook,
        rows=_opened(run, layout),
    )


def _classes(run: Run) -> dict[str, str]:
    """Return the class of each mapped column; what fills no field may hold anything."""
    classes: dict[str, str] = {f.name: f.cls for f in KINDS[run.kind].fields} if run.kind else {}
    mapped = run.definition.get("columns", {})
    return {field: classes[field] for field in mapped} | {"*": "S4"}


def _opened(run: Run, layout: Layout) -> Iterator[GivenRow]:
    key = unwrap(run.sealed_key, run.pk)
    ours = {n for n, name in enumerate(layout.header) if is_own(name)}
    rows = RejectedRow.objects.filter(run=run).order_by("row_no")
    for row in rows.iterator(chunk_size=AT_A_TIME):
        raw = base64.b64decode(unseal(row.raw, attribute=f"row {row.row_no}", data_key=key))
        text, cells = _unsplit(raw, row.code, layout, len(ours)), cells_of_record(raw, layout)
        yield GivenRow(
            line=row.line_no,
            column=row.column,
            code=row.code,
            params=dict(row.params),
            cells=[cell for n, cell in enumerate(cells) if n not in ours],
            text=text,
        )


def _unsplit(raw: bytes, code: str, layout: Layout, ours: int) -> str:
    """Return a record of a text of which a quotation mark stands wrong, without our columns; else
    nothing. Behind a mark that is never closed every record is as it came: what is read of them
    depends on what stood before."""
    if layout.is_workbook:
        return ""
    text, separator = text_of_record(raw, layout), layout.separator or ","
    if code != "quote_not_closed" and _is_one_record(text, separator):
        return ""
    field = rf'(?:"(?:[^"]|"")*"|[^"\n{re.escape(separator)}]*){re.escape(separator)}'
    return re.sub(rf"^(?:{field}){{{ours}}}", "", text) if ours else text


def _is_one_record(text: str, separator: str) -> bool:
    try:
        records = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return False
    return len(records) == 1
