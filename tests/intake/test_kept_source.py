"""The source of what people type takes no file: its records are known by numbers of our own."""

from pathlib import Path

import pytest

from clientela.intake.models import Mapping, Run
from clientela.intake.services import advance, receive_file, save_mapping
from clientela.kernel.reasons import Invalid
from clientela.records.models import Customer, Source, SourceRecord
from clientela.records.services import (
    add_customer,
    add_source,
    correct_customer,
    ensure_source,
    source_for_import,
    source_to_be,
)
from clientela.records.services.sources import DESK
from clientela.store.context import system_context
from tests.factories import NOON, Company, make_company
from tests.factories import add_customer as told_of
from tests.factories import give as give_role

FILE = "Customer ID,Name,Customer type\ncustomer:{},Evil Ltd,company\n"
NAMES = ["desk", "Desk", " DESK ", "ｄｅｓｋ"]


@pytest.fixture
def company(db) -> Company:
    company = make_company()
    with system_context("a steward of the group for a test"):
        give_role(company.users["executive"], "data_steward", company.nodes["group"])
    return company


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.code for one in refused.value.reasons]


@pytest.mark.parametrize("there", [False, True], ids=["to be", "there"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["executive", "data_steward"])
class TestTheNameOfTheDesk:
    def test_is_refused_for_any_source_of_files(
        self, company: Company, who: str, name: str, there: bool
    ) -> None:
        access, node = company.access(who), company.nodes["madrid"].pk
        with system_context("a test"):
            if there:
                ensure_source(DESK, at=NOON, by="test")
            for refuses in (
                lambda: source_for_import(access=access, name=name, at=NOON),
                lambda: source_for_import(access=access, name=name, at=NOON, trial=True),
                lambda: source_to_be(access=access, name=name, node_id=node),
                lambda: add_source(access=access, name=name, node_id=node, at=NOON),
            ):
                with pytest.raises(Invalid) as refused:
                    refuses()
                assert codes(refused) == ["source_name_kept"]
            assert Source.objects.count() == there


class TestTheDesk:
    @pytest.mark.parametrize("dry_run", [False, True])
    def test_takes_no_file(self, company: Company, tmp_path: Path, dry_run: bool) -> None:
        path = tmp_path / "desk.csv"
        path.write_text(FILE.format(1), "utf-8")
        access = company.access("executive")
        with system_context("a test"):
            desk = ensure_source(DESK, at=NOON, by="test")
            with pytest.raises(Invalid) as refused:
                receive_file(
                    access=access, source=desk, path=path, name=path.name, at=NOON,
                    kind="customers", take_sure=True, dry_run=dry_run,
                )  # fmt: skip
            assert codes(refused) == ["source_name_kept"]
            assert Run.objects.count() == 0

    def test_goes_on_with_no_file_that_an_older_release_took(
        self, company: Company, tmp_path: Path
    ) -> None:
        path = tmp_path / "desk.csv"
        path.write_text(FILE.format(1), "utf-8")
        access = company.access("executive")
        with system_context("a test"):
            till = add_source(
                access=access, name="till", node_id=company.nodes["group"].pk, at=NOON
            )
            run, _ = receive_file(
                access=access, source=till, path=path, name=path.name, at=NOON, kind="customers",
                take_sure=True,
            )  # fmt: skip
            run.source = ensure_source(DESK, at=NOON, by="test")
            run.save()
            with pytest.raises(Invalid):
                save_mapping(access=access, public_id=str(run.public_id), name="desk", at=NOON)
            assert Mapping.objects.count() == 0
        with pytest.raises(Invalid) as refused:
            advance(run, access, at=NOON, confirmed=True)
        assert codes(refused) == ["source_name_kept"]
        with system_context("a test looks"):
            assert Run.objects.get().state == "failed"
            assert not SourceRecord.objects.exists()

    def test_takes_what_people_type(self, company: Company) -> None:
        access = company.access("data_steward")
        told_of(company, node="madrid", name="Mar")
        with system_context("a test"):
            added = add_customer(
                access=access, kind="company", attributes={"name": "Luz"}, at=NOON,
                node_id=company.nodes["madrid"].pk,
            )  # fmt: skip
            correct_customer(
                access=access, public_id=str(added.public_id), changes={"city": "Lugo"}, at=NOON
            )
            assert Customer.objects.get(pk=added.pk).city == "Lugo"
            assert Source.objects.filter(name=DESK).exists()
