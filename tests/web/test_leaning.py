"""Who takes an import back is told which others left rows out for it, on page, API and command."""

import json
from pathlib import Path

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from clientela.cli.runs import app
from tests.intake.bringing import Books
from tests.intake.test_leaning import FILES
from tests.web.world import World


@pytest.fixture
def books(world: World, tmp_path: Path) -> Books:
    books = Books(world.company, tmp_path, FILES, source="till")
    books.bring("invoices")
    books.bring("invoices grown")
    return books


def test_is_told_before_and_the_other_says_so_after(world: World, books: Books) -> None:
    client = world.client("data_steward")
    first, grown = (books.runs[name].public_id for name in ("invoices", "invoices grown"))
    asked = client.get(reverse("imports:take_back", args=[first])).content.decode()
    assert "These imports left rows out, since this one had brought them." in asked
    assert "invoices grown.csv" in asked
    assert "2 rows" in asked
    page = reverse("imports:run", args=[grown])
    assert "It was taken back since" not in client.get(page).content.decode()
    books.take_back("invoices")
    assert "It was taken back since" in client.get(page).content.decode()
    nothing = client.get(reverse("imports:take_back", args=[grown])).content.decode()
    assert "left rows out" not in nothing


def test_is_told_by_the_command(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientela.runtime.database.is_private", lambda: False)
    first, grown = (str(books.runs[name].public_id) for name in ("invoices", "invoices grown"))
    words = ["take-back", first, "--reason", "wrong", "--yes", "--as", "data_steward"]
    ended = CliRunner().invoke(app, [*words, "--format", "json"])
    assert ended.exit_code == 0, ended.stderr
    leaning = json.loads(ended.stdout)["leaning"]
    assert leaning == [{"run": grown, "file": "invoices grown.csv", "rows": 2}]
