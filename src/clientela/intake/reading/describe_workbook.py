"""The description of a workbook, from what the sandbox says about its sheets."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from clientela.intake.reading.batch import Cell
from clientela.intake.reading.describe_text import with_header
from clientela.intake.reading.description import Description, Sheet
from clientela.intake.reading.faults import reason, refuse
from clientela.intake.reading.headers import Line
from clientela.intake.reading.sandbox import ask
from clientela.intake.reading.workbook import as_text, cell_of
from clientela.intake.results import Choice, Question


def describe_workbook(
    path: Path, draft: Description, answers: Mapping[str, str], known: frozenset[str]
) -> Description:
    """Return the description of a workbook. Raises FileRefused."""
    about = (draft.layout.container, draft.layout.encoding or "")
    found = [cast("dict[str, Any]", v) for v in ask("describe", path, *about)]
    sheets = tuple(Sheet(name=s["name"], rows=s["rows"], visible=s["visible"]) for s in found)
    draft = replace(draft, sheets=sheets)
    filled = [sheet for sheet in found if sheet["rows"]]
    if not filled:
        page = draft.layout.container == "html"
        raise refuse("not_a_table", kind="html_table") if page else refuse("empty_file")
    chosen = next((s for s in filled if s["name"] == answers.get("sheet")), None)
    if chosen is None and len(filled) > 1:
        choices = tuple(Choice(value=s["name"], preview=str(s["rows"])) for s in filled)
        question = Question(id="sheet", code="several_sheets", choices=choices)
        return replace(draft, questions=(question,))
    return _with_sheet(draft, chosen or filled[0], answers, known)


def _with_sheet(
    draft: Description, sheet: dict[str, Any], answers: Mapping[str, str], known: frozenset[str]
) -> Description:
    records = [(number, tuple(map(cell_of, cells))) for number, cells in sheet["sample"]]
    lines = [
        Line(first=number, last=number, cells=tuple(as_text(cell) for cell in cells))
        for number, cells in records[:200]
        if any(cell != "" for cell in cells)
    ]
    layout = replace(
        draft.layout, sheet=sheet["name"], skip_hidden=answers.get("hidden_rows") == "skip"
    )
    notes = (*draft.notes, *(reason(code) for code in sheet["notes"]))
    draft, asked = with_header(replace(draft, layout=layout, notes=notes), lines, answers, known)
    asked += [q for q in _doubts(sheet) if q.id not in answers]
    width = draft.layout.width
    samples = tuple(
        tuple((*cells, *[""] * width)[:width])
        for number, cells in records
        if width and number >= draft.layout.data_line and any(cell != "" for cell in cells)
    )
    if width and not samples:
        raise refuse("no_rows")
    below = sheet["rows"] - sum(line.first < draft.layout.data_line for line in lines)
    return replace(draft, samples=samples, rows_estimate=below, questions=tuple(asked))


def _doubts(sheet: dict[str, Any]) -> list[Question]:
    """What a sheet may mean in two ways: rows out of sight, cells that span others."""
    doubts = []
    if sheet["hidden_rows"] or "filtered_rows" in sheet["notes"]:
        choices = (Choice(value="take"), Choice(value="skip"))
        count = {"rows": str(sheet["hidden_rows"])}
        doubts.append(Question(id="hidden_rows", code="hidden_rows", choices=choices, params=count))
    if not sheet["visible"]:
        doubts.append(Question(id="sheet", code="hidden_sheet", choices=_named(sheet)))
    if sheet["merged"]:
        count = {"ranges": str(sheet["merged"])}
        first = (Choice(value="first_cell"),)
        doubts.append(Question(id="merged", code="merged_cells", choices=first, params=count))
    return doubts


def _named(sheet: dict[str, Any]) -> tuple[Choice, ...]:
    return (Choice(value=sheet["name"]),)


def text_of(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    """Return cells as a person would read them."""
    return tuple(as_text(cell) for cell in cells)
