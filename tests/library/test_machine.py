"""How much of the machine a session takes."""

import os

import pytest

from clientela.warehouse.machine import (
    BadSetting,
    Share,
    memory_of_machine_mb,
    share_of_machine,
)


class TestShareOfTheMachine:
    def test_is_a_quarter_of_its_memory_and_its_cores_up_to_four(self):
        share = share_of_machine({})
        assert share.memory_mb == max(memory_of_machine_mb() // 4, 256)
        assert share.threads == min(len(os.sched_getaffinity(0)), 4)

    def test_is_what_the_settings_say(self):
        given = {"CLIENTELA_QUERY_MEMORY": "2GB", "CLIENTELA_QUERY_THREADS": "16"}
        assert share_of_machine(given) == Share(2048, 16)
        assert share_of_machine({"CLIENTELA_QUERY_MEMORY": "256 mb"}).memory_mb == 256

    @pytest.mark.parametrize("text", ["255MB", "2", "2TB", "-1GB", "much"])
    def test_refuses_memory_that_it_cannot_read_or_work_in(self, text):
        with pytest.raises(BadSetting, match="CLIENTELA_QUERY_MEMORY"):
            share_of_machine({"CLIENTELA_QUERY_MEMORY": text})

    @pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
    def test_refuses_threads_that_are_no_number(self, text):
        with pytest.raises(BadSetting, match="CLIENTELA_QUERY_THREADS"):
            share_of_machine({"CLIENTELA_QUERY_THREADS": text})
