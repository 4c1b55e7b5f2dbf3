"""Writing surveys, invitations and answers, many at once."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from clientela.feedback.rules import question_faults
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.services.entries import Shape, load_entries
from clientela.store.bulk import execute, fetch, staged

SURVEY = {"code": "text", "name": "text", "questions": "jsonb", "from_on": "date", "to_on": "date"}
ANSWER = {
    "invitation": "text", "question": "text", "score": "smallint", "choice": "text",
    "answered_at": "timestamptz",
}  # fmt: skip
INVITATIONS = Shape(
    table="feedback_surveyinvitation",
    given={"survey": "text", "invited_on": "date"},
    kept={"survey_id": "s.id", "invited_on": "g.invited_on"},
    joins="""left join feedback_survey s on s.source_id = %(source)s and s.code = g.survey
        and s.voided_at is null""",
)

# An answer fits when its invitation is there and its survey asks that, and offers that.
_ANSWERS = """
create temp table answer_batch on commit drop as
select g.*, i.id as invitation_id, i.survey_id, i.customer_id, i.org_node_id, i.owner_id,
    case q.asked ->> 'kind'
        when 'score' then g.score between (q.asked ->> 'low')::int and (q.asked ->> 'high')::int
        when 'choice' then q.asked -> 'choices' ? g.choice
    end as fits
from given_answer g
left join feedback_surveyinvitation i on i.source_id = %(source)s and i.number = g.invitation
    and i.voided_at is null
left join feedback_survey s on s.id = i.survey_id
left join lateral (select asked from jsonb_array_elements(s.questions) asked
                   where asked ->> 'code' = g.question) q on true"""
_KEPT = """
insert into feedback_surveyanswer (invitation_id, survey_id, question, score, choice,
    answered_at, run_id, customer_id, org_node_id, owner_id)
select invitation_id, survey_id, question, score, choice, answered_at, %(run)s, customer_id,
    org_node_id, owner_id
from answer_batch
on conflict (invitation_id, question) where voided_at is null do nothing"""


@transaction.atomic
def load_surveys(
    rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int, at: datetime
) -> int:
    """Write surveys given as SURVEY, questions as a list; one whose code is known stays.

    Raises Invalid naming what is wrong with a question.
    """
    given = list(rows)
    faults = [fault for row in given for fault in question_faults(row[2])]
    if faults:
        raise Invalid(*faults)
    columns = ", ".join(SURVEY)
    texts = [(*row[:2], json.dumps(row[2], ensure_ascii=False), *row[3:]) for row in given]
    with staged("given_survey", SURVEY, texts):
        return execute(
            f"""insert into feedback_survey (public_id, source_id, run_id, recorded_at,
                    void_reason, {columns})
                select gen_random_uuid(), %(source)s, %(run)s, %(at)s, '', {columns}
                from given_survey
                on conflict (source_id, code) where voided_at is null do nothing""",  # noqa: S608
            {"source": source_id, "run": run_id, "at": at},
        )


def load_invitations(
    rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int, at: datetime
) -> int:
    """Write invitations given as number, account, branch, survey, day; return how many are new.

    Load their surveys first. Raises Invalid where an account is unknown.
    """
    return load_entries(INVITATIONS, rows, run_id=run_id, source_id=source_id, at=at)


@transaction.atomic
def load_answers(rows: Iterable[Sequence[Any]], *, run_id: int | None, source_id: int) -> int:
    """Write answers given as ANSWER; return how many are new.

    Raises Invalid where one fits no question of an invitation that is known.
    """
    params = {"source": source_id, "run": run_id}
    with staged("given_answer", ANSWER, rows):
        execute(_ANSWERS, params)
    ((unfit,),) = fetch("select count(*) from answer_batch where fits is not true")
    if unfit:
        raise Invalid(Reason(code="answers_unfit", params={"rows": str(unfit)}))
    written = execute(_KEPT, params)
    execute("drop table answer_batch")
    return written
