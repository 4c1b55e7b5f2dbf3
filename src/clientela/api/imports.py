"""Imports: a file in, its questions, its run, and its way back."""

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from clientela.api.forms import (
    LONGEST_REASON,
    Asked,
    PageForm,
    YesNo,
    access_of,
    at_of,
    demand_own_fields,
)
from clientela.api.parameters import Cursor, Limit
from clientela.api.sign_in import Holding
from clientela.api.writing import write_once
from clientela.intake.results import State
from clientela.intake.selectors import (
    mapping_row,
    rejected_rows,
    report_of,
    rows_of,
    run_by_public_id,
    runs,
    samples_of,
)
from clientela.intake.selectors.edited import edited_of
from clientela.intake.selectors.given_back import WORKBOOK, content_type_of, file_of
from clientela.intake.selectors.leaning import leaning_on
from clientela.intake.selectors.samples import NO_SAMPLES
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import (
    answer_questions,
    cancel_run,
    confirm_run,
    hold_name,
    receive_file,
    save_mapping,
    take_back,
)
from clientela.intake.tasks import queue_run
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.services import source_for_import
from clientela.store.paging import page_of
from clientela.store.wording import told

router = Router(tags=["imports"])


_KINDS = "`customers`, `products`, `sales_lines`, `invoices` or `payments`"


UPLOAD = [
    "file",
    "source",
    "kind",
    "mapping",
    "sheet",
    "settings",
    "take_sure",
    "confirmed",
    "dry_run",
]


_FILE = {
    "responses": {
        200: {
            "description": "a text with its separator, or a workbook, as the file that was sent",
            "content": {"text/csv": {}, WORKBOOK: {}},
        }
    }
}


class Answers(Asked):
    answers: dict[str, str] = Field(default_factory=dict, description="by id of the question")
    settings: list[str] = Field(default_factory=list, description="FIELD=VALUE, for all rows")
    take_sure: YesNo | None = Field(
        None, description="take the sure suggestions unasked; without it as was said before"
    )
    confirmed: YesNo | None = Field(
        None, description="load what was checked, unasked; without it as was said before"
    )


class RunRow(Schema):
    run: str
    source: str
    file: str
    state: State = Field(
        description="`working`: being read, checked or loaded; `needs_answers`; `ready`: checked, "
        "waits for `confirm`; `done`; `dry_run`: a trial that was checked, nothing loaded; "
        "`already_imported`: another run had brought the same; `failed`; `cancelled`; "
        "`taken_back`. `GET /imports/{id}` tells the same"
    )
    started_at: datetime
    read: int
    accepted: int
    rejected: int
    skipped: int


class MappingName(Asked):
    name: str = Field(description="letters, digits, - and _; the source's own with it is replaced")


class SavedMapping(Schema):
    name: str
    source: str
    kind: str
    columns: dict[str, str] = Field(description="column of the file, by field")
    constants: dict[str, str] = Field(description="text for all rows, by field")
    saved_at: datetime
    saved_by: str


class TakeBack(Asked):
    model_config = ConfigDict(json_schema_extra={"required": ["reason"]})

    reason: str = Field("", max_length=LONGEST_REASON, description="why, for the trail; not empty")


@router.post("", response={202: dict[str, Any]}, auth=Holding("import.run"))
def upload(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="a text or a workbook; gzip and zip as well")],
    source: Annotated[str, Form(description="where the records come from; made if it is new")],
    kind: Annotated[str, Form(description=f"{_KINDS}; suggested where it is not said")] = "",
    mapping: Annotated[str, Form(description="name of a saved mapping of this source")] = "",
    sheet: Annotated[str, Form(description="of a workbook; asked for if it has several")] = "",
    settings: Annotated[str, Form(description="FIELD=VALUE, one a line")] = "",
    take_sure: Annotated[
        bool, Form(description="take the sure suggestions unasked; kept for later answers")
    ] = False,
    confirmed: Annotated[
        bool, Form(description="load what was checked, unasked; kept for later answers")
    ] = False,
    dry_run: Annotated[bool, Form(description="check everything, load nothing")] = False,
) -> HttpResponse:
    """Receive a file; reading and loading go on as a job. Answers the run as it stands.

    What the data look like under each answer is told by `GET /imports/{id}` alone: the answer
    to a write is kept for its idempotency key.
    """
    demand_own_fields(request, UPLOAD)
    access, at = access_of(request), at_of(request)
    with tempfile.NamedTemporaryFile(suffix=".upload") as kept:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            kept.write(chunk)
            digest.update(chunk)
        kept.flush()

        def act() -> dict[str, Any]:
            hold_name(source)
            origin = source_for_import(access=access, name=source, at=at, trial=dry_run)
            run, new = receive_file(
                access=access, source=origin, path=Path(kept.name), name=file.name or "file",
                at=at, kind=kind or None, mapping=mapping or None,
                settings=settings.splitlines(), answers={"sheet": sheet} if sheet else None, take_sure=take_sure, confirmed=confirmed, dry_run=dry_run,
            )  # fmt: skip
            queue_run(run, confirmed=confirmed)
            return report_of(run, repeated=not new and run.state == "done").as_json()

        said = [digest.hexdigest(), file.name, source, kind, mapping, sheet, settings, take_sure,
                confirmed, dry_run]  # fmt: skip
        return write_once(request, act, status=202, body="|".join(map(str, said)).encode())


@router.get("", response=PageForm[RunRow])
def list_runs(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Return imports in reach, newest first."""
    page = page_of(
        runs(access_of(request)), order=["-started_at", "-id"], cursor=cursor or None, size=limit
    )
    return {"items": rows_of(page.items), "next": page.next}


@router.get("/{public_id}", response=dict[str, Any])
def get_run(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Return one import: its totals, questions and progress.

    `state` is that of the list. `progress.step` says more while it works: `received`, `staging`
    (being read and checked) or `loading`. Of one that was cancelled, failed or taken back after it
    had loaded something, `taken_back` says how much: `loaded` documents or records, `customers`
    touched, `documents` voided by table; nothing of it is loaded any more.
    """
    access = access_of(request)
    run = run_by_public_id(access, public_id)
    samples = samples_of(access, run, at=at_of(request)) if run.questions else NO_SAMPLES
    progress = {
        "step": run.state, "staged": run.staged,
        "loaded": 0 if run.undone else run.loaded, "to_load": run.to_load,
    }  # fmt: skip
    report = report_of(run, samples=samples).as_json() | {"progress": progress}
    if run.state == "taken_back":
        report["edited"] = edited_of(access, run).as_json()
    return report


@router.get("/{public_id}/rejected", response=PageForm[dict[str, Any]])
def list_rejected(
    request: HttpRequest, public_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return the rows that were set aside, in the order of the file.

    `text` is the reason in words. `state` is `open`, or `corrected` once their document or key came in by the run `corrected_by`.
    """
    access = access_of(request)
    found = rejected_rows(access, run_by_public_id(access, public_id)).select_related(
        "corrected_by"
    )
    page = page_of(found, order=["row_no", "id"], cursor=cursor or None, size=limit)
    items = [
        {
            "row": r.row_no, "line": r.line_no, "column": r.column, "value": r.value,
            "code": r.code, "params": r.params, "text": told(r.code, r.params), "state": r.state,
            "corrected_by": str(r.corrected_by.public_id) if r.corrected_by else None,
        }
        for r in page.items
    ]  # fmt: skip
    return {"items": items, "next": page.next}


@router.get("/{public_id}/rejected/file", response={200: None}, openapi_extra=_FILE)
def rejected_file(request: HttpRequest, public_id: str) -> FileResponse:
    """Return the rejected rows as they came, in the form of their file, to correct and send in.

    Each has its line and the reason before it. They go to who brought the file and to nobody
    else, and leave an event.
    """
    found = rejected_as_given(access_of(request), public_id, at=at_of(request))
    name = f"rejected-{public_id}{found.suffix}"
    return FileResponse(
        file_of(found), as_attachment=True, filename=name, content_type=content_type_of(found)
    )


@router.post("/{public_id}/answers", response=dict[str, Any], auth=Holding("import.run"))
def answer(request: HttpRequest, public_id: str, form: Answers) -> HttpResponse:
    """Answer questions of a run. One that it does not ask, or does not offer, is refused."""

    def act() -> dict[str, Any]:
        run = answer_questions(
            access=access_of(request), public_id=public_id, answers=form.answers,
            at=at_of(request), settings=form.settings, take_sure=form.take_sure,
            confirmed=form.confirmed,
        )  # fmt: skip
        queue_run(run, confirmed=bool(run.answers.get("confirmed")))
        return report_of(run).as_json()

    return write_once(request, act)


@router.post("/{public_id}/confirm", response=dict[str, Any], auth=Holding("import.run"))
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Load a run that was checked."""

    def act() -> dict[str, Any]:
        run = confirm_run(access=access_of(request), public_id=public_id, at=at_of(request))
        queue_run(run, confirmed=True)
        return report_of(run).as_json()

    return write_once(request, act)


@router.post("/{public_id}/mapping", response=SavedMapping, auth=Holding("import.run"))
def keep_mapping(request: HttpRequest, public_id: str, form: MappingName) -> HttpResponse:
    """Keep how a run was mapped under a name of its source's own, for `mapping` of a later upload.

    `GET /sources/{name}/mappings` lists what a source keeps.
    """
    access, at = access_of(request), at_of(request)

    def act() -> dict[str, Any]:
        return mapping_row(save_mapping(access=access, public_id=public_id, name=form.name, at=at))

    return write_once(request, act)


@router.post("/{public_id}/cancel", response=dict[str, Any], auth=Holding("import.run"))
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop a run; what was loaded of it is taken back."""
    return write_once(
        request,
        lambda: rows_of(
            [cancel_run(access=access_of(request), public_id=public_id, at=at_of(request))]
        )[0],
    )


@router.post("/{public_id}/take-back", response=dict[str, Any], auth=Holding("import.take_back"))
def take_run_back(request: HttpRequest, public_id: str, form: TakeBack) -> HttpResponse:
    """Take a finished import back whole.

    `edited` names the customers of it that stand, because somebody edited them since: how many
    (`count`), and the first 50 by `id` and `name`. `GET /imports/{id}` tells them as well.
    `leaning` names the imports that left rows out since this one had brought them: `run`, `file`
    and `rows`. These rows are in no book then; send their files again.
    """
    access, why = access_of(request), " ".join(form.reason.split())
    if not why:
        raise Invalid(Reason(code="value_missing", params={"field": "reason"}))

    def act() -> dict[str, Any]:
        run = take_back(access=access, public_id=public_id, at=at_of(request), reason=why)
        told = {"edited": edited_of(access, run).as_json(), "leaning": leaning_on(run)}
        return rows_of([run])[0] | told

    return write_once(request, act)
