"""Branches and account managers that rows name: those that whoever imports may name, and no other.

A branch goes by its code, or by its title where only one in reach has it. An account manager is an
active user with a role by which customers are read at a node in reach: with any other the customer
would be nobody's. One that is unknown, one that is shut out and one of elsewhere are answered alike.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from clientela.intake.mapping.typer import TypedBatch
from clientela.intake.results import CellProblem
from clientela.kernel.reasons import Reason
from clientela.security.models import OrgNode
from clientela.security.permits import ActReach
from clientela.security.roles import ACTS
from clientela.security.selectors import grants_in_force


class Places:
    """Nodes and users that rows name; what is unknown or out of reach is None."""

    def __init__(self, default_node: int, reach: ActReach, *, at: datetime) -> None:
        self.default = default_node
        known = OrgNode.objects.all()
        nodes = list(known if reach.everything else known.filter(id__in=reach.nodes))
        titles = Counter(node.name.lower() for node in nodes)
        self._nodes = {n.name.lower(): n.pk for n in nodes if titles[n.name.lower()] == 1}
        self._nodes |= {node.code.lower(): node.pk for node in nodes}  # a code comes first
        self._users = _managers([node.path for node in nodes], at)

    def node(self, code: object) -> int | None:
        """Return the node of a code or title; the source's own where none is given."""
        return self.default if code is None else self._nodes.get(str(code).lower())

    def owner(self, name: object) -> int | None:
        """Return the account manager of a user name."""
        return self._users.get(str(name).lower())


def _managers(paths: Collection[str], at: datetime) -> dict[str, int]:
    """Return, by user name, who reads customers at a node of one of these paths."""
    held = grants_in_force(at=at).filter(role__in=ACTS["customer.read"], user__is_active=True)
    rows = list(held.values_list("user__username", "user_id", "node__path"))
    inside = {
        top for top in {row[2] for row in rows} if any(path.startswith(top) for path in paths)
    }
    return {name.lower(): pk for name, pk, top in rows if top in inside}


# Field -> why its value is not taken, and what finds it.
_NAMED: Mapping[str, tuple[str, Callable[[Places, object], int | None]]] = {
    "branch_code": ("branch_not_reached", Places.node),
    "owner": ("account_manager_not_known", Places.owner),
}


def unplaced(
    places: Places, typed: TypedBatch, columns: Mapping[str, str]
) -> dict[int, Sequence[CellProblem]]:
    """Return, by their position, the rows that name a branch or an account manager who is not to
    be named, and why.

    :param columns: field -> column of the file.
    """
    found: dict[int, list[CellProblem]] = {}
    for name, (code, find) in _NAMED.items():
        for n, value in enumerate(typed.columns.get(name) or ()):
            if value is not None and find(places, value) is None:
                problem = CellProblem(
                    column=columns.get(name, ""), field=name, value=str(value),
                    reason=Reason(code=code),
                )  # fmt: skip
                found.setdefault(n, []).append(problem)
    return dict(found)
