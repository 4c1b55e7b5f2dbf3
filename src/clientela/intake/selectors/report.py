"""What a run answers, in the shape of the command line and the API."""

from collections.abc import Iterable

from django.utils import timezone

from clientela.intake.models import RejectedRow, Run
from clientela.intake.reading.cut_off import CUT
from clientela.intake.results import (
    Choice,
    FileFacts,
    Question,
    ReasonCount,
    RunReport,
    State,
    Totals,
)
from clientela.intake.selectors.leaning import rows_gone
from clientela.intake.selectors.samples import NO_SAMPLES, Samples
from clientela.kernel.reasons import Reason
from clientela.records.models import Source
from clientela.store.bulk import fetch
from clientela.trade.selectors.rates import without_rate_of_run

_STATES: dict[str, State] = {
    Run.State.RECEIVED: "working",
    Run.State.NEEDS_ANSWERS: "needs_answers",
    Run.State.STAGING: "working",
    Run.State.READY: "ready",
    Run.State.LOADING: "working",
    Run.State.DONE: "done",
    Run.State.FAILED: "failed",
    Run.State.CANCELLED: "cancelled",
    Run.State.TAKEN_BACK: "taken_back",
}


# A row counts under its first fault and under each of the others (see `staging`).
_FAULTS = """
select f.code, count(distinct r.row_no) from {table} r
cross join lateral unnest(
    array_prepend(r.code, string_to_array(nullif(r.params ->> 'others', ''), ', '))) f (code)
where r.run_id = %(run)s group by 1"""


def report_of(run: Run, *, repeated: bool = False, samples: Samples = NO_SAMPLES) -> RunReport:
    """Return the report of a run; of one that ended as a repetition, that of the first run.

    :param repeated: the file was sent again: everything in it counts as skipped.
    :param samples: what the data look like under each answer, where it may be shown.
    """
    first = repeated_by(run)
    if first is not None:
        run, repeated = first, first.state == Run.State.DONE
    unrated = {} if repeated else _unrated(run)
    layout = run.description.get("layout", {})
    rows = run.read or int(run.description.get("rows_estimate", 0))
    totals = (
        Totals(read=run.read, accepted=0, rejected=0, skipped=run.read)
        if repeated
        else Totals(
            read=run.read, accepted=run.accepted, rejected=run.rejected, skipped=run.skipped
        )
    )
    return RunReport(
        run=str(run.public_id),
        state="already_imported" if repeated else state_of(run),
        file=FileFacts(
            name=run.file_name,
            sha256=run.sha256,
            encoding=layout.get("encoding"),
            separator=layout.get("separator"),
            rows=rows,
        ),
        totals=totals,
        flagged={} if repeated else run.flagged.get("codes", {}) | _of_run(run, unrated),
        noted={} if repeated else run.flagged.get("columns", {}) | unrated,
        shown={} if repeated else run.flagged.get("shown", {}) | run.flagged.get("left_out", {}),
        by_reason=_by_repetition(run) if repeated else _by_reason(run),
        written={} if repeated else run.written,
        amounts={} if repeated else run.amounts,
        questions=tuple(_question(q, samples) for q in run.questions),
        errors=(Reason(code=run.error["code"], params=run.error["params"]),) if run.error else (),
        notes=() if repeated else _notes_of(run),
        imported=reason_of(run) if repeated else None,
        taken_back=undone_of(run),
    )


def _notes_of(run: Run) -> tuple[Reason, ...]:
    kept = run.description.get("notes", [])
    return tuple(Reason(code=note["code"], params=note["params"]) for note in kept)


def _unrated(run: Run) -> dict[str, dict[str, int]]:
    """Return how many documents of a run have no exchange rate as of now, by their currency."""
    if run.state != Run.State.DONE or run.dry_run or not run.amounts:
        return {}
    found = without_rate_of_run(run.pk, today=timezone.now().date())
    return {"documents_without_rate": found} if found else {}


def _of_run(run: Run, unrated: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return what is told of a run as a whole, with the rows or documents that it is about."""
    cut = any(note["code"] == CUT for note in run.description.get("notes", []))
    lacking = {code: sum(counts.values()) for code, counts in unrated.items()}
    gone = rows_gone(run)
    return (
        _of_source(run)
        | lacking
        | ({CUT: 1} if cut and run.read else {})
        | ({"skipped_then_taken_back": gone} if gone else {})
    )


def _of_source(run: Run) -> dict[str, int]:
    """Return how many payments were told by a source that is, as of now, said to tell none: of a
    file of payments, or of invoices that say when they were paid."""
    payments = run.accepted if run.kind == "payments" else run.written.get("payments", 0)
    if not payments:
        return {}
    source = run.source
    known = Source.Settlement.KNOWN
    told = source is not None and source.settlement == known
    if run.state in (Run.State.READY, Run.State.LOADING) and not run.dry_run:
        answers: dict[str, str] = run.answers.get("answers", {})
        told = told or answers.get("settlement") == known  # it will tell them, with the load
    return {} if told else {"source_tells_no_payments": payments}


# As `written` names the tables.
_VOIDED = {
    "invoice": "invoices", "payment": "payments", "allocation": "allocations",
    "delivery": "deliveries", "order": "orders", "contact": "contacts", "contract": "contracts",
    "case": "cases", "survey": "surveys", "surveyinvitation": "invitations",
    "surveyanswer": "answers", "promotion": "promotions", "promotiontarget": "targets",
}  # fmt: skip


def undone_of(run: Run) -> dict[str, object] | None:
    """Return how much of a run was taken back, None where nothing had been loaded."""
    if run.undone is None:
        return None
    if not run.loaded and not run.undone["customers"]:
        return None
    voided = {_VOIDED.get(t, t): n for t, n in run.undone["voided"].items() if n}
    return {"loaded": run.loaded, "customers": run.undone["customers"], "documents": voided}


def repeated_by(run: Run) -> Run | None:
    """Return the run that brought, or is bringing, what this one would have brought again."""
    return firsts_of([run]).get(run.pk)


def firsts_of(runs: Iterable[Run]) -> dict[int, Run]:
    """Return, by the id of each run that ended as a repetition, the run that it repeated."""
    told = {
        run.pk: run.error["params"]["run"]
        for run in runs
        if run.error and run.error["code"] in ("imported_already", "import_on_its_way")
    }
    if not told:
        return {}
    found = Run.objects.select_related("source").filter(public_id__in=set(told.values()))
    by_public_id = {str(first.public_id): first for first in found}
    return {pk: by_public_id[first] for pk, first in told.items()}


def rows_of(runs: Iterable[Run]) -> list[dict[str, object]]:
    """Return runs as the lists of programs show them, in the order given."""
    found = list(runs)
    firsts = firsts_of(found)
    return [
        {
            "run": str(run.public_id), "source": run.source_name, "file": run.file_name,
            "state": state_of(run, firsts.get(run.pk)), "started_at": run.started_at,
            "read": run.read, "accepted": run.accepted, "rejected": run.rejected,
            "skipped": run.skipped,
        }
        for run in found
    ]  # fmt: skip


def state_of(run: Run, first: Run | None = None) -> State:
    """Return the state of a run in the words of the command line and the API.

    :param first: the run that this one repeated: its state is then told.
    """
    if first is not None:
        return "already_imported" if first.state == Run.State.DONE else state_of(first)
    if run.dry_run and run.state == Run.State.DONE:
        return "dry_run"
    if run.state == Run.State.READY and run.answers.get("confirmed"):
        return "working"  # it is loaded next, without waiting for anybody
    return _STATES[run.state]


def reason_of(first: Run) -> Reason:
    """Return by whom and when a file was brought in, or that this is just being done."""
    if first.state != Run.State.DONE or first.finished_at is None:
        return Reason(code="import_on_its_way", params={"run": str(first.public_id)})
    params = {
        "run": str(first.public_id), "by": first.started_by, "rows": str(first.read),
        "day": timezone.localtime(first.finished_at).date().isoformat(),
        "at": first.finished_at.isoformat(),
    }  # fmt: skip
    return Reason(code="imported_already", params=params)


def _by_repetition(run: Run) -> tuple[ReasonCount, ...]:
    return (ReasonCount(code="imported_already", outcome="skipped", rows=run.read),)


def _by_reason(run: Run) -> tuple[ReasonCount, ...]:
    rejected = fetch(_FAULTS.format(table=RejectedRow._meta.db_table), {"run": run.pk})
    counts = [ReasonCount(code=code, outcome="rejected", rows=n) for code, n in rejected]
    skipped = run.flagged.get("skipped", {}).items()
    counts += [ReasonCount(code=code, outcome="skipped", rows=n) for code, n in skipped]
    return tuple(sorted(counts, key=lambda c: (-c.rows, c.code)))


def _question(saved: dict[str, object], samples: Samples) -> Question:
    previews = samples.previews.get(str(saved["id"]), {})
    return Question(
        id=str(saved["id"]),
        code=str(saved["code"]),
        column=saved.get("column"),  # type: ignore[arg-type]
        choices=tuple(
            Choice(value=str(v), preview=previews.get(v, ""))
            for v in saved.get("choices", [])  # type: ignore[attr-defined]
        ),
        params=saved.get("params", {}),  # type: ignore[arg-type]
    )
