"""Which groups of a total are not shown, so that no figure of few customers can be read from it.

A group is *small* where a figure of it stands on fewer than k customers. Whatever is small is
hidden. A hidden group would follow from a sum that is shown, by taking off the others; so of
each sum the smallest group that is not small is hidden as well, until what is hidden of it
stands on k customers at least. Groups of a hidden group are hidden with it: they would add up
to it. Decision record 14 says what this promises, and what it does not.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

from clientela.analysis.rules import LEAST_IN_GROUP

ROOT = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group: how many customers stand behind each of its figures, None where there is none.

    0 stands for a figure of documents without a customer. `sums`: those it is a part of.
    """

    counts: tuple[int | None, ...]
    sums: frozenset[Hashable] = frozenset({ROOT})


def hidden_groups(
    groups: Sequence[Group],
    *,
    least: int = LEAST_IN_GROUP,
    also: Collection[Hashable] = (),
    already: Collection[int] = (),
) -> set[int]:
    """Return the places of the groups that are not shown.

    :param also: sums that are hidden themselves, and so whatever they are made of.
    :param already: places that are hidden for another figure, and so for these too.
    """
    hidden = {
        at
        for at, group in enumerate(groups)
        if at in already or _is_small(group, least) or (also and group.sums & set(also))
    }
    members: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        for one in group.sums:
            members.setdefault(one, []).append(at)
    waiting = list(members)
    while waiting:
        one = waiting.pop()
        added = _cover(groups, members[one], hidden, least)
        hidden |= added
        # A group that is part of several sums may have laid the others bare.
        waiting += {s for at in added for s in groups[at].sums} - {one, *waiting}
    return hidden


def _is_small(group: Group, least: int) -> bool:
    return any(count is not None and count < least for count in group.counts)


def _cover(
    groups: Sequence[Group], members: Sequence[int], hidden: Collection[int], least: int
) -> set[int]:
    """Return what has to be hidden of one sum besides, for each of its figures."""
    added: set[int] = set()
    figures = max(len(groups[at].counts) for at in members)
    for figure in range(figures):
        inside = {at: groups[at].counts[figure] for at in members}
        bare = [at for at in members if at in hidden or at in added]
        laid = [at for at in bare if inside[at] is not None]
        if not laid or any(_covers(groups[at], inside[at], least) for at in laid):
            continue
        others = [
            (inside[at] or 0, at)
            for at in members
            if at not in bare and _covers(groups[at], inside[at], least)
        ]
        if others:
            added.add(min(others)[1])
    return added


def _covers(group: Group, count: int | None, least: int) -> bool:
    """Tell whether a hidden group makes what is hidden of its sum large enough to be told.

    One that lies in several sums does not: how much of it lies in which is not known.
    """
    return count is not None and count >= least and len(group.sums) == 1
