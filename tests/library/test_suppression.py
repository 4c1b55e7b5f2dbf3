"""What readers of totals alone are shown: no figure of few customers, and none by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from clientela.analysis.suppression import ROOT, Group, hidden_groups

LEAST = 10
COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=8)


def parts(*counts: int | None, of: str = ROOT) -> list[Group]:
    return [Group(counts=(count,), sums=frozenset({of})) for count in counts]


class TestHiddenGroups:
    def test_are_none_where_none_is_small(self) -> None:
        assert hidden_groups(parts(10, 25, 400)) == set()

    def test_are_those_under_the_least_and_the_smallest_of_the_others(self) -> None:
        assert hidden_groups(parts(400, 9, 25, 10)) == {1, 3}
        assert hidden_groups(parts(400, 9, 1, 25)) == {1, 2, 3}

    def test_hold_figures_of_nobody_known_too(self) -> None:
        assert hidden_groups(parts(30, 0, 20)) == {1, 2}
        assert hidden_groups(parts(30, None, 20)) == set()

    def test_cover_each_figure_apart(self) -> None:
        groups = [Group(counts=(3, 3)), Group(counts=(20, None)), Group(counts=(30, 30)),
                  Group(counts=(90, 90))]  # fmt: skip
        assert hidden_groups(groups) == {0, 1, 2}

    def test_take_the_groups_of_a_hidden_one_with_them(self) -> None:
        groups = [*parts(50, 60, of="north"), *parts(70, 80, of="south")]
        assert hidden_groups(groups, also=["north"]) == {0, 1}

    def test_cover_every_sum_that_one_lies_in(self) -> None:
        mixed = Group(counts=(4,), sums=frozenset({"north", "south"}))
        groups = [mixed, *parts(50, 60, of="north"), *parts(80, 70, of="south")]
        assert hidden_groups(groups) == {0, 1, 4}

    @given(COUNTS)
    def test_leave_nothing_small_and_no_small_remainder(self, counts: list[int]) -> None:
        """Whoever takes the shown groups off their sum is left with k customers at least."""
        hidden = hidden_groups(parts(*counts), least=LEAST)
        shown = [c for at, c in enumerate(counts) if at not in hidden]
        rest = [c for at, c in enumerate(counts) if at in hidden]
        assert all(count >= LEAST for count in shown)
        if rest and shown:
            assert len(rest) >= 2
            # customers may be in several groups: the largest alone is sure to be there
            assert max(rest) >= LEAST

    @given(st.lists(COUNTS, min_size=1, max_size=5))
    def test_hold_below_sums_that_are_hidden_themselves(self, regions: list[list[int]]) -> None:
        """Branches in regions, whose customers each have one branch: both answers are published,
        and every sum that follows from them stands on k customers, or on everything."""
        totals = [sum(branches) for branches in regions]
        above = hidden_groups(parts(*totals), least=LEAST)
        leaves = [
            (at, Group(counts=(count,), sums=frozenset({at})))
            for at, branches in enumerate(regions)
            for count in branches
        ]
        hidden = hidden_groups([group for _, group in leaves], least=LEAST, also=above)
        for at, total in enumerate(totals):
            counts = [
                (group.counts[0], place in hidden)
                for place, (region, group) in enumerate(leaves)
                if region == at
            ]
            shown = sum(count for count, is_hidden in counts if not is_hidden)
            if at in above:
                assert shown == 0  # nothing of a hidden region adds up to it
            else:
                assert total - shown == 0 or total - shown >= LEAST
