"""Staged rows under the key of their run: they open where they stand, and nowhere else."""

import json
import os
from datetime import timedelta

import pytest

from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import advance, receive_file, staging
from clientela.intake.services.at_rest import RowSeal
from clientela.records.models import Customer, Source
from clientela.records.selectors import file_of
from clientela.records.services.sources import make_source
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.store.sealing import SealBroken
from tests.factories import NOON, make_company

KEY = os.urandom(32)
SAID = {"name": "Ana Gil", "phone": "+34600123321", "city": "Toledo", "tags": ["a", "b"]}
HEADER = "Customer No,Kind,Name,Country,Phone\n"
ROWS = (
    "P-1,person,Ana Gil,ES,+34 600 123 321\n"
    "P-1,person,Ana Gil,ES,+34 600 123 321\n"
    "P-2,person,Eva Paz,ES,+34 600 123 322\n"
    "P-2,person,Eva Paz,ES,+34 600 123 323\n"
)
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def run(db, tmp_path):
    company = make_company()
    path = tmp_path / "people.csv"
    path.write_text(HEADER + ROWS)
    with system_context("a file for a test"):
        make_source(
            name="till", node_id=company.nodes["madrid"].pk, at=NOON, by="test",
            settlement="unknown",
        )  # fmt: skip
        run, _ = receive_file(
            access=company.access("data_steward"), source=Source.objects.get(name="till"),
            path=path, name=path.name, at=NOON, kind="customers", take_sure=True,
        )  # fmt: skip
    assert run.questions == []
    return company, run


class TestRow:
    def test_opens_where_it_was_sealed_and_nowhere_else(self):
        seal = RowSeal(7, KEY)
        kept = seal.shut(3, "raw", b"plain")
        assert b"plain" not in kept
        assert seal.opened(3, "raw", kept) == b"plain"
        for wrong, row, column, cipher in [
            (seal, 4, "raw", kept), (seal, 3, "said", kept), (RowSeal(8, KEY), 3, "raw", kept),
            (RowSeal(7, os.urandom(32)), 3, "raw", kept), (seal, 3, "raw", kept[:-1] + b"\0\0"),
            (seal, 3, "raw", b""),
        ]:  # fmt: skip
            with pytest.raises(SealBroken):
                wrong.opened(row, column, cipher)

    def test_is_another_cipher_each_time(self):
        seal = RowSeal(7, KEY)
        assert seal.shut(3, "raw", b"plain") != seal.shut(3, "raw", b"plain")

    def test_shows_the_name_and_compares_the_rest(self):
        seal = RowSeal(7, KEY)
        shown, sealed = seal.said(3, SAID)
        assert "Ana Gil" in shown
        assert "600123321" not in shown
        assert "Toledo" not in shown
        again, _ = seal.said(4, dict(reversed(SAID.items())))
        assert shown == again
        assert shown != seal.said(3, SAID | {"phone": "+34600123322"})[0]
        assert shown != RowSeal(7, os.urandom(32)).said(3, SAID)[0]
        assert sealed is not None

    def test_gives_back_what_was_said_and_a_name_that_was_taken_away_stays_away(self):
        seal = RowSeal(7, KEY)
        shown, sealed = seal.said(3, SAID)
        assert seal.attributes(3, json.loads(shown), sealed) == SAID
        nameless = {key: value for key, value in json.loads(shown).items() if key != "name"}
        assert "name" not in seal.attributes(3, nameless, sealed)
        shown, sealed = seal.said(3, {"city": "Toledo"})
        assert seal.attributes(3, json.loads(shown), sealed) == {"city": "Toledo"}


class TestRun:
    @pytest.mark.parametrize("older", [False, True])
    def test_begun_by_an_older_release_is_loaded_as_it_is(self, run, monkeypatch, older):
        company, run = run
        access = company.access("data_steward")
        if older:  # it knew no key: its rows are plain
            monkeypatch.setattr(staging, "begin_seal", lambda run: RowSeal(run.pk, None))
        run = advance(run, access, at=SOON, confirmed=False)
        assert (run.state, run.staging_key is None) == ("ready", older)
        plain = fetch("select count(*) from staging.customer where attributes ? 'phone'")
        assert plain == [(4 if older else 0,)]
        with system_context("a test reads the run"):
            run = Run.objects.get(pk=run.pk)
        run = advance(run, access, at=SOON, confirmed=True)
        assert (run.state, run.accepted, run.rejected, run.flagged["codes"]) == (
            "done", 2, 2, {"row_repeated": 1},
        )  # fmt: skip
        with system_context("a test looks"):
            facts = file_of(access, Customer.objects.get(), true_on=SOON.date(), known_on=SOON)
            assert {"name", "phone", "country"} <= {fact.key for fact in facts}
            assert {row.code for row in RejectedRow.objects.filter(run=run)} == {"key_given_twice"}
            given = rejected_as_given(access, str(run.public_id), at=SOON)
            assert [row.cells[4] for row in given.rows] == ["+34 600 123 322", "+34 600 123 323"]
