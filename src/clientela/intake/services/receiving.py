"""A file arrives: it is kept, described and mapped, or its questions are written down."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from clientela.audit.services import record_event
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.model import Mapping as ColumnMapping
from clientela.intake.mapping.plan import Plan, plan
from clientela.intake.models import Run
from clientela.intake.reading.describe import describe
from clientela.intake.reading.description import Description
from clientela.intake.reading.evidence import sha256_of
from clientela.intake.reading.names import folded
from clientela.intake.results import Question
from clientela.intake.selectors.fit import demand_fit
from clientela.intake.selectors.samples import sealed_samples
from clientela.intake.services.answers_ahead import demand_asked_somewhere
from clientela.intake.services.asking import answer_rows, ask, with_answers
from clientela.intake.services.keeping import forsake, keep, opened
from clientela.intake.services.mappings import as_first_read, saved_mapping
from clientela.intake.services.offered import demand_offered
from clientela.intake.services.repeats import (
    GOING_ON,
    brought_by,
    end_as_repeat,
    held,
    hold_file,
    loaded_elsewhere,
)
from clientela.intake.services.telling import with_settlement
from clientela.kernel.reasons import Conflict, Invalid, NotPermitted, Reason, Refused
from clientela.records.models import Source
from clientela.records.services import demand_of_files
from clientela.security.permits import Access
from clientela.store.bulk import reserve_ids
from clientela.store.sealing import new_data_key

UNFINISHED = (
    Run.State.RECEIVED, Run.State.NEEDS_ANSWERS, Run.State.STAGING, Run.State.READY,
    Run.State.LOADING,
)  # fmt: skip
KNOWN_NAMES = frozenset(
    folded(name) for kind in KINDS.values() for f in kind.fields for name in (f.name, *f.synonyms)
)


def receive_file(
    *,
    access: Access,
    source: Source,
    path: Path,
    name: str,
    at: datetime,
    kind: str | None = None,
    mapping: str | None = None,
    settings: Sequence[str] = (),
    answers: AnyMapping[str, str] | None = None,
    take_sure: bool = False,
    confirmed: bool = False,
    dry_run: bool = False,
) -> tuple[Run, bool]:
    """Keep a file for a source and plan how to read it; return the run, and whether it is new.

    The same bytes again give the run that holds them already, done or still on its way, before
    anything is asked: see `repeats`. `take_sure` and `confirmed` hold for the answers to its
    questions as well, unless these say otherwise. Raises NotPermitted; Invalid with the reasons why a file or
    a mapping cannot be used.
    """
    _demand_right(access, source)
    answers = dict(answers or {})
    saved = _mapping_for(kind, mapping, source)
    said = kind or (saved.kind if saved else "") or answers.get("kind", "")
    with transaction.atomic():
        sha256 = sha256_of(path)
        hold_file(source.pk, sha256)
        known = _known(source, sha256, said, answers.get("sheet", ""), dry_run)
        if known is not None:
            return known, False
        asking = _asking(source, sha256, access, dry_run)
        if asking is not None and asking.staged:
            return _rows_answered(asking, answers, settings, kind=kind, at=at), True
        kind, settings, given = _with_former(asking, kind, settings, answers)
        description = _described(path, name, given, saved)
        saved = saved or as_first_read(source, description.layout.header, kind)
        planned = _planned(description, kind, saved, settings, given, take_sure)
        demand_asked_somewhere(answers, description, planned)
        if (known := _known_as(source, description, planned, dry_run)) is not None:
            return known, False
        said_of_it = _said(kind, settings, given, saved, take_sure=take_sure, confirmed=confirmed)
        return _taken(
            asking or _new_run(access, source, description, at, dry_run),
            access, path, description, planned, said_of_it, at=at, is_new=asking is None,
        ), True  # fmt: skip


def _mapping_for(kind: str | None, name: str | None, source: Source) -> ColumnMapping | None:
    """Return the saved mapping of a name. Raises Invalid where there is none of it, for a kind that
    there is none of, and for one that is not the mapping's."""
    saved = saved_mapping(name, source)
    if kind and kind not in KINDS:
        known = ", ".join(KINDS)
        raise Invalid(Reason(code="unknown_kind", params={"kind": kind[:40], "known": known}))
    if saved and kind and kind != saved.kind:
        params = {"mapping": str(name)[:60], "reads": saved.kind, "rows_given": kind}
        raise Invalid(Reason(code="mapping_of_another_kind", params=params))
    return saved


def _said(
    kind: str | None,
    settings: Sequence[str],
    answers: AnyMapping[str, str],
    saved: ColumnMapping | None,
    **unasked: bool,
) -> dict[str, object]:
    """Return what was said of a file, as its run keeps it: the kind of its rows like an answer,
    since it is read only once the questions of the file itself are answered."""
    kept = {"saved": saved.as_json()} if saved else {}
    given = {**answers, "kind": kind} if kind else answers
    return {"settings": list(settings), "answers": given, **kept, **unasked}


def _demand_right(access: Access, source: Source) -> None:
    """Raise NotPermitted where somebody may not bring files for a source; Invalid where nobody may."""
    demand_of_files(source.name)
    if not access.reach("import.run").covers(node_id=source.org_node_id, owner_id=access.user_id):
        raise NotPermitted(access.lacks("import.run"))


def _taken(
    run: Run,
    access: Access,
    path: Path,
    description: Description,
    planned: Plan | None,
    said: AnyMapping[str, object],
    *,
    at: datetime,
    is_new: bool,
) -> Run:
    """Keep a file that nobody brought: in the user's own run that still asks, or in a new one."""
    with _kept_if_taken(run, is_new):
        keep(run, path)
        _write_plan(run, access, description, planned, said, at=at)
        demand_fit(run)
        record_event(
            act="intake.run.received",
            at=at,
            subject=("intake.Run", run.public_id),
            after={"file": run.file_name, "sha256": run.sha256, "source": run.source_name},
        )
    return run


@contextmanager
def _kept_if_taken(run: Run, is_new: bool) -> Iterator[None]:
    """One transaction; when it is refused, the file of a run that then never was goes too."""
    try:
        with transaction.atomic():
            yield
    except Refused:
        if is_new:
            forsake(run)
        raise


@transaction.atomic
def answer_questions(
    *,
    access: Access,
    public_id: str,
    answers: AnyMapping[str, str],
    at: datetime,
    settings: Sequence[str] = (),
    take_sure: bool | None = None,
    confirmed: bool | None = None,
) -> Run:
    """Answer questions of a run; what they leave open is asked anew.

    :param take_sure, confirmed: None: as was said with the file or with earlier answers.

    A run that turns out to bring what is in the books ends there, as a repetition. Raises
    Invalid, NotInScope; Conflict where it asks nothing now.
    """
    run = held(access, public_id)
    if run.state not in (Run.State.NEEDS_ANSWERS, Run.State.RECEIVED):
        raise Conflict(Reason(code="run_asks_nothing", params={"state": run.state}))
    also = {"take_sure": take_sure, "confirmed": confirmed}
    run.answers = run.answers | {name: v for name, v in also.items() if v is not None}
    if run.staged:
        return _rows_answered(run, answers, settings, at=at)
    demand_offered(run, answers)
    given = with_answers(run.answers.get("answers", {}), answers)
    said = [*run.answers.get("settings", []), *settings]
    kept = run.answers.get("saved")
    saved = ColumnMapping.from_json(kept) if kept else None
    with opened(run) as path:
        description = _described(path, run.file_name, given, saved)
    kind = given.get("kind") or run.kind or None  # an answer may change what was said or taken
    planned = _planned(description, kind, saved, said, given, bool(run.answers.get("take_sure")))
    said_of_it = {**run.answers, "settings": said, "answers": given}
    _write_plan(run, access, description, planned, said_of_it, at=at)
    first = loaded_elsewhere(run)
    if first is not None:
        return end_as_repeat(run, first, at=at)
    demand_fit(run)
    _record_answers(run, answers, at)
    return run


def _rows_answered(
    run: Run,
    answers: AnyMapping[str, str],
    settings: Sequence[str],
    *,
    kind: str | None = None,
    at: datetime,
) -> Run:
    """Answer what the rows of a run raised when they were read. Raises Invalid."""
    demand_offered(run, answers)
    answer_rows(run, answers, settings, kind=kind, at=at)
    _record_answers(run, answers, at)
    return run


def _described(
    path: Path, name: str, answers: AnyMapping[str, str], saved: ColumnMapping | None
) -> Description:
    """Return the description of a file, whose header may be known by the columns of a mapping.
    Raises Invalid for one that cannot be read."""
    known = (
        KNOWN_NAMES | {folded(column) for column in saved.columns.values()}
        if saved
        else KNOWN_NAMES
    )
    description = describe(path, name=name, answers=answers, known_names=known)
    if description.refusals:
        raise Invalid(*description.refusals)
    return description


def _record_answers(run: Run, answers: AnyMapping[str, str], at: datetime) -> None:
    record_event(
        act="intake.run.answered",
        at=at,
        subject=("intake.Run", run.public_id),
        after={"answered": sorted(answers), "open": len(run.questions)},
    )


def _planned(
    description: Description,
    kind: str | None,
    saved: ColumnMapping | None,
    settings: Sequence[str],
    answers: AnyMapping[str, str],
    take_sure: bool,
) -> Plan | None:
    """Return the plan, or None while the file itself still has questions."""
    if not description.is_ready:
        return None
    return plan(
        description, kind=kind, saved=saved, settings=settings, answers=answers,
        take_sure=take_sure,
    )  # fmt: skip


def _known(source: Source, sha256: str, kind: str, sheet: str, dry_run: bool) -> Run | None:
    """Return the run that this delivery repeats or goes on with, if there is one.

    A trial goes on with nothing; of a file that is in the books it would try nothing.
    """
    if source.pk is None:  # nothing was ever brought into it
        return None
    states = (Run.State.DONE,) if dry_run else (Run.State.DONE, *GOING_ON)
    return brought_by(source.pk, sha256, states=states, kind=kind, sheet=sheet)


def _known_as(
    source: Source, description: Description, planned: Plan | None, dry_run: bool
) -> Run | None:
    """Return the run that brought the very reading which is planned, if there is one."""
    if planned is None or not planned.mapping.kind:
        return None
    sheet = description.layout.sheet or ""
    return _known(source, description.sha256, planned.mapping.kind, sheet, dry_run)


def _asking(source: Source, sha256: str, access: Access, dry_run: bool) -> Run | None:
    """Return the user's own run of this file that still asks: it is asked on, not doubled."""
    told = {"source": source} if source.pk else {"source": None, "new_source": source.name}
    return Run.objects.filter(
        **told, sha256=sha256, state=Run.State.NEEDS_ANSWERS, dry_run=dry_run,
        owner_id=access.user_id,
    ).first()  # fmt: skip


def _with_former(
    run: Run | None, kind: str | None, settings: Sequence[str], answers: AnyMapping[str, str]
) -> tuple[str | None, list[str], dict[str, str]]:
    """Return what is said of a file that is given again, behind what was said of it before.

    Nothing is kept of what was said of another kind of rows or of another sheet.
    """
    given = dict(answers)
    if run is None:
        return kind, list(settings), given
    before: dict[str, str] = run.answers.get("answers", {})
    now = kind or given.get("kind", "")
    other_kind = bool(now) and bool(run.kind) and now != run.kind
    other_sheet = given.get("sheet", before.get("sheet", "")) != before.get("sheet", "")
    if other_kind or other_sheet:
        return kind, list(settings), given
    said = [*run.answers.get("settings", []), *settings]
    return kind or given.get("kind") or run.kind or None, said, with_answers(before, given)


def _new_run(
    access: Access, source: Source, description: Description, at: datetime, dry_run: bool
) -> Run:
    (run_id,) = reserve_ids("intake_run", 1)
    _, wrapped = new_data_key(run_id)
    return Run(
        id=run_id, source=source if source.pk else None,
        new_source="" if source.pk else source.name, org_node_id=source.org_node_id, owner_id=access.user_id,
        file_name=description.name[:255], sha256=description.sha256, size=description.size,
        dry_run=dry_run, started_by=access.username, started_at=at, sealed_key=wrapped,
    )  # fmt: skip


def _write_plan(
    run: Run,
    access: Access,
    description: Description,
    planned: Plan | None,
    said: AnyMapping[str, object],
    *,
    at: datetime,
) -> None:
    open_questions = planned.questions if planned else description.questions
    run.samples = sealed_samples(run, description, open_questions)
    run.description = {
        "layout": description.layout.as_json(),
        "rows_estimate": description.rows_estimate,
        "sheets": [sheet.name for sheet in description.sheets if sheet.rows],
        "notes": [
            note.as_json() for note in (*description.notes, *(planned.notes if planned else ()))
        ],
        "suggestions": [vars(s).copy() for s in planned.suggestions] if planned else [],
    }
    run.answers = dict(said)
    about: list[Question] = []
    if planned is not None:
        run.kind = planned.mapping.kind
        run.definition = planned.mapping.as_json()
        given: AnyMapping[str, str] = run.answers.get("answers", {})
        sure = bool(run.answers.get("take_sure"))
        about = with_settlement(run, run.kind, given, access, take_sure=sure)
    run.state = Run.State.RECEIVED
    ask(run, [*open_questions, *about], at=at)
    run.save()
