"""The page, the API and the command where the encoding of a text cannot be told."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clientela.intake.models import Run
from tests.corpus.case import HEADER, text
from tests.corpus.files import JAPANESE
from tests.web.test_imports import place, run_of
from tests.web.test_imports import text as shown
from tests.web.world import World

CONTENT = text(JAPANESE, header=HEADER).encode("cp932")
LINE = "カタカナとひらがなのお茶"


@pytest.fixture
def run(world: World, settings) -> Run:
    settings.AFTER_IMPORT = ()
    body = {
        "new_source": "till", "node": world.objects["madrid"], "settlement": "unknown",
        "file": SimpleUploadedFile("sales.csv", CONTENT), "kind": "sales_lines",
    }  # fmt: skip
    return run_of(world.client("data_steward").post("/imports/new", body))


def test_page_marks_the_likely_one_and_shows_lines_to_who_sent_them(world: World, run: Run) -> None:
    page = shown(world, run)
    marked = page[page.index('value="cp932" checked') :].partition("</label>")[0]
    assert "most likely" in marked
    assert marked.count(LINE) >= 2
    assert page.count("most likely") == 1
    assert LINE not in shown(world, run, "auditor")


def test_api_tells_the_same_to_who_sent_the_file_alone(world: World, run: Run) -> None:
    url = f"/api/v1/imports/{run.public_id}"

    def asked(client: Client) -> dict:
        (question,) = client.get(url).json()["questions"]
        return question

    told = asked(world.client("data_steward"))
    assert told["suggested"] == "cp932" == told["choices"][0]
    assert LINE in told["previews"]["cp932"]
    assert "previews" not in asked(world.client("auditor"))
    assert LINE not in json.dumps(run.questions, ensure_ascii=False)


def test_answered_it_is_read_as_chosen(world: World, run: Run) -> None:
    client = world.client("data_steward")
    assert client.post(place("answers", run), {"encoding": "cp932"}).status_code == 302
    assert LINE in shown(world, run)
