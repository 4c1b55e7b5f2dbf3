"""What a run of the intake answers: control totals, questions, counts by reason.

Law of every run, checked where the totals are made:

    read = accepted + rejected + skipped

All counts are data records of the file. A blank line is no record; a repeated delivery
counts as skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from clientela.kernel.reasons import Reason

Outcome = Literal["accepted", "rejected", "skipped"]
# How a run ended, or where it stands: at work, or checked and waiting to be confirmed. The one
# vocabulary of the command line and the API: what a run keeps for itself is told by neither.
State = Literal[
    "done", "already_imported", "needs_answers", "dry_run", "failed",
    "cancelled", "taken_back", "working", "ready",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Control totals in rows. Raises ValueError when they do not add up."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    skipped: int = 0

    def __post_init__(self) -> None:
        if min(self.read, self.accepted, self.rejected, self.skipped) < 0:
            raise ValueError(f"a count of rows is negative: {self}")
        if self.read != self.accepted + self.rejected + self.skipped:
            raise ValueError(f"rows are lost or doubled: {self}")

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            read=self.read + other.read,
            accepted=self.accepted + other.accepted,
            rejected=self.rejected + other.rejected,
            skipped=self.skipped + other.skipped,
        )

    def as_json(self) -> dict[str, int]:
        """Return the four counts by name."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "skipped": self.skipped,
        }


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One possible answer. `preview` shows what the data look like under it, or is empty."""

    value: str
    preview: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something only a person can settle. Answered by `--answer id=value`."""

    id: str
    code: str  # lower_snake, the words are made at the interface
    column: str | None = None
    choices: tuple[Choice, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the form of `questions` in the answer of `clientela import`. Of an encoding also
        which is the most likely one, how much of the text is no UTF-8 where that is offered, and
        how some lines read under each, to who may see them; of changed names the first of them."""
        more: dict[str, object] = {}
        shown = {choice.value: choice.preview for choice in self.choices if choice.preview}
        if self.code == "customer_renamed":
            more = {"previews": shown}
        if self.id == "encoding":
            broken = {name: self.params[name] for name in ("bytes", "lines") if name in self.params}
            more = {"suggested": self.params.get("likely"), "previews": shown, "damaged": broken}
        return self._head() | {name: value for name, value in more.items() if value}

    def kept(self) -> dict[str, object]:
        """Return the form in which a run keeps it: with its parameters, without a preview."""
        return self._head() | {"params": dict(self.params)}

    def _head(self) -> dict[str, object]:
        return {
            "id": self.id,
            "code": self.code,
            "column": self.column,
            "choices": [choice.value for choice in self.choices],
        }


@dataclass(frozen=True, kw_only=True)
class ReasonCount:
    """Rows with a fault: a row of several faults is counted under each of them, so that the
    reasons together may exceed the rows. A skipped row has one reason."""

    code: str
    outcome: Outcome
    rows: int


@dataclass(frozen=True, kw_only=True)
class CellProblem:
    """Why one cell could not be taken. `value` is the text as given, shown to who may see it."""

    column: str  # header of the file
    field: str  # field of the kind, empty where the column fills none
    value: str
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What was read: name, SHA-256 of the bytes as delivered, encoding, separator, records."""

    name: str
    sha256: str
    encoding: str | None
    separator: str | None
    rows: int


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """The answer of one run in the shape of `interfaces.md`."""

    run: str | None  # None: refused before there was one
    state: State
    file: FileFacts
    totals: Totals
    flagged: Mapping[str, int] = field(default_factory=dict)  # code -> rows
    # code -> column of the file -> rows, of what single cells gave rise to
    noted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    # code -> first rows that customers gave rise to: row, column, value, rows like it
    shown: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    by_reason: tuple[ReasonCount, ...] = ()
    written: Mapping[str, int] = field(default_factory=dict)  # table -> rows
    amounts: Mapping[str, str] = field(default_factory=dict)  # currency -> net, decimal text
    questions: tuple[Question, ...] = ()
    errors: tuple[Reason, ...] = ()  # why it failed, if it did
    # how much of it was taken back: units that were loaded, customers touched, documents by table
    taken_back: Mapping[str, object] | None = None
    notes: tuple[Reason, ...] = ()  # what was assumed of the file, or is not in it
    imported: Reason | None = None  # by which run, when and by whom, where it was already

    def as_json(self) -> dict[str, object]:
        """Return plain values, ready for JSON; `error` is there only where the run failed, `notes`
        only where something is said of the file, `imported` only where an earlier run had brought
        the file, `taken_back` only where something of it was loaded and counts no more."""
        apart: dict[str, object] = {"error": self.errors[0].as_json()} if self.errors else {}
        apart |= {"notes": [note.as_json() for note in self.notes]} if self.notes else {}
        apart |= {"imported": self.imported.as_json()} if self.imported else {}
        apart |= {"taken_back": dict(self.taken_back)} if self.taken_back else {}
        return apart | {
            "run": self.run,
            "state": self.state,
            "file": vars(self.file).copy(),
            "totals": self.totals.as_json(),
            "flagged": [self._flag(code, rows) for code, rows in sorted(self.flagged.items())],
            "by_reason": [vars(count).copy() for count in self.by_reason],
            "written": dict(self.written),
            "amounts": [{"currency": c, "net": n} for c, n in sorted(self.amounts.items())],
            "questions": [question.as_json() for question in self.questions],
        }

    def _flag(self, code: str, rows: int) -> dict[str, object]:
        """Return a flag with its rows; of one that cells gave rise to, also by column; of one that
        customers gave rise to, the first of them."""
        more: dict[str, object] = {"columns": dict(self.noted[code])} if code in self.noted else {}
        if code in self.shown:
            more["shown"] = [dict(one) for one in self.shown[code]]
        return {"code": code, "rows": rows, **more}
