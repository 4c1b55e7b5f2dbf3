"""Whether a source into which payments are brought tells of the payments of its invoices.

Of one that is said to tell none nothing is counted as owed, whatever is paid of it. Whoever brings
a file of payments into such a source is asked, once for each source: an import of payments that was
done and was answered to leave it so is not asked about again. A trial changes nothing and asks
nothing of it.
"""

from collections.abc import Mapping as AnyMapping
from datetime import datetime

from clientela.intake.models import Run
from clientela.intake.results import Choice, Question
from clientela.kernel.reasons import NotPermitted
from clientela.records.models import Source
from clientela.security.permits import Access
from clientela.trade.services.settling import set_settlement

SETTLEMENT = "settlement"  # a question and its answers
KNOWN, UNKNOWN = Source.Settlement.KNOWN.value, Source.Settlement.UNKNOWN.value


def with_settlement(
    run: Run, kind: str, answers: AnyMapping[str, str], access: Access, *, take_sure: bool
) -> list[Question]:
    """Ask about the source of a file of payments where nothing was answered of it.

    Who may not change the source may leave it as it is, and no more: with the sure suggestions it
    is left so unasked. Raises NotPermitted for an answer that goes beyond.
    """
    source = run.source
    if kind != "payments" or run.dry_run or source is None or source.settlement == KNOWN:
        return []
    may = access.reach("source.write").covers(node_id=source.org_node_id, owner_id=access.user_id)
    answer = answers.get(SETTLEMENT)
    if answer == KNOWN:
        if not may:
            raise NotPermitted(access.lacks("source.write"))
        return []
    if answer == UNKNOWN or _was_left(source):
        return []
    if not may and take_sure:
        return []
    code = "source_tells_no_payments" if may else "source_tells_no_payments_left"
    values = (KNOWN, UNKNOWN) if may else (UNKNOWN,)
    choices = tuple(Choice(value=value) for value in values)
    params = {"source": source.name}
    return [Question(id=SETTLEMENT, code=code, choices=choices, params=params)]


def tell_as_answered(run: Run, access: Access, *, at: datetime) -> None:
    """Do what was answered about the source, once the file is loaded and not before: what is only
    checked, or is cancelled, changes nothing. Raises NotPermitted."""
    source, answers = run.source, run.answers.get("answers", {})
    if run.kind != "payments" or run.dry_run or source is None:
        return
    if answers.get(SETTLEMENT) == KNOWN and source.settlement != KNOWN:
        set_settlement(access=access, source_id=source.pk, settlement=KNOWN, at=at)
        source.settlement = KNOWN


def _was_left(source: Source) -> bool:
    """Tell whether somebody answered before that the source is to stay as it is."""
    return Run.objects.filter(
        source=source, kind="payments", state=Run.State.DONE,
        answers__answers__settlement=UNKNOWN,
    ).exists()  # fmt: skip
