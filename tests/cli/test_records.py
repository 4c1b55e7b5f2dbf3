"""`clientela records show`: the file of a customer as of then, its name too."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from clientela.cli import ledger
from clientela.cli.main import app
from clientela.records.models import Customer
from clientela.records.services import correct_customer
from clientela.store.context import system_context
from tests.factories import NOON, add_customer, make_company

THEN, BEFORE = NOON - timedelta(days=60), NOON - timedelta(days=300)


@pytest.fixture
def shown(fresh_database):
    """Return a function: the end of the command over a customer that has another name since."""
    company = make_company()
    with system_context("a customer for a test"):
        pk = add_customer(company, node="madrid", name="Aceros S.A.")
        ident = str(Customer.objects.get(pk=pk).public_id)
        correct_customer(
            access=company.access("data_steward"), public_id=ident,
            changes={"name": "Hierros S.A."}, at=NOON,
        )  # fmt: skip
    app.add_typer(ledger.app, name="records")

    def show(*words):
        return CliRunner().invoke(app, ["records", "show", ident, "--as", "data_steward", *words])

    return show


class TestShow:
    def test_is_headed_by_the_name_of_then(self, shown):
        assert "Hierros S.A." in shown().stdout
        for words in (("--known-on", THEN.isoformat()), ("--true-on", THEN.date().isoformat())):
            told = shown(*words).stdout
            assert ("Aceros S.A." in told, "Hierros" in told) == (True, False), words
            answer = json.loads(shown(*words, "--format", "json").stdout)
            assert answer["name"] == "Aceros S.A."

    def test_says_that_nothing_was_known(self, shown):
        words = ("--known-on", BEFORE.isoformat())
        assert shown(*words).stdout.strip() == "Nothing is known of this customer then."
        answer = json.loads(shown(*words, "--format", "json").stdout)
        assert (answer["name"], answer["facts"]) == (None, [])
