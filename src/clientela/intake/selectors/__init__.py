"""Reading runs, their rejected rows and saved mappings: scoped to the user."""

import re
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from clientela.intake.models import Mapping, RejectedRow, Run
from clientela.intake.selectors.report import firsts_of, report_of, rows_of, state_of
from clientela.intake.selectors.samples import samples_of
from clientela.kernel.reasons import NotInScope
from clientela.records.selectors import source_by_name
from clientela.security.permits import Access
from clientela.security.selectors import in_reach

__all__ = [
    "firsts_of",
    "mappings",
    "rejected_rows",
    "report_of",
    "rows_of",
    "run_by_public_id",
    "run_id_of",
    "run_names",
    "runs",
    "samples_of",
    "state_of",
    "with_fault",
]


def runs(access: Access, *, act: str = "import.read") -> QuerySet[Run]:
    """Return the runs that `access` reaches; the order is the caller's paging."""
    access.demand(act)
    return Run.objects.filter(in_reach(access.reach(act))).select_related("source", "org_node")


def run_by_public_id(
    access: Access, public_id: str, *, act: str = "import.read", lock: bool = False
) -> Run:
    """Return one run, locked for a change if asked. Raises NotPermitted, NotInScope."""
    found = runs(access, act=act)
    if lock:
        found = found.select_for_update(of=("self",))
    try:
        run = found.filter(public_id=public_id).first()
    except ValidationError:
        run = None
    if run is None:
        raise NotInScope("run")
    return run


def run_id_of(access: Access, public_id: str) -> int | None:
    """Return the id of a run that a list is filtered by: None for no run, 0 for one out of reach.

    Raises NotPermitted where the user may not look at imports.
    """
    if not public_id:
        return None
    try:
        return run_by_public_id(access, public_id).pk
    except NotInScope:
        return 0


def run_names(access: Access, ids: Collection[int | None]) -> dict[int, tuple[str, str]]:
    """Return public id and file of those of these runs that `access` reaches; none without it."""
    wanted = {one for one in ids if one is not None}
    if not wanted or not access.may("import.read"):
        return {}
    found = runs(access).filter(pk__in=wanted).values_list("pk", "public_id", "file_name")
    return {pk: (str(public_id), name) for pk, public_id, name in found}


def rejected_rows(access: Access, run: Run) -> QuerySet[RejectedRow]:
    """Return the rows of a run that were set aside."""
    access.demand("import.read")
    return RejectedRow.objects.filter(in_reach(access.reach("import.read")), run=run)


def with_fault(rows: QuerySet[RejectedRow], code: str) -> QuerySet[RejectedRow]:
    """Return those of the rejected rows that have this fault, alone or among others."""
    among = rf"(^|, ){re.escape(code)}(,|$)"
    return rows.filter(Q(code=code) | Q(params__others__regex=among))


def mappings(access: Access) -> QuerySet[Mapping]:
    """Return the saved mappings of the sources that `access` reaches, by name."""
    access.demand("import.read")
    reach = access.reach("import.read")
    saved = Mapping.objects.select_related("source").order_by("name")
    return saved if reach.everything else saved.filter(source__org_node_id__in=reach.nodes)


def mappings_of(access: Access, source: str) -> QuerySet[Mapping]:
    """Return the mappings that a source in reach keeps, by name. Raises NotInScope."""
    kept = mappings(access)
    return kept.filter(source=source_by_name(access, source))


def mapping_row(mapping: Mapping) -> dict[str, Any]:
    """Return a saved mapping as lists tell it: `columns` is field → column of the file,
    `constants` field → text for all rows."""
    return {
        "name": mapping.name,
        "source": mapping.source.name,
        "kind": mapping.kind,
        "columns": mapping.definition.get("columns", {}),
        "constants": mapping.definition.get("constants", {}),
        "saved_at": mapping.saved_at,
        "saved_by": mapping.saved_by,
    }
