"""Sales regions as parameters: those a reader reaches, by the keys that sales by region shows."""

from collections.abc import Sequence
from dataclasses import replace

from clientela.analysis.services.question import Asked
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.models import OrgNode
from clientela.security.permits import Access
from clientela.security.selectors import organisation

REGION = "region"  # the parameter


def regions_of(access: Access) -> Sequence[OrgNode]:
    """Return the sales regions that have a part in the reach of who analyses, by their tree."""
    reach, nodes = access.reach("analysis.run"), list(organisation())
    regions = [node for node in nodes if node.kind == "region"]
    if reach.everything:
        return regions
    inside = reach.nodes | reach.own_nodes
    above = {part for node in nodes if node.pk in inside for part in node.path.split("/")}
    return [node for node in regions if str(node.pk) in above]


def with_inner_region(access: Access, asked: Asked) -> Asked:
    """Return the question with the region's key in the tables in place of the one people know.

    Raises Invalid for a region that the reader does not reach, as for one that there is not.
    """
    code = asked.parameters.get(REGION)
    if code is None:
        return asked
    known = {node.code: node.pk for node in regions_of(access)}
    if code not in known:
        params = {"region": str(code)[:60], "known": ", ".join(known) or "–"}
        raise Invalid(Reason(code="sales_region_unknown", params=params))
    return replace(asked, parameters={**asked.parameters, REGION: str(known[code])})
