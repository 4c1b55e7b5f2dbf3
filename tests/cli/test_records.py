"""`clientela records show` and `log`: the file of a customer as of then, and what it follows from."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from clientela.cli import ledger
from clientela.cli.main import app
from clientela.records.models import Customer, Retraction, Source, TrustRule
from clientela.records.services import correct_customer
from clientela.security.models import Grant, OrgNode
from clientela.store.context import system_context
from tests.factories import NOON, add_customer, make_company

THEN, BEFORE = NOON - timedelta(days=60), NOON - timedelta(days=300)
PERSON = {"sex": "female", "age_band": "35-44", "phone": "+34600111222", "city": "Madrid"}


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


@pytest.fixture
def told(fresh_database):
    """Return a function: what the log of a customer prints to a role, and what it says was stated."""
    company = make_company()
    app.add_typer(ledger.app, name="records")

    def told(role, kind, **facts):
        with system_context("a customer for a test"):
            pk = add_customer(company, node="madrid", kind=kind, name="Ana", **facts)
            ident = str(Customer.objects.get(pk=pk).public_id)
        printed = CliRunner().invoke(app, ["records", "log", "--customer", ident, "--as", role])
        entries = [json.loads(line) for line in printed.stdout.splitlines()]
        assert {"link", "version", "trust"} <= {one["what"] for one in entries}
        (version,) = (one for one in entries if one["what"] == "version")
        return printed.stdout, version["attributes"]

    return told


class TestLog:
    @pytest.mark.parametrize("role", ["marketing", "data_steward", "auditor"])
    def test_masks_of_a_person_what_the_file_masks(self, told, role):
        printed, stated = told(role, "person", **PERSON)
        assert stated["city"] == "Madrid"
        masks = {name: stated[name] for name in ("sex", "age_band", "phone")}
        assert masks == {"sex": "***", "age_band": "***", "phone": "346****1222"}
        assert not any(word in printed for word in ("female", "35-44", "digest"))

    def test_names_no_source_and_no_import_that_told_nothing_of_the_customer(self, told):
        with system_context("another source, trusted and taken back"):
            other = Source.objects.create(
                name="secret-shop", title="Secret shop", org_node=OrgNode.objects.first(),
                created_at=NOON, created_by="a test",
            )  # fmt: skip
            TrustRule.objects.create(source=other, trust=50, set_at=NOON, set_by="a test")
            Retraction.objects.create(run_id=987654, at=NOON, by="a test")
        printed, _ = told("data_steward", "company")
        assert "secret-shop" not in printed
        assert "987654" not in printed

    def test_states_of_a_company_what_is_kept(self, told):
        _, stated = told("marketing", "company", city="Madrid", phone="+34911222333", website=None)
        said = {name: stated[name] for name in ("city", "phone", "website")}
        assert said == {"city": "Madrid", "phone": "+34911222333", "website": None}


class TestRebuild:
    def test_is_of_who_reaches_every_customer(self, fresh_database):
        company = make_company()
        with system_context("a customer for a test"):
            add_customer(company, node="madrid", name="Aceros S.A.")
        app.add_typer(ledger.app, name="records")

        def check(node):
            with system_context("a steward moves"):
                held = Grant.objects.filter(user=company.users["data_steward"])
                held.update(node=company.nodes[node])
            words = ["records", "rebuild", "--check", "--format", "json", "--as", "data_steward"]
            return CliRunner().invoke(app, words)

        refused, told = check("madrid"), check("group")
        assert refused.exit_code == 4
        assert "customers" not in refused.stdout
        assert json.loads(told.stdout)["customers"] == 1
