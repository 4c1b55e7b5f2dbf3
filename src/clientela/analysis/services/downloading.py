"""An answer that leaves the product is an event."""

from datetime import datetime

from clientela.analysis.results import Answer
from clientela.audit.services import record_event


def record_download(answer: Answer, *, at: datetime) -> None:
    """Write who took which answer with how many rows."""
    record_event(
        act="analysis.answer.downloaded",
        at=at,
        subject=("analysis", answer.analysis),
        rows=len(answer.rows),
        after={"as_of": answer.as_of.isoformat(), "parameters": dict(answer.parameters)},
    )
