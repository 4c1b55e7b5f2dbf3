"""Which events of the trail concern the imports and mappings of some nodes."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat

from clientela.intake.models import Mapping, Run
from clientela.intake.selectors import runs
from clientela.security.permits import Access


def events_of_runs(nodes: frozenset[int]) -> Q:
    """Return the events of imports into these nodes."""
    there = Run.objects.filter(org_node_id__in=sorted(nodes))
    ids = there.values_list(Cast("public_id", TextField()))
    return Q(object_type="intake.Run", object_id__in=ids)


def events_of_mappings(nodes: frozenset[int]) -> Q:
    """Return the events of mappings of sources that stand at these nodes."""
    there = Mapping.objects.filter(source__org_node_id__in=sorted(nodes))
    names = there.values_list(Concat("source__name", Value("/"), "name", output_field=TextField()))
    return Q(object_type="intake.Mapping", object_id__in=names)


def files_by_public_id(access: Access, public_ids: Collection[UUID]) -> dict[str, str]:
    """Return the file names of those imports that `access` reaches."""
    if not access.may("import.read"):
        return {}
    found = runs(access).filter(public_id__in=public_ids)
    return {str(key): name for key, name in found.values_list("public_id", "file_name")}
