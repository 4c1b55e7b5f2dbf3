"""Analyses of an installation into which nothing has come yet: an answer, not an error."""

import io

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import ask, refresh_copy
from clientela.analysis.services.question import question
from clientela.cli.answers import Shape, write
from clientela.security.models import OrgNode, User
from clientela.security.roles import Role
from clientela.security.selectors import access_of, context_of
from clientela.security.services.founding import found
from clientela.store.context import database_context, system_context
from tests.factories import give
from tests.web.world import second_factor

LONG_AFTER = timezone.now().replace(year=timezone.now().year + 1)


@pytest.fixture
def anna(fresh_database: object) -> User:
    with system_context("a new installation"):
        found(name="Group", base_currency="", at=timezone.now())
        user = User.objects.create(username="anna", created_at=timezone.now())
        give(user, Role.ANALYST, OrgNode.objects.get(kind="group"), until=LONG_AFTER)
        second_factor(user)
    refresh_copy(full=True)
    return user


class TestBeforeAnyMoney:
    def test_every_analysis_answers_on_page_and_by_command(self, anna, tmp_path, monkeypatch):
        client = Client()
        client.force_login(anna)
        for name in ANALYSES:
            page = client.get(f"/analyses/{name}")
            assert page.status_code == 200, name
            assert "No money has come in yet." in page.content.decode(), name
            access = access_of(anna, at=timezone.now())
            with database_context(context_of(access)):
                answer = ask(access, question(name, at=timezone.now(), as_of=timezone.now().date()))
            assert answer.population["amounts"] == []
            assert answer.population["anonymous"]["amount"] is None
            monkeypatch.setattr("sys.stdout", io.StringIO())
            for shape in Shape:
                write(answer, shape, tmp_path / f"{name}.{shape}")
            monkeypatch.undo()
            assert pq.read_table(tmp_path / f"{name}.parquet").num_rows == len(answer.rows)
