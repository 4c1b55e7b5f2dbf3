"""A file through reading, planning and typing, as a run without a database does it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from clientela.intake.kinds.registry import KINDS, known_names
from clientela.intake.mapping.plan import plan
from clientela.intake.mapping.typer import SetAside, Typer
from clientela.intake.reading.describe import describe
from clientela.intake.reading.records import records
from clientela.intake.results import Question, Totals


@dataclass
class Imported:
    """What became of a file."""

    refusals: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    aside: list[SetAside] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)
    columns: dict[str, list[object]] = field(default_factory=dict)
    row_nos: list[int] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """Codes of the questions."""
        return [question.code for question in self.questions]

    @property
    def aside_codes(self) -> Counter[str]:
        """Rows set aside by code."""
        return Counter(row.code for row in self.aside)


def import_file(
    path: Path,
    *,
    kind: str | None = None,
    settings: Sequence[str] = (),
    answers: Mapping[str, str] | None = None,
    as_of: date | None = None,
    start_row: int = 1,
) -> Imported:
    """Return what becomes of a file with the sure suggestions taken."""
    found = describe(path, answers=answers, known_names=known_names())
    result = Imported(
        refusals=[r.code for r in found.refusals],
        questions=list(found.questions),
        notes=[note.code for note in found.notes],
    )
    if not found.is_ready:
        return result
    settled = plan(found, kind=kind, settings=settings, answers=answers, take_sure=True)
    result.questions += settled.questions
    if result.questions:
        return result
    typer = Typer(KINDS[settled.mapping.kind], settled.mapping, found.layout.header, as_of=as_of)
    for batch in records(path, found.layout, start_row=start_row, known=known_names()):
        typed = typer.batch(batch)
        result.totals += typed.totals
        result.aside += typed.aside
        result.flags.update({code: len(rows) for code, rows in typed.flags.items()})
        result.row_nos += typed.row_nos
        result.line_nos += typed.line_nos
        for name, values in typed.columns.items():
            result.columns.setdefault(name, []).extend(values)
    return result
