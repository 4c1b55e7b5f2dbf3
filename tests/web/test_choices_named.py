"""A choice that is not known is refused with the codes that there are: on pages, by the API, by the
command. A label of the product's own is taken for its code, in each of its languages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from clientela.intake.grammar.choices import CUSTOMER_KIND, DOCUMENT_KIND, parse_choice
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.constants import demand_constants
from clientela.intake.mapping.model import Mapping
from clientela.intake.models import Run
from clientela.kernel.reasons import Invalid
from clientela.web import words
from clientela.web.import_words import CHOICES
from tests.web.test_imports import again, place, run_of
from tests.web.world import World

SALES = (
    "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Customer Name,Currency\n"
    "1,P1,2,5.00,2026-03-01,C1,María López,EUR\n2,P1,1,5.00,2026-03-02,C2,Ana Gil,EUR\n"
)
CUSTOMERS, KINDS_OF_ROWS = "company, person", "customers, products, sales_lines, invoices, payments"


def kinds(text: str) -> set[str]:
    return {one.strip() for one in text.split(",")}


def sent(world: World, **more: str):
    body = {
        "new_source": "till", "node": world.objects["madrid"], "settlement": "unknown",
        "file": SimpleUploadedFile("sales.csv", SALES.encode()), **more,
    }  # fmt: skip
    return world.client("data_steward").post("/imports/new", body)


def uploaded(world: World, **more: str):
    body = {"file": SimpleUploadedFile("s.csv", SALES.encode()), "source": "till", **more}
    headers = {"Idempotency-Key": f"key-{len(more)}-{sorted(more.values())}"[:60]}
    return world.client("data_steward").post("/api/v1/imports", body, headers=headers)


class TestOfCustomers:
    def test_is_refused_by_the_api_with_the_codes(self, world: World):
        answer = uploaded(world, kind="sales_lines", settings="customer_kind=Firma")
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert reason["code"] == "constant_not_offered"
        assert reason["params"] == {"field": "customer_kind", "known": CUSTOMERS}
        assert CUSTOMERS in reason["text"]

    def test_is_refused_on_the_page_with_the_codes(self, world: World, settings):
        settings.AFTER_IMPORT = ()
        run: Run = run_of(sent(world, kind="sales_lines"))
        body = {"set:customer_kind": "Firma", "kind": "sales_lines"}
        text = world.client("data_steward").post(place("answers", run), body).content.decode()
        assert f"is one of: {CUSTOMERS}." in text
        assert again(run).state == "needs_answers"

    @pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
    def test_is_taken_by_its_label(self, language: str):
        with translation.override(language):
            for table, known in ((words.KINDS, CUSTOMER_KIND), (CHOICES, CUSTOMER_KIND),
                                 (words.INVOICES, DOCUMENT_KIND)):  # fmt: skip
                for code in dict.fromkeys(known.values()):
                    assert parse_choice(str(table[code]), known) == code

    def test_is_refused_in_a_new_file_with_the_codes(self, world: World):
        body = {"kind": "Firma", "branch": "madrid", "attributes": {"name": "Bar Luz"}}
        answer = world.client("data_steward").post(
            "/api/v1/customers", json.dumps(body), content_type="application/json",
            headers={"Idempotency-Key": "a-customer"},
        )  # fmt: skip
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], reason["params"]["known"]) == ("customer_kind_unknown", CUSTOMERS)
        assert CUSTOMERS in reason["text"]


class TestOfRows:
    def test_is_refused_by_the_api_with_the_codes(self, world: World):
        answer = uploaded(world, kind="Sales")
        assert answer.status_code == 422
        (reason,) = answer.json()["reasons"]
        assert (reason["code"], kinds(reason["params"]["known"])) == (
            "unknown_kind", kinds(KINDS_OF_ROWS),
        )  # fmt: skip
        assert "sales_lines" in reason["text"]

    def test_is_refused_on_the_page_with_the_codes(self, world: World):
        text = sent(world, kind="Sales").content.decode()
        assert "There is no such kind of rows: Sales" in text
        assert "sales_lines" in text


class TestOfDocuments:
    def test_by_their_first_letters_are_held_against_the_codes(self):
        with pytest.raises(Invalid) as refused:
            Mapping(kind="sales_lines").with_setting("document_kind=C:dragon")
        (why,) = refused.value.reasons
        assert why.code == "constant_not_offered"
        assert why.params["known"] == "invoice, credit_note, adjustment"

    def test_by_their_first_letters_are_kept_by_their_code(self):
        found = Mapping(kind="sales_lines").with_setting("document_kind=C:Credit note,A:ajuste")
        assert found.prefixes == {"C": "credit_note", "A": "adjustment"}

    def test_of_all_rows_are_held_against_the_codes(self):
        mapping = Mapping(kind="sales_lines", constants={"document_kind": "dragon"})
        with pytest.raises(Invalid) as refused:
            demand_constants([KINDS["sales_lines"]], mapping)
        assert refused.value.reasons[0].params["known"] == "invoice, credit_note, adjustment"
