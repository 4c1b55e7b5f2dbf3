"""Reading a file into the staging table, batch by batch, each with its progress.

One transaction a batch: the rows, the rejected rows and how far the run came. A killed run
goes on behind the last row that it stored.
"""

import base64
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.words import code_of
from clientela.intake.kinds.registry import KINDS, known_names
from clientela.intake.mapping.model import Mapping as ColumnMapping
from clientela.intake.mapping.typer import SetAside, TypedBatch, Typer
from clientela.intake.models import Run
from clientela.intake.reading.batch import Batch, Cell
from clientela.intake.reading.description import Layout
from clientela.intake.reading.records import records
from clientela.intake.reading.totals import without_numbered_totals
from clientela.intake.reading.workbook import as_text
from clientela.intake.results import CellProblem
from clientela.intake.services.at_rest import RowSeal, begin_seal
from clientela.intake.services.keeping import opened
from clientela.intake.services.locking import running
from clientela.intake.services.places import Places, unplaced
from clientela.intake.services.rejecting import reject
from clientela.intake.services.stagers import (
    COMMON,
    STAGERS,
    Stager,
    sealed_rows,
    units_of,
)
from clientela.security.permits import Access
from clientela.store.context import system_context
from clientela.store.spreadsheets import restored

TRANSACTION_ROWS = 5_000


def stage(run: Run, access: Access, *, at: datetime) -> Iterator[int]:
    """Stage the rest of a run's file; yield the records read after each transaction."""
    layout = Layout.from_json(run.description["layout"])
    mapping = ColumnMapping.from_json(run.definition)
    typer = Typer(KINDS[run.kind], mapping, layout.header, as_of=at.date())
    places = Places(run.org_node_id, access.reach("import.run"), at=at)
    document_at = _unit_column(run, mapping, layout)
    seal = begin_seal(run)
    with opened(run) as file:
        rows = records(file, layout, start_row=run.staged + 1, known=known_names())
        for group in _grouped(rows):
            with system_context("staging rows of an import"), running(run):
                for batch in group:
                    one = _without_totals(run, batch, document_at)
                    _store(run, typer.batch(one), one, places, document_at, seal)
                run.save(update_fields=["state", "staged", "flagged", "staging_key"])
            yield run.staged


def _grouped(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Yield some batches at a time: a transaction for each alone would be all overhead."""
    group: list[Batch] = []
    rows = 0
    for batch in batches:
        group.append(batch)
        rows += batch.read
        if rows >= TRANSACTION_ROWS:
            yield group
            group, rows = [], 0
    if group:
        yield group


def _unit_column(run: Run, mapping: ColumnMapping, layout: Layout) -> int | None:
    """Return where the cell stands that names the document or key of a record."""
    column = mapping.columns.get(STAGERS[run.kind].unit)
    return layout.header.index(column) if column in layout.header else None


def _without_totals(run: Run, batch: Batch, document_at: int | None) -> Batch:
    """Return the batch without totals that stand where a document has its number."""
    if document_at is None or STAGERS[run.kind].table not in ("sales_line", "payment"):
        return batch
    return without_numbered_totals(batch, document_at)


def _store(
    run: Run,
    typed: TypedBatch,
    batch: Batch,
    places: Places,
    document_at: int | None,
    seal: RowSeal,
) -> None:
    stager = STAGERS[run.kind]
    rows = list(stager.rows(places, typed.columns, len(typed.row_nos)))
    raws = {row_no: n for n, row_no in enumerate(batch.row_nos)}
    aside = list(typed.aside)
    lost = unplaced(places, typed, run.definition["columns"])
    aside += (
        SetAside(
            row_no=typed.row_nos[n],
            line_no=typed.line_nos[n],
            outcome="rejected",
            problems=tuple(problems),
            raw=batch.raw(raws[typed.row_nos[n]]),
        )
        for n, problems in sorted(lost.items())
    )
    units, flags, notes = units_of(stager, typed), typed.flag_texts(), typed.note_texts()
    heads = (
        (
            run.pk, row_no, typed.line_nos[n], units[n],
            seal.shut(row_no, "raw", batch.raw(raws[row_no])), flags[n], notes[n],
        )
        for n, row_no in enumerate(typed.row_nos)
    )  # fmt: skip
    _copy(stager, heads, list(sealed_rows(stager, rows, typed.row_nos, seal)), lost)
    _set_aside(run, aside, _units_aside(aside, batch, raws, document_at))
    last = [*batch.row_nos[-1:], *(fault.row_no for fault in batch.faults[-1:])]
    run.staged = max([run.staged, *last])
    run.state = Run.State.STAGING


def _copy(
    stager: Stager,
    heads: Iterable[tuple[Any, ...]],
    rows: Sequence[tuple[Any, ...]],
    lost: Container[int],
) -> None:
    """Copy rows to their table, each behind its head, but those at the places in `lost`."""
    # What no row of the batch holds need not be sent: most files fill half of the columns.
    filled = [n for n, values in enumerate(zip(*rows, strict=True)) if any_given(values)]
    names = ", ".join((*COMMON, *(stager.columns[n] for n in filled)))
    target = f"copy staging.{stager.table} ({names}) from stdin"
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        for n, (head, row) in enumerate(zip(heads, rows, strict=True)):
            if n not in lost:
                copy.write_row((*head, *(row[c] for c in filled)))


def any_given(values: Sequence[object]) -> bool:
    """Tell whether any of the values is not None."""
    return any(value is not None for value in values)


def _units_aside(
    aside: Sequence[SetAside], batch: Batch, raws: dict[int, int], document_at: int | None
) -> list[str]:
    """Return the document or key of each row set aside, as far as its cell can be read."""
    if document_at is None:
        return [""] * len(aside)
    cut = {fault.row_no: fault.cells for fault in batch.faults}
    records = (
        batch.rows[raws[row.row_no]] if row.row_no in raws else cut.get(row.row_no, ())
        for row in aside
    )
    return [_key(cells[document_at]) if document_at < len(cells) else "" for cells in records]


def _key(cell: Cell) -> str:
    """Return a number or key as it is staged, empty where it cannot be read."""
    found = plain(code_of(restored(as_text(cell))))
    return found if isinstance(found, str) else ""


def _set_aside(run: Run, aside: Sequence[SetAside], units: Sequence[str]) -> None:
    skipped: dict[str, int] = run.flagged.setdefault("skipped", {})
    rejected: list[tuple[Any, ...]] = []
    for row, unit in zip(aside, units, strict=True):
        if row.outcome == "skipped":
            skipped[row.code] = skipped.get(row.code, 0) + 1
            continue
        first = row.problems[0]
        rejected.append(
            (
                row.row_no,
                row.line_no,
                first.column,
                _shown(run.kind, first),
                row.code,
                {
                    **first.reason.params,
                    "others": ", ".join(sorted({p.reason.code for p in row.problems[1:]})),
                },
                unit,
                base64.b64encode(row.raw).decode(),
            )
        )
    reject(run, rejected)


def _shown(kind: str, problem: CellProblem) -> str:
    """Return the value as the list of rejected rows may hold it: nothing of class S2 or higher."""
    fields = {f.name: f.cls for f in KINDS[kind].fields}
    if fields.get(problem.field, "S4") >= "S2":
        return "***" if problem.value else ""
    return problem.value[:200].replace("\x00", "\ufffd")


def forget(run: Run) -> None:
    """Delete what is staged of a run that has ended. What the disk keeps of it nobody can read any
    more: its key went with the run's end (see `keeping.drop`)."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("sales_line", "payment", "product", "customer", "unit", "account_note"):
            cursor.execute(f"delete from staging.{table} where run_id = %s", [run.pk])
