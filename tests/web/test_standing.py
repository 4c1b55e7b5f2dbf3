"""An analysis says which imports it does not hold yet, and follows when it does."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from typer import Typer
from typer.testing import CliRunner

from clientela.analysis.services import copy_folder, refresh_copy
from clientela.analysis.services.standing import position_of, standing_of
from clientela.cli.analysing import analyse
from clientela.intake.models import Run
from clientela.records.models import Source
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from tests.web.test_analyses import Trade

QUERY = {"as_of": "2026-04-30"}


@pytest.mark.usefixtures("no_other_databases")
class Standing(Trade):
    @pytest.fixture
    def behind(self, trade):
        """A run that ended after the refresh."""
        with system_context("an import"):
            self.end(trade)
        return trade

    def end(self, trade, state: str = "done", node: str = "madrid", **more):
        now = timezone.now()
        source = Source.objects.get(name="erp")
        return Run.objects.create(
            source=source, org_node=trade.company.nodes[node], file_name="f.csv", sha256="0" * 64,
            size=1, file_path="", state=state, started_by="t", started_at=now, finished_at=now,
            kind="customers", **more,
        )  # fmt: skip

    def standing(self, trade, role="analyst"):
        with database_context(context_of(trade.company.access(role))):
            return standing_of(copy_folder(), at=timezone.now())


class TestStanding(Standing):
    def test_counts_runs_that_ended_after_the_refresh_until_the_next(self, behind):
        found = self.standing(behind)
        assert found is not None
        assert found.runs == 1
        refresh_copy()
        assert self.standing(behind) is None

    def test_is_behind_a_run_that_commits_late(self, trade):
        """A clock would say that it ended before the refresh began."""
        with system_context("an import"):
            run = self.end(trade, state="loading")
        refresh_copy()
        ended = position_of(copy_folder()).began_at - timedelta(seconds=5)
        with system_context("its end commits"):
            Run.objects.filter(pk=run.pk).update(state="done", finished_at=ended)
        assert self.standing(trade).runs == 1

    def test_leaves_out_trials_and_failures(self, trade):
        with system_context("imports"):
            self.end(trade, dry_run=True)
            self.end(trade, state="failed")
        assert self.standing(trade) is None

    def test_is_told_to_who_may_not_see_the_run_itself(self, behind):
        """What it brought may be theirs all the same."""
        for role in ("sales", "stranger", "executive"):
            assert self.standing(behind, role).runs == 1, role

    def test_names_the_next_even_minute_or_that_one_is_due(self, behind):
        position = position_of(copy_folder())
        second = timedelta(seconds=1)
        with database_context(context_of(behind.company.access("analyst"))):
            soon = standing_of(copy_folder(), at=position.began_at)
            later = standing_of(copy_folder(), at=soon.next_at + second)
        assert not soon.refreshing
        assert (soon.next_at.minute % 2, soon.next_at.second) == (0, 0)
        assert position.began_at < soon.next_at <= position.began_at + timedelta(minutes=2)
        assert later.refreshing


class TestAnswerBehind(Standing):
    def test_says_so_on_page_api_and_command_alike(self, behind):
        client = behind.client("analyst")
        text = client.get("/analyses/abc", QUERY).content.decode()
        assert "One new import is not in these figures yet." in text
        assert 'hx-get="/analyses/copy"' in text
        told = client.get("/api/v1/analyses/sales", QUERY).json()["copy"]
        assert told["runs_not_in"] == 1
        assert datetime.fromisoformat(told["next_refresh_at"]).tzinfo is not None
        command = Typer()
        command.command()(analyse)
        words = ["sales", "--as-of", "2026-04-30", "--as", "analyst", "--format", "json"]
        said = CliRunner().invoke(command, words)
        assert "1 new import is not in these figures yet" in said.stderr
        assert json.loads(said.stdout)["copy"]["runs_not_in"] == 1

    def test_is_followed_by_the_page_when_the_copy_has_come_up(self, behind):
        client = behind.client("analyst")
        waiting = client.get("/analyses/copy")
        assert waiting.status_code == 204
        refresh_copy()
        came = client.get("/analyses/copy")
        assert came.status_code == 200
        assert "copy-is-up" in came.headers["HX-Trigger"]
        assert came.content == b"The figures are up to date now."
        text = client.get("/analyses/abc", QUERY).content.decode()
        assert "not in these figures" not in text
        assert client.get("/api/v1/analyses/sales", QUERY).json()["copy"] is None
