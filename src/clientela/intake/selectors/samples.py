"""What the data of a file look like, kept beside its questions: sealed, since rows may be about
persons, and opened only for who brought the file and may answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clientela.audit.services import record_event
from clientela.intake.models import Run
from clientela.intake.reading.description import Description
from clientela.intake.results import Question
from clientela.security.permits import Access
from clientela.store.sealing import Sealed, seal, unseal, unwrap

ATTRIBUTE = "samples"


@dataclass(frozen=True, kw_only=True)
class Samples:
    """The first rows of a file, and by question what the data look like under each answer."""

    rows: Sequence[Sequence[str]] = ()
    previews: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NO_SAMPLES = Samples()


def sealed_samples(run: Run, description: Description, questions: Sequence[Question]) -> Sealed:
    """Return the samples of a described file as a run may keep them."""
    shown = {
        "rows": [[_text(cell) for cell in row] for row in description.preview],
        "previews": _previews(questions),
    }
    return _sealed(run, shown)


def with_previews(run: Run, questions: Sequence[Question]) -> Sealed | None:
    """Return the samples of a run with what its rows look like under each answer as well."""
    previews = _previews(questions)
    if run.samples is None or not any(previews.values()):
        return run.samples
    key = unwrap(run.sealed_key, run.pk)
    shown = unseal(run.samples, attribute=ATTRIBUTE, data_key=key)
    return _sealed(run, {**shown, "previews": {**shown["previews"], **previews}})


def _previews(questions: Sequence[Question]) -> dict[str, dict[str, str]]:
    return {
        q.id: {choice.value: _text(choice.preview) for choice in q.choices if choice.preview}
        for q in questions
    }


def _sealed(run: Run, shown: Mapping[str, object]) -> Sealed:
    key = unwrap(run.sealed_key, run.pk)
    return seal(shown, attribute=ATTRIBUTE, record_id=run.pk, data_key=key)


def _text(cell: object) -> str:
    # Bytes that no encoding takes stand in the text as half of a character; JSON has none.
    return str(cell).encode("utf-8", "replace").decode()


def may_see_samples(access: Access, run: Run) -> bool:
    """Tell whether this is who brought the file: it holds values of every class, unmasked."""
    reach = access.reach("import.run")
    covered = reach.covers(node_id=run.org_node_id, owner_id=run.owner_id)
    return covered and run.owner_id == access.user_id


def samples_of(access: Access, run: Run, *, at: datetime) -> Samples:
    """Return the samples of a run, or none to who may not see them; an event says they were read."""
    if run.samples is None or not may_see_samples(access, run):
        return NO_SAMPLES
    key = unwrap(run.sealed_key, run.pk)
    shown = unseal(run.samples, attribute=ATTRIBUTE, data_key=key)
    record_event(
        act="intake.samples.read",
        at=at,
        subject=("intake.Run", run.public_id),
        rows=len(shown["rows"]),
        fields_read={"*": "S4"},
    )
    return Samples(rows=shown["rows"], previews=shown["previews"])
