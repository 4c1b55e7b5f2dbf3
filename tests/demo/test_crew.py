"""Slices loaded side by side, by processes of their own."""

import pytest

from clientela.demo import crew
from clientela.demo.loading import standing
from clientela.records.services import rebuild
from clientela.store.context import system_context
from tests import server
from tests.demo.conftest import AT, load
from tests.demo.test_loading import digests

pytestmark = pytest.mark.slow


@pytest.fixture
def in_three_slices(monkeypatch):
    """Load 300 customers in three slices, by as many processes as are asked for."""

    def loaded(processes):
        monkeypatch.setattr(crew.os, "cpu_count", lambda: processes)
        return load(customers=300, seed=4, slice_size=120)

    return loaded


class TestLoadSlices:
    def test_gives_what_one_process_gives(self, fresh_database, django_db_blocker, in_three_slices):
        side_by_side = in_three_slices(2)
        found = digests()
        with system_context("a test of the crew"):
            assert rebuild(at=AT, check_only=True).differences == 0
        server.clone("fresh_alone")
        try:
            with server.django_on("fresh_alone", django_db_blocker):
                alone = in_three_slices(1)
                assert digests() == found
        finally:
            server.drop("fresh_alone")
        assert alone.truth == side_by_side.truth

    def test_passes_on_what_broke_and_leaves_a_demo_that_says_so(
        self, fresh_database, in_three_slices
    ):
        # Undone at once: the fixture of the database puts the setting back that it found.
        with pytest.MonkeyPatch.context() as its_processes:
            its_processes.setenv("CLIENTELA_DATABASE", "there_is_no_such_database")
            with pytest.raises(Exception, match="there_is_no_such_database"):
                in_three_slices(2)
        assert standing() == "broken_off"
