"""What the page and the API ask, say and show of the customers that a file names."""

import pytest
from django.db import transaction

from clientela.intake.tasks import carry_on
from clientela.records.models import Customer
from clientela.security.models import User
from clientela.store.context import system_context
from tests.web.test_imports import again, answered, place, run_of, send, text
from tests.web.world import World

SALES = (
    "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Customer Name,Currency\n"
    "1,P1,2,5.00,2026-03-01,C1,Marta Soler,EUR\n2,P1,1,5.00,2026-03-02,C2,Aceros S.L.,EUR\n"
)
PEOPLE = "Customer ID,Name,Type\nC1,Marta Soler,person\nC2,Aceros S.L.,company\n"
RENAMED = "Customer ID,Name,Type\nC1,Ana Soler,person\nC3,Luz S.L.,company\nc2,Sol S.L.,company\n"


@pytest.fixture
def world(world: World, settings) -> World:
    settings.AFTER_IMPORT = ()  # a second import would ask twice for what one transaction holds
    return world


def taken(world: World, run, **answers: str):
    """Answer on the page with all sure suggestions taken; return the run as it then stands."""
    with transaction.atomic():
        return answered(world, run, {"take_sure": "1", **answers})


def finished(world: World, run):
    carry_on(run.pk, False)
    run = again(run)
    if run.state == "ready":
        assert world.client("data_steward").post(place("confirm", run)).status_code == 302
        carry_on(run.pk, True)
    return again(run)


def names_in_the_books() -> dict[str, str]:
    with system_context("a test looks"):
        found = Customer.objects.filter(name__contains="S").exclude(name__startswith="Name")
        return dict(found.values_list("name", "kind"))


class TestSalesThatNameTheirCustomers:
    def test_are_asked_for_their_kind_on_the_page(self, world: World) -> None:
        run = taken(world, run_of(send(world, SALES, kind="sales_lines")))
        page = text(world, run)
        assert "Are the customers in Customer Name companies or persons?" in page
        assert 'name="set:customer_kind" value="person"' in page
        assert 'name="set:customer_kind" value="company"' in page
        run = finished(world, taken(world, run, **{"set:customer_kind": "person"}))
        assert run.state == "done"
        assert names_in_the_books() == {"Marta Soler": "person", "Aceros S.L.": "person"}

    def test_show_what_was_set_while_anything_is_asked(self, world: World) -> None:
        run = run_of(send(world, SALES, kind="sales_lines"))
        run = answered(world, run, {"set:customer_kind": "company"})
        assert run.questions
        page = text(world, run)
        assert '<select class="form-select" id="c-customer_kind" name="set:customer_kind">' in page
        assert '<option value="company" selected>Companies</option>' in page

    @pytest.mark.parametrize(
        ("language", "chosen", "other"),
        [
            ("en", "Persons", "Companies"),
            ("zh-hans", "个人", "公司"),
            ("es", "Personas", "Empresas"),
        ],
    )
    @pytest.mark.parametrize("said", ["person", "个人"])
    def test_show_the_chosen_kind_in_words(self, world, language, chosen, other, said) -> None:
        run = run_of(send(world, SALES, kind="sales_lines"))
        run = answered(world, run, {"set:customer_kind": said})
        with system_context("a test chooses a language"):
            User.objects.filter(username="data_steward").update(language=language)
        page = text(world, run)
        assert f'<option value="person" selected>{chosen}</option>' in page
        assert f'<option value="company">{other}</option>' in page
        assert 'name="set:customer_kind" value=' not in page


class TestNamesThatWouldBeWrittenOver:
    def test_are_asked_about_on_the_page_and_told_with_their_rows(self, world: World) -> None:
        finished(world, taken(world, run_of(send(world, PEOPLE, kind="customers"))))
        run = taken(world, run_of(send(world, RENAMED, kind="customers", name="new.csv")))
        run = finished(world, run)
        assert run.state == "needs_answers"
        page = text(world, run)
        assert "comes with another name (rows: 1, the first is row 1)" in page
        assert 'name="names:changed" value="keep"' in page
        assert "What each column is" not in page  # it was read as settled before
        client = world.client("data_steward")
        other = client.post(place("answers", run), {"column:Name": "city"})
        assert other.status_code == 422
        assert "The rows were read as settled before." in other.content.decode()
        wrong = client.post(place("answers", run), {"names:changed": "perhaps"})
        assert wrong.status_code == 422
        run = finished(world, taken(world, run, **{"names:changed": "keep"}))
        assert run.state == "done"
        assert names_in_the_books() == {
            "Marta Soler": "person", "Aceros S.L.": "company", "Luz S.L.": "company",
        }  # fmt: skip
        page = text(world, run)
        assert "A known customer number under another name" in page
        assert "Row 1, Customer ID: C1" in page
        assert "But for case or width this customer number is C2." in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "only Latin letters without accents (a to z)"), ("zh-hans", "只能使用拉丁字母"),
     ("es", "solo lleva letras latinas sin acentos")],
)  # fmt: skip
def test_a_source_in_another_script_is_refused_with_the_letters_it_may_have(
    world: World, language: str, said: str
) -> None:
    with system_context("a test chooses a language"):
        User.objects.filter(username="data_steward").update(language=language)
    answer = send(world, SALES, new_source="门店")
    assert answer.status_code == 422
    assert said in answer.content.decode()
