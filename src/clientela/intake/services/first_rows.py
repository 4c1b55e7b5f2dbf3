"""The first rows of what single cells gave rise to, so that somebody can look them up: rows that were
taken without a cell, amounts far out, garbled text with what it may have said.

A value is shown where its field is of a class that the report may keep, and masked elsewhere.
"""

from collections.abc import Sequence

from clientela.intake.grammar.repairs import repaired
from clientela.intake.grammar.words import GARBLED
from clientela.intake.kinds.registry import KINDS
from clientela.intake.models import Run
from clientela.intake.reading.description import Layout
from clientela.intake.reading.raw_records import cells_of_record
from clientela.intake.reading.workbook import as_text
from clientela.intake.services.at_rest import row_seal
from clientela.intake.services.far_out import FAR_OUT
from clientela.store.bulk import fetch

SHOWN = 20  # rows that are shown under a code
MASK, LONGEST = "***", 200  # characters of a value

Shown = dict[str, list[dict[str, object]]]  # by code: row, column, value, rows, suggested
Places = dict[tuple[str, int], Sequence[int]]  # code and place of a column -> first rows

_RAW = "select row_no, raw from staging.{table} where run_id = %s and row_no = any(%s)"


def first_rows(run: Run, table: str, noted: Places) -> Shown:
    """Return, by code, the first rows: row, column, its value or mask, what it may have said.

    :param noted: the first rows under each code and place of a column.
    """
    codes = {code for field in KINDS[run.kind].fields for code in field.left_out}
    codes |= {FAR_OUT, GARBLED}
    found = sorted(
        (code, row_no, place)
        for (code, place), row_nos in noted.items() if code in codes
        for row_no in row_nos
    )  # fmt: skip
    header = run.description["layout"]["header"] if found else []
    texts = _texts(run, table, [(n, place) for code, n, place in found if code == GARBLED])
    shown: Shown = {}
    for code, row_no, place in found:
        one: dict[str, object] = {"row": row_no, "column": header[place], "value": MASK, "rows": 1}
        if (row_no, place) in texts and code == GARBLED:
            one |= _with_repair(texts[row_no, place])
        shown.setdefault(code, []).append(one)
    return {code: rows[:SHOWN] for code, rows in shown.items()}


def _texts(run: Run, table: str, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the cells at (row, place) as they came, of columns that may be shown."""
    classes = {field.name: field.cls for field in KINDS[run.kind].fields}
    header = run.description["layout"]["header"] if wanted else []
    columns = run.definition.get("columns", {})
    open_ = {header.index(c) for name, c in columns.items() if header and classes[name] < "S2"}
    places = [(row_no, place) for row_no, place in wanted if place in open_]
    if not places:
        return {}
    layout, seal = Layout.from_json(run.description["layout"]), row_seal(run)
    rows = fetch(_RAW.format(table=table), [run.pk, sorted({row_no for row_no, _ in places})])
    cells = {n: cells_of_record(seal.opened(n, "raw", bytes(raw)), layout) for n, raw in rows}
    return {(n, place): as_text(cells[n][place]) for n, place in places if place < len(cells[n])}


def _with_repair(text: str) -> dict[str, object]:
    """Return a garbled text, and what it may have said where that can be told."""
    suggested = repaired(text)
    given: dict[str, object] = {"value": text[:LONGEST]}
    return given | ({"suggested": suggested[:LONGEST]} if suggested else {})
