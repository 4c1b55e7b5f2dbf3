"""`clientela refresh`: codes for programs, words for people."""

import json
import re

from typer import Typer
from typer.testing import CliRunner

from clientela.cli.refreshing import refresh
from tests.web.test_analyses import Trade


class TestRefresh(Trade):
    def test_tells_programs_codes_and_people_words(self, trade):
        program = Typer()
        program.command("refresh")(refresh)

        def said(*words):
            ended = CliRunner().invoke(program, ["--full", "--as", "analyst", *words])
            assert ended.exit_code == 0, ended.output
            return ended.stdout

        answer = json.loads(said("--format", "json"))
        assert set(answer) == {"refreshed", "classes_changed", "snapshot", "seconds", "rows"}
        assert answer["rows"]["customers"] == 4
        assert all(re.fullmatch("[a-z_]+", name) for name in answer["rows"])
        told = said()
        assert "classes changed" in told
        assert re.search(r"rows: customers\W+4", told)
