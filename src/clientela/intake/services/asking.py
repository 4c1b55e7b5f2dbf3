"""What a run asks, and the item on somebody's list that says so."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from datetime import datetime

from clientela.intake.models import Run
from clientela.intake.results import Question
from clientela.kernel.reasons import Invalid, Reason
from clientela.store.bulk import execute
from clientela.worklist.services import close_items, open_item


def ask(run: Run, questions: Sequence[Question], *, at: datetime) -> None:
    """Write down what a run asks now, nothing if all is said. The caller saves the run."""
    run.questions = [question.kept() for question in questions]
    subject = ("intake.Run", run.public_id)
    if not questions:
        close_items(kind="import_questions", subject=subject, by=run.started_by, at=at)
        return
    run.state = Run.State.NEEDS_ANSWERS
    open_item(
        kind="import_questions", subject=subject, node_id=run.org_node_id,
        by=run.started_by, at=at, owner_id=run.owner_id,
        params={"file": run.file_name, "questions": str(len(questions))},
    )  # fmt: skip


def with_answers(former: AnyMapping[str, str], answers: AnyMapping[str, str]) -> dict[str, str]:
    """Return all that was answered, the new answers before those of earlier rounds: a column that is
    answered anew no longer fills the field that it was chosen for."""
    anew = {id_.removeprefix("column:") for id_ in answers if id_.startswith("column:")}
    kept = {
        id_: answer
        for id_, answer in former.items()
        if not (id_.startswith("field:") and answer in anew)
    }
    return kept | dict(answers)


def answer_rows(
    run: Run,
    answers: AnyMapping[str, str],
    settings: Sequence[str] = (),
    *,
    kind: str | None = None,
    at: datetime,
) -> None:
    """Answer what the rows of a run raised once they were read; its rows are looked at anew.

    How they are read was settled before. Raises Invalid for what would change that.
    """
    former: dict[str, str] = run.answers.get("answers", {})
    asked = {question["id"] for question in run.questions}
    other = {id_ for id_, value in answers.items() if former.get(id_) != value} - asked
    other |= set(settings) - set(run.answers.get("settings", []))
    if other or (kind and kind != run.kind):
        raise Invalid(Reason(code="rows_were_read"))
    given = former | dict(answers)
    run.answers = {**run.answers, "answers": given}
    still = [question for question in run.questions if question["id"] not in given]
    run.questions = still
    if not still:
        execute("delete from staging.unit where run_id = %s", [run.pk])
        run.state = Run.State.STAGING
        subject = ("intake.Run", run.public_id)
        close_items(kind="import_questions", subject=subject, by=run.started_by, at=at)
    run.save()
