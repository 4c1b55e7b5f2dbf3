"""Taking an import back names the customers that stand because somebody edited them since."""

from datetime import timedelta

import pytest

from clientela.intake.services import advance, receive_file
from clientela.records.models import Customer
from clientela.records.services import correct_customer, source_for_import
from clientela.store.context import system_context
from tests.factories import NOON

FILE = "Customer ID,Name,Customer Type\n" + "".join(
    f"K{n},{'Aceros' if n % 2 else 'María'} {n},{'company' if n % 2 else 'person'}\n"
    for n in range(1, 7)
)
EDITED = ("Aceros 1", "Aceros 3", "María 4")


@pytest.fixture
def run(company, tmp_path):
    """Bring six customers in, and correct three of them at the desk an hour later."""
    access = company.access("data_steward")
    path = tmp_path / "customers.csv"
    path.write_text(FILE, "utf-8")
    with system_context("a file for a test"):
        source = source_for_import(access=access, name="erp", at=NOON)
        run, _ = receive_file(
            access=access, source=source, path=path, name=path.name, at=NOON, kind="customers",
            take_sure=True,
        )  # fmt: skip
    run = advance(run, access, at=NOON, confirmed=True)
    assert (run.state, run.accepted) == ("done", 6)
    with system_context("edits for a test"):
        for name in EDITED:
            found = Customer.objects.get(name=name)
            correct_customer(
                access=access, public_id=str(found.public_id), changes={"city": "Toledo"},
                at=NOON + timedelta(hours=1),
            )  # fmt: skip
    return run


def ids():
    with system_context("a test looks"):
        return {str(Customer.objects.get(name=name).public_id) for name in EDITED}


class TestTakingAnImportBack:
    def test_names_the_customers_that_were_edited_since_and_overwrites_none(self, caller, run):
        steward, edited = caller("data_steward"), ids()
        answer = steward.send("POST", f"/imports/{run.public_id}/take-back", {"reason": "wrong"})
        assert answer.status_code == 200, answer.content
        told = answer.json()["edited"]
        assert told["count"] == 3
        assert {one["id"] for one in told["customers"]} == edited
        # The names came with the import: without it the files go by source and key.
        assert {one["name"] for one in told["customers"]} == {"erp K1", "erp K3", "erp K4"}
        with system_context("a test looks"):
            cities = set(
                Customer.objects.filter(public_id__in=edited).values_list("city", flat=True)
            )
        assert cities == {"Toledo"}
        again = steward.get(f"/imports/{run.public_id}").json()
        assert again["edited"] == told

    def test_names_nobody_where_nobody_was_edited(self, caller, run, company):
        from clientela.intake.selectors.edited import edited_of

        run.started_at = NOON + timedelta(hours=2)  # what was typed before it is no edit of it
        access = company.access("data_steward")
        with system_context("a test looks"):
            assert edited_of(access, run).count == 0
