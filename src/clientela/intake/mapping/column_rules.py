"""The reading rule of each mapped column: order of dates, decimal mark, words for "none".

Each is decided on all sampled cells of the column, or asked; never cell by cell. A column of numbers
whose decimal mark its own cells leave open, 1.000, has that of the other columns of its file, where
all of those that tell agree.
"""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from clientela.intake.grammar.contact_points import first_of, holds_several
from clientela.intake.grammar.dates import DateFormat
from clientela.intake.grammar.formats import (
    Undecided,
    decide_dates,
    decide_numbers,
    mark_told,
    number_rule,
    number_rule_names,
)
from clientela.intake.grammar.numbers import SCALES
from clientela.intake.kinds.fields import DAYS, FIGURES, Field, Kind
from clientela.intake.mapping.looks import is_null, null_words
from clientela.intake.mapping.model import Mapping
from clientela.intake.reading.batch import Cell
from clientela.intake.results import Choice, Question

# What may be said of a column before it is asked about, by what it is said of.
ANSWERS: AnyMapping[str, Sequence[str]] = {
    "dates": ("dmy", "mdy", "ymd"),
    "numbers": number_rule_names(),
    "nulls": ("none", "refuse"),
    "percent": ("points", "fraction"),
    "scale": ("take", "refuse"),
    "several": ("first", "none"),
}

# Words that programs write for "nothing"; `-` and `无` may also mean zero or "not known".
_TECHNICAL = frozenset(("null", "none", "n/a", "na", "#n/a", "nil"))


def with_rules(
    kind: Kind,
    mapping: Mapping,
    samples: AnyMapping[str, Sequence[Cell]],
    answers: AnyMapping[str, str],
    *,
    take_sure: bool,
) -> tuple[Mapping, list[Question]]:
    """Return the mapping with a rule for each column, and what has to be asked."""
    asked: list[Question] = []
    mark = _mark(kind, mapping, samples, answers)
    for name, column in mapping.columns.items():
        if column in mapping.rules:
            continue  # saved with the mapping
        field = kind.field(name)
        cells = samples.get(column, ())
        filled = [cell for cell in cells if not is_null(cell)]
        changes: dict[str, Any] = {}
        if field.type in DAYS:
            changes |= _dates(column, filled, answers, asked)
        if field.type in FIGURES:
            changes |= _numbers(field, column, filled, mark, answers, asked)
        if field.type in (*DAYS, *FIGURES, "code", "phone", "email"):
            changes |= _nulls(column, null_words(cells), answers, asked, take_sure)
        if field.type == "phone":
            changes |= _several(column, filled, answers, asked)
        if changes:
            mapping = mapping.with_rule(column, **changes)
    return mapping, asked


def _dates(
    column: str, cells: list[Cell], answers: AnyMapping[str, str], asked: list[Question]
) -> dict[str, Any]:
    answer, found = answers.get(f"dates:{column}", ""), decide_dates(cells)
    offered = [name for name, _ in found.choices] if isinstance(found, Undecided) else ()
    if answer in (offered or ANSWERS["dates"]):
        return {"dates": DateFormat(order=answer)}
    if isinstance(found, DateFormat):
        return {"dates": found}
    asked.append(_question(f"dates:{column}", column, found))
    return {}


def _mark(
    kind: Kind,
    mapping: Mapping,
    samples: AnyMapping[str, Sequence[Cell]],
    answers: AnyMapping[str, str],
) -> str:
    """Return the decimal mark that the columns of numbers show, empty where none or two do."""
    found = set()
    for name, column in mapping.columns.items():
        if kind.field(name).type in FIGURES:
            said = number_rule(answers.get(f"numbers:{column}", ""))
            found.add(said.decimal if said else mark_told(_bare(samples.get(column, ()))))
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def _bare(cells: Sequence[Cell]) -> list[Cell]:
    filled = (cell for cell in cells if not is_null(cell))
    return [c.rstrip("% ％") if isinstance(c, str) else c for c in filled]


def _numbers(
    field: Field,
    column: str,
    cells: list[Cell],
    mark: str,
    answers: AnyMapping[str, str],
    asked: list[Question],
) -> dict[str, Any]:
    found = number_rule(answers.get(f"numbers:{column}", "")) or decide_numbers(_bare(cells), mark)
    if isinstance(found, Undecided):
        asked.append(_question(f"numbers:{column}", column, found))
        return {}
    texts = [cell.strip().lower() for cell in cells if isinstance(cell, str)]
    if any(text.endswith(tuple(SCALES)) for text in texts):
        found = replace(found, scaled=_said(f"scale:{column}", column, answers, asked) == "take")
    plain = len(cells) > len(texts)  # numbers of a workbook, which show no sign
    if field.type == "share" and (plain or not all(t.endswith(("%", "％")) for t in texts)):
        found = replace(found, percent=_percent(column, answers, asked))
    return {"numbers": found}


def _said(
    id_: str, column: str, answers: AnyMapping[str, str], asked: list[Question]
) -> str | None:
    """Return the answer whether 1.2万 is 12,000 in a column; asks where it is open."""
    answer = answers.get(id_)
    if answer not in ANSWERS["scale"]:
        choices = (Choice(value="take", preview="1.2万 → 12000"), Choice(value="refuse"))
        asked.append(Question(id=id_, code="scale_unclear", column=column, choices=choices))
    return answer


def _percent(column: str, answers: AnyMapping[str, str], asked: list[Question]) -> str:
    answer = answers.get(f"percent:{column}", "")
    if answer in ANSWERS["percent"]:
        return answer
    choices = (
        Choice(value="points", preview="5 → 5 %"),
        Choice(value="fraction", preview="0.05 → 5 %"),
    )
    id_ = f"percent:{column}"
    asked.append(Question(id=id_, code="percent_unclear", column=column, choices=choices))
    return ""


def _nulls(
    column: str,
    words: list[str],
    answers: AnyMapping[str, str],
    asked: list[Question],
    take_sure: bool,
) -> dict[str, Any]:
    if not words:
        return {}
    answer = answers.get(f"nulls:{column}")
    technical = all(word.lower() in _TECHNICAL for word in words)
    if answer == "none" or (answer is None and technical and take_sure):
        return {"nulls": tuple(words)}
    if answer != "refuse":
        shown = ", ".join(words)[:60]
        choices = (Choice(value="none", preview=shown), Choice(value="refuse"))
        id_ = f"nulls:{column}"
        asked.append(Question(id=id_, code="null_words", column=column, choices=choices))
    return {}


def _several(
    column: str, cells: list[Cell], answers: AnyMapping[str, str], asked: list[Question]
) -> dict[str, Any]:
    """Settle which of several telephone numbers in one cell is taken; ask where some are."""
    id_ = f"several:{column}"
    if answers.get(id_) in ANSWERS["several"]:
        return {"several": answers[id_]}
    found = next((str(cell) for cell in cells if holds_several(cell)), "")
    if found:
        first = Choice(value="first", preview=f"{found[:60]} → {first_of(found)[:30]}")
        choices = (first, Choice(value="none"))
        asked.append(Question(id=id_, code="several_phones", column=column, choices=choices))
    return {}


def _question(id_: str, column: str, found: Undecided) -> Question:
    choices = tuple(Choice(value=name, preview=shown) for name, shown in found.choices)
    return Question(id=id_, code=found.code, column=column, choices=choices)
