"""Mappings that are used again: saved under a name, or found by the columns of rejected rows."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.intake.mapping.model import Mapping as ColumnMapping
from clientela.intake.models import Mapping, Run
from clientela.intake.reading.own_columns import has_own, without_own
from clientela.intake.selectors import run_by_public_id
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.models import Source
from clientela.records.services import demand_of_files
from clientela.security.permits import Access

_NAMED = 12  # mappings, in a sentence


@transaction.atomic
def save_mapping(*, access: Access, public_id: str, name: str, at: datetime) -> Mapping:
    """Keep the mapping of a run under a name of its source's own, to use again.

    Raises Invalid, NotInScope.
    """
    run = run_by_public_id(access, public_id, act="import.run")
    code = name.strip().lower()
    if not code or len(code) > 60 or not code.replace("-", "").replace("_", "").isalnum():
        raise Invalid(Reason(code="mapping_name_invalid", params={"name": name[:60]}))
    if not run.definition:
        raise Invalid(Reason(code="run_has_no_mapping"))
    if run.source is None:
        raise Invalid(Reason(code="trial_has_no_source", params={"name": run.new_source}))
    demand_of_files(run.source.name)
    mapping, _ = Mapping.objects.update_or_create(
        source=run.source,
        name=code,
        defaults={
            "kind": run.kind, "definition": run.definition, "saved_at": at,
            "saved_by": access.username,
        },
    )  # fmt: skip
    subject = ("intake.Mapping", f"{run.source.name}/{mapping.name}")
    record_event(act="intake.mapping.saved", at=at, subject=subject)
    return mapping


def saved_mapping(name: str | None, source: Source) -> ColumnMapping | None:
    """Return the mapping that a source keeps under a name. Raises Invalid, naming those it keeps."""
    if not name:
        return None
    kept = Mapping.objects.filter(source=source) if source.pk else Mapping.objects.none()
    found = kept.filter(name=name.strip().lower()).first()
    if found is None:
        names = ", ".join(kept.order_by("name").values_list("name", flat=True)[:_NAMED])
        params = {"mapping": name[:60], "source": source.name} | ({"known": names} if names else {})
        raise Invalid(Reason(code="mapping_unknown" if names else "mappings_none", params=params))
    return ColumnMapping.from_json(found.definition)


def as_first_read(source: Source, header: Sequence[str], kind: str | None) -> ColumnMapping | None:
    """Return how the rows of a file of rejected rows were read when they first came: by the last
    run of the source whose file had these columns. None of any other file."""
    if source.pk is None or not has_own(header):
        return None
    runs = Run.objects.filter(source=source, description__layout__header=without_own(header))
    runs = runs.filter(kind=kind) if kind else runs.exclude(kind="")
    asks = (Run.State.RECEIVED, Run.State.NEEDS_ANSWERS, Run.State.CANCELLED)
    first = runs.exclude(state__in=asks).order_by("-id").first()
    return ColumnMapping.from_json(first.definition).as_it_was_read() if first else None
