"""Which events of the trail concern the imports and mappings of some nodes."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from clientela.intake.models import Mapping, Run
from clientela.intake.selectors import runs
from clientela.security.permits import Access
from clientela.security.trail import Concerned
from clientela.store.among import IsAmong


def events_of_runs(nodes: frozenset[int]) -> Concerned:
    """Return the events of imports into these nodes."""
    there = Run.objects.filter(org_node_id__in=sorted(nodes))
    ids = ArraySubquery(there.values_list(Cast("public_id", TextField())))
    return Concerned(events=Q(IsAmong(F("object_id"), ids), object_type="intake.Run"))


def events_of_mappings(nodes: frozenset[int]) -> Concerned:
    """Return the events of mappings of sources that stand at these nodes."""
    there = Mapping.objects.filter(source__org_node_id__in=sorted(nodes))
    name = Concat("source__name", Value("/"), "name", output_field=TextField())
    names = ArraySubquery(there.values_list(name))
    return Concerned(events=Q(IsAmong(F("object_id"), names), object_type="intake.Mapping"))


def files_by_public_id(access: Access, public_ids: Collection[UUID]) -> dict[str, str]:
    """Return the file names of those imports that `access` reaches."""
    if not access.may("import.read"):
        return {}
    found = runs(access).filter(public_id__in=public_ids)
    return {str(key): name for key, name in found.values_list("public_id", "file_name")}
