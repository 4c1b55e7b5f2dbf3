"""The report of an import, on the terminal or for programs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from clientela.cli.exits import told
from clientela.cli.output import Format, as_json, as_pairs, as_rows, console
from clientela.intake.results import Choice, Question, RunReport
from clientela.store.wording import question_words

CHOICES = 8  # that a table shows of a question
SHOWN = 5  # rows that a table shows of a flag


def print_report(
    report: RunReport, format_: Format, *, more: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Print what became of a file: its control totals, and what is still asked.

    :param more: of an import taken back: `edited`, the customers that stand, as `Edited.as_json`
        tells, and `leaning`, the imports that left rows out for it.
    """
    if format_ is Format.JSON:
        as_json(_with_words(report) | dict(more))
        return
    facts: dict[str, object] = {"state": report.state, "run": report.run, **report.totals.as_json()}
    facts |= {f"net {currency}": net for currency, net in report.amounts.items()}
    facts |= {f"written: {table}": rows for table, rows in report.written.items()}
    for code, flagged in sorted(report.flagged.items()):
        facts[f"flagged: {code}"] = flagged
        facts |= {f"  in {column}": n for column, n in report.noted.get(code, {}).items()}
        facts |= {f"  row {one['row']}": _shown(one) for one in report.shown.get(code, ())[:SHOWN]}
    as_pairs(report.file.name, facts | _taken_back(report))
    if more:
        _print_more(more)
    for note in (*report.notes, *((report.imported,) if report.imported else ())):
        console.print(told(note))
    if report.by_reason:
        rows = [(c.code, c.outcome, c.rows) for c in report.by_reason]
        as_rows(("reason", "outcome", "rows"), rows, whole={"reason"}, numbers={"rows"})
    if report.questions:
        console.print("Open questions; answer with --answer ID=VALUE:")
        for question in report.questions:
            as_pairs(question.id, _asked(question))


def _print_more(more: Mapping[str, Any]) -> None:
    """Print which customers of an import taken back stand, and whose rows left the books with it."""
    edited, leaning = more["edited"], more["leaning"]
    if edited["count"]:
        console.print("These customers stand, because somebody edited them since:")
        as_rows(("id", "name"), [(one["id"], one["name"]) for one in edited["customers"]])
        console.print(f"{edited['count']} in all.")
    if leaning:
        console.print(
            "These imports left rows out, since this one had brought them. Send them again:"
        )
        as_rows(
            ("run", "file", "rows"), [(one["run"], one["file"], one["rows"]) for one in leaning]
        )


def _shown(one: Mapping[str, object]) -> str:
    """Return a cell of a flag, with what it may have said before it was garbled."""
    suggested = f" (perhaps {one['suggested']})" if "suggested" in one else ""
    return f"{one['column']}: {one['value']}{suggested}"


def _choice(choice: Choice) -> tuple[str, ...]:
    """Return a possible answer with what the data look like under it, a line each of several."""
    if "\n" in choice.preview:
        return (choice.value, *(f"    {line}" for line in choice.preview.split("\n")))
    return (f"{choice.value} ({choice.preview})" if choice.preview else choice.value,)


def _taken_back(report: RunReport) -> dict[str, object]:
    """Return how much of the run was taken back, a line each."""
    if report.taken_back is None:
        return {}
    loaded, customers, documents = (
        report.taken_back[name] for name in ("loaded", "customers", "documents")
    )
    told: dict[str, object] = {
        "taken back: documents or records": loaded, "taken back: customers touched": customers,
    }  # fmt: skip
    return told | {f"taken back: {t}": n for t, n in documents.items()}  # type: ignore[attr-defined]


def _with_words(report: RunReport) -> dict[str, Any]:
    """Return the report for programs; the reason why it failed or was
    skipped also in words."""
    answer: dict[str, Any] = report.as_json()
    if report.errors:
        answer["error"] = answer["error"] | {"text": told(report.errors[0])}
    if report.notes:
        answer["notes"] = [note.as_json() | {"text": told(note)} for note in report.notes]
    if report.imported:
        answer["imported"] = answer["imported"] | {"text": told(report.imported)}
    return answer


def _asked(question: Question) -> dict[str, object]:
    params = {"column": question.column or "", **question.params}
    asked: dict[str, object] = {
        "question": f"{question_words(question.code, params)} ({question.code})"
    }
    if "confidence" in question.params:
        asked["suggestion"] = question.choices[0].value
        asked["confidence"] = question.params["confidence"]
    some = question.choices[:CHOICES]
    if question.id == "encoding" and question.params.get("likely"):
        asked["suggestion"] = question.params["likely"]
    if question.id == "encoding" and "bytes" in question.params:
        asked["no UTF-8"] = "{bytes} bytes, on {lines} lines".format(**question.params)
    values = [line for choice in some for line in _choice(choice)]
    if len(question.choices) > CHOICES:
        values.append(f"and {len(question.choices) - CHOICES} more: --format json has all")
    asked["choices"] = tuple(values) if any(c.preview for c in some) else ", ".join(values)
    return asked


def mapping_in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a saved mapping for a table: what fills each field on one line."""
    pairs = {
        name: [f"{field} = {filled}" for field, filled in sorted(row[name].items())]
        for name in ("columns", "constants")
    }
    return {**row, **pairs, "saved_at": row["saved_at"].date()}
