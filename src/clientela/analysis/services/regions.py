"""Sales regions as parameters, by the keys that sales by region shows."""

from collections.abc import Sequence
from dataclasses import replace

from clientela.analysis.services.question import Asked
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.models import OrgNode
from clientela.security.selectors import organisation

REGION = "region"  # the parameter


def sales_regions() -> Sequence[OrgNode]:
    """Return the sales regions, by their tree.

    All of them: any may have sold to the customers that a reader reaches, whatever region serves
    them, and stands in their sales by region then. Names of places are no secret within the company.
    """
    return [node for node in organisation() if node.kind == "region"]


def with_inner_region(asked: Asked) -> Asked:
    """Return the question with the region's key in the tables in place of the one people know.

    Raises Invalid for a region that there is not.
    """
    code = asked.parameters.get(REGION)
    if code is None:
        return asked
    known = {node.code: node.pk for node in sales_regions()}
    if code not in known:
        params = {"region": str(code)[:60], "known": ", ".join(known) or "–"}
        raise Invalid(Reason(code="sales_region_unknown", params=params))
    return replace(asked, parameters={**asked.parameters, REGION: str(known[code])})
