"""Every break turns its test red, by an assertion; without it the test is green."""

import os

import pytest

from tests.breaks import checkout
from tests.breaks.break_ import Break, DoesNotApply
from tests.breaks.named import BREAKS

ALL = os.environ.get("CLIENTELA_BREAKS") == "all"  # what `make prove` sets
HERE = [one for one in BREAKS if one.quick or ALL]


@pytest.fixture(scope="module")
def copy(tmp_path_factory, postgres_server):
    """One copy of the working tree for all breaks of this process, one after the other."""
    with checkout.copied(tmp_path_factory.mktemp("breaks")) as copy:
        yield copy


@pytest.mark.slow
@pytest.mark.parametrize("broken", HERE, ids=lambda one: one.name)
def test_a_break_turns_its_test_red(broken: Break, copy):
    with broken.applied(copy):
        outcome = checkout.run(copy, [broken.red], own_database=broken.own_database)
    red = [one for one in outcome.tests if one.outcome == "failed"]
    assert red, f"nothing turned red (status {outcome.status}):\n{outcome.said[-3000:]}"
    assert red[0].error in broken.by, f"red by {red[0]}:\n{outcome.said[-3000:]}"
    assert outcome.status == pytest.ExitCode.TESTS_FAILED


class TestBreaks:
    def test_apply_to_the_sources_as_they_are(self):
        wrong = []
        for one in BREAKS:
            text = (checkout.ROOT / one.file).read_text(encoding="utf-8")
            if text.count(one.old) != 1:
                wrong.append((one.name, text.count(one.old)))
        assert wrong == []

    def test_have_names_of_their_own_and_tests_that_are_there(self):
        assert len({one.name for one in BREAKS}) == len(BREAKS) >= 24
        for one in BREAKS:
            file, _, rest = one.red.partition("::")
            name = rest.split("::")[-1].partition("[")[0]
            assert f"def {name}(" in (checkout.ROOT / file).read_text(encoding="utf-8"), one.name

    def test_say_so_when_the_sources_have_moved_on(self, tmp_path):
        (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
        twice = Break(name="twice", file="a.py", old="x = 1", new="x = 2", red="")
        with pytest.raises(DoesNotApply, match="holds the text 2 ×"), twice.applied(tmp_path):
            pass

    def test_are_taken_back(self, tmp_path):
        (tmp_path / "a.py").write_text("x = 1\n")
        once = Break(name="once", file="a.py", old="x = 1", new="x = 2", red="")
        with once.applied(tmp_path):
            assert (tmp_path / "a.py").read_text() == "x = 2\n"
        assert (tmp_path / "a.py").read_text() == "x = 1\n"


@pytest.mark.slow
def test_without_a_break_the_tests_are_green(copy):
    """Those of a few breaks in `make test`, which runs all of them itself; all in `make prove`."""
    tests = sorted({one.red for one in (BREAKS if ALL else HERE[::6])})
    outcome = checkout.run(copy, tests)
    assert outcome.status == 0, outcome.said[-3000:]
    assert {one.outcome for one in outcome.tests} == {"passed"}
