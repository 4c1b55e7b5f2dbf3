"""The page, the API and the command where the encoding of a text cannot be told."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clientela.intake.models import RejectedRow, Run
from clientela.intake.services import advance
from clientela.store.context import system_context
from tests.corpus.case import HEADER, text
from tests.corpus.files import JAPANESE
from tests.factories import NOON
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


DAMAGED = b"Customer ID,Name,Customer Type,Country\n" + b"".join(
    b"K%d,%b,company,ES\n" % (n, b"Caf\xff" if n == 250 else "Ávila".encode()) for n in range(501)
)


@pytest.fixture
def damaged(world: World, settings) -> Run:
    settings.AFTER_IMPORT = ()
    body = {
        "new_source": "till", "node": world.objects["madrid"], "kind": "customers",
        "file": SimpleUploadedFile("customers.csv", DAMAGED), "settlement": "unknown",
    }  # fmt: skip
    return run_of(world.client("data_steward").post("/imports/new", body))


def test_utf_8_with_a_damaged_byte_says_so_and_takes_all_other_rows(
    world: World, damaged: Run
) -> None:
    page = shown(world, damaged)
    marked = page[page.index('value="utf-8" checked') :].partition("</label>")[0]
    assert "most likely" in marked
    assert "damaged bytes: 1, lines with them: 1" in marked
    assert "Ávila" in marked
    client = world.client("data_steward")
    (question,) = client.get(f"/api/v1/imports/{damaged.public_id}").json()["questions"]
    assert question["choices"][0] == "utf-8"
    assert question["damaged"] == {"bytes": "1", "lines": "1"}
    client.post(place("answers", damaged), {"encoding": "utf-8"})
    answers = {"encoding": "utf-8", "column:Customer ID": "customer_key", "column:Name": "name",
               "column:Customer Type": "kind", "column:Country": "country"}  # fmt: skip
    client.post(place("answers", damaged), answers)
    with system_context("a test looks"):
        damaged.refresh_from_db()
    damaged = advance(damaged, world.company.access("data_steward"), at=NOON, confirmed=True)
    with system_context("a test looks"):
        assert (damaged.state, damaged.read) == (Run.State.DONE, 501), damaged.questions
        assert (damaged.accepted, damaged.rejected) == (500, 1)
        assert RejectedRow.objects.get(run=damaged).code == "invalid_bytes"
