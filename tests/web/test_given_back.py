"""Rejected rows come out, are corrected, and come in again: as text and as a workbook, in every
language, on the page, by the API and by the command."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clientela.intake.kinds.customers import CUSTOMERS
from clientela.intake.mapping.converters import converter_for
from clientela.intake.mapping.model import ColumnRule
from clientela.intake.models import RejectedRow, Run
from clientela.intake.reading.own_columns import NAMES
from clientela.intake.services import receive_file
from clientela.intake.tasks import carry_on
from clientela.records.models import Source
from clientela.security.selectors import access_of
from clientela.store.context import system_context
from clientela.store.spreadsheets import restored
from clientela.trade.models import InvoiceLine
from tests.factories import NOON
from tests.web.test_imports import again, answered, look, place, run_of
from tests.web.world import World

HEADER = ["Ticket", "Goods", "How many", "Each", "When", "Who", "", "Remark"]
ROWS = [
    ["T1", "Tea", "2", "10,50", "03/04/2026", "C1", "x", "plain"],
    ["T2", "=1+1", "many", "1.234,50", "05/04/2026", "C2", "", '5" pipe; "q"'],
    ["T3", "'=kept", "3", "7,00", "31/04/2026", "C3", "y", "two\nlines"],
    ["T4", "-x", "1", "#REF!", "06/04/2026", "C4", "", "a\tb"],
]
BOOK = [*HEADER[:6], "Remark"]
ANSWERS = {
    "column:Ticket": "document_number", "column:Goods": "product_name",
    "column:How many": "quantity", "column:Each": "unit_price", "column:When": "issued_on",
    "column:Who": "customer_key", "column:Remark": "ignore", "set:currency": "EUR",
    "empty_header:7": "ignore", "dates:When": "dmy", "numbers:Each": "decimal_comma_grouped_point",
    "kind": "sales_lines",
}  # fmt: skip
CORRECTED = {(1, 2): "4", (2, 4): "30/04/2026", (3, 3): "8,25"}  # row of ROWS, column
LANGUAGES = list(NAMES)


@pytest.fixture
def world(world: World, settings: Any) -> World:
    settings.AFTER_IMPORT = ()
    return world


def speak(world: World, language: str) -> None:
    with look():
        user = world.company.users["data_steward"]
        user.language = language
        user.save(update_fields=["language"])


def as_text() -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([HEADER, *ROWS])
    return out.getvalue().encode("cp1252")


def post(world: World, name: str, content: bytes, **more: str) -> Run:
    body: dict[str, object] = {"file": SimpleUploadedFile(name, content), **more}
    with look():
        known = Source.objects.filter(name="till").exists()
    new = {"new_source": "till", "node": world.objects["madrid"]}
    body |= {"source": "till"} if known else new
    return run_of(world.client("data_steward").post("/imports/new", body))


def loaded(world: World, run: Run) -> Run:
    carry_on(run.pk, False)
    with look():
        Run.objects.filter(pk=run.pk).update(state="loading")
    carry_on(run.pk, True)
    return again(run)


def first_import(world: World, name: str, content: bytes, answers: dict[str, str]) -> Run:
    run = answered(world, post(world, name, content), answers)
    run = run if run.state == "received" else answered(world, run, answers)
    assert run.questions == []
    return loaded(world, run)


def download(world: World, run: Run) -> tuple[str, bytes]:
    answer = world.client("data_steward").post(place("download", run))
    assert answer.status_code == 200
    name = answer["Content-Disposition"].rpartition('filename="')[2].rstrip('"')
    return name, b"".join(answer)


def cells_of(content: bytes) -> list[list[str]]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=";"))


def written(rows: list[list[str]], *, encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode(encoding)


def corrected(content: bytes) -> bytes:
    rows = cells_of(content)
    for (row, column), value in CORRECTED.items():
        rows[row][column + 2] = value
    return written(rows)


def lines() -> dict[str, tuple[object, ...]]:
    with look():
        found = InvoiceLine.objects.filter(invoice__source__name="till")
        return {
            one.invoice.number: (one.product.name, one.quantity, one.unit_price, one.issued_on)
            for one in found.select_related("invoice", "product")
        }


def codes(run: Run) -> list[str]:
    with look():
        found = RejectedRow.objects.filter(run=run).order_by("row_no")
        return list(found.values_list("code", flat=True))


class TestText:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_comes_in_again_without_a_question(self, world: World, language: str) -> None:
        speak(world, language)
        run = first_import(world, "sales.csv", as_text(), ANSWERS)
        assert (run.accepted, codes(run)) == (1, ["not_a_number", "no_such_day", "error_cell"])
        name, content = download(world, run)
        assert name.endswith(".csv")
        header, *rows = cells_of(content)
        assert header == [*NAMES[language], *HEADER]
        assert [row[0] for row in rows] == ["3", "4", "6"]  # lines of the file, one has two
        assert [row[1].partition(": ")[0] for row in rows] == ["How many", "When", "Each"]
        assert [[restored(c) for c in row[2:]] for row in rows] == [
            [restored(cell) for cell in row] for row in ROWS[1:]
        ]
        other = post(world, "any-name.csv", corrected(content))
        assert (other.questions, other.state, other.kind) == ([], "received", "sales_lines")
        other = loaded(world, other)
        assert (other.accepted, other.rejected, other.skipped) == (3, 0, 0)
        found = lines()
        assert found.keys() == {"T1", "T2", "T3", "T4"}
        assert found["T2"][:3] == ("=1+1", 4, Decimal("1234.50"))
        assert found["T3"][0] == "=kept"
        assert found["T3"][3] == date(2026, 4, 30)
        assert found["T4"][0] == "-x"

    def test_left_as_it_is_is_refused_again_for_the_same_reasons(self, world: World) -> None:
        run = first_import(world, "sales.csv", as_text(), ANSWERS)
        other = loaded(world, post(world, "again.csv", download(world, run)[1]))
        assert (other.accepted, codes(other)) == (0, codes(run))
        header, *rows = cells_of(download(world, other)[1])  # once more: columns stand there once
        assert header == [*NAMES["en"], *HEADER]
        third = post(world, "third.csv", corrected(written([header, *rows])))
        assert third.questions == []
        assert loaded(world, third).accepted == 3

    def test_saved_by_another_spreadsheet_in_its_own_encoding_comes_in(self, world: World) -> None:
        speak(world, "es")
        run = first_import(world, "sales.csv", as_text(), ANSWERS)
        rows = cells_of(corrected(download(world, run)[1]))
        other = post(world, "excel.csv", written(rows, encoding="cp1252"))
        assert other.questions == []
        assert loaded(world, other).accepted == 3

    def test_of_another_source_is_asked_about_but_not_about_our_columns(self, world: World) -> None:
        run = first_import(world, "sales.csv", as_text(), ANSWERS)
        content = corrected(download(world, run)[1])
        file = SimpleUploadedFile("sales.csv", content)
        body = {"file": file, "new_source": "other", "node": world.objects["madrid"],
                "kind": "sales_lines"}  # fmt: skip
        other = run_of(world.client("data_steward").post("/imports/new", body))
        asked = {q["column"] for q in other.questions}
        assert "Ticket" in asked
        assert asked.isdisjoint(NAMES["en"])
        page = world.client("data_steward").get(place("run", other)).content.decode()
        assert 'name="column:Ticket"' in page
        assert 'name="column:Rejected line"' not in page

    def test_comes_in_by_the_command_as_well(self, world: World, tmp_path: Path) -> None:
        run = first_import(world, "sales.csv", as_text(), ANSWERS)
        path = tmp_path / "corrected.csv"
        path.write_bytes(corrected(download(world, run)[1]))
        user = world.company.users["data_steward"]
        with system_context("a test imports"):
            source = Source.objects.get(name="till")
            access = access_of(user, at=NOON)
            other, new = receive_file(
                access=access, source=source, path=path, name=path.name, at=NOON
            )
        assert (new, other.questions) == (True, [])


def book() -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    page.append(BOOK)
    page.append(["T1", "Tea", 2, 1.234, date(2026, 4, 3), "C1", "plain"])
    page.append(["T2", "=1+1", "many", 1234.5, date(2026, 4, 5), 1002, 'a\tb "c"'])
    page.append(["T3", "Cup", 3, "#N/A", date(2026, 4, 6), "C3", "two\nlines"])
    page.append(["T4", "Pot", 1, 12345678901234567890, date(2026, 4, 6), "C4", None])
    page["B3"].data_type = "s"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class TestWorkbook:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_comes_in_again_with_its_types(self, world: World, language: str) -> None:
        speak(world, language)
        answers = {k: v for k, v in ANSWERS.items() if not k.startswith(("numbers", "empty"))}
        run = first_import(world, "sales.xlsx", book(), answers)
        assert codes(run) == ["not_a_number", "error_cell", "precision_lost"]
        name, content = download(world, run)
        assert name.endswith(".xlsx")
        made = openpyxl.load_workbook(io.BytesIO(content))
        page = made.active
        rows = [[cell.value for cell in row] for row in page.iter_rows()]
        assert rows[0] == [*NAMES[language], *BOOK]
        assert [row[0] for row in rows[1:]] == [3, 4, 5]
        assert rows[1][2:5] == ["T2", "'=1+1", "many"]
        assert rows[1][5] == 1234.5
        assert rows[1][6].date() == date(2026, 4, 5)
        assert rows[1][7:] == [1002, 'a\tb "c"']
        assert (rows[2][5], page["F3"].data_type) == ("#N/A", "e")
        assert rows[2][8] == "two\nlines"
        assert rows[3][5] == "#NUM! 12345678901234600000"
        left = loaded(world, post(world, "left.xlsx", content))
        assert (left.accepted, codes(left)) == (0, ["not_a_number", "error_cell", "error_cell"])
        page["E2"], page["F3"], page["F4"] = 4, 1.234, 9
        out = io.BytesIO()
        made.save(out)
        other = post(world, "corrected.xlsx", out.getvalue())
        assert other.questions == []
        assert loaded(world, other).accepted == 3
        found = lines()
        assert found["T2"][:3] == ("=1+1", 4, Decimal("1234.5"))
        assert found["T3"][2] == found["T1"][2] == Decimal("1.234")


class TestEverySpreadsheetError:
    @pytest.mark.parametrize("text", ["#N/A", "#N/D", "#REF!", "#¡REF!", "#DIV/0!", "#¡VALOR!",
                                      "#¿NOMBRE?", " #NUM! ", "#NUM! 123"])  # fmt: skip
    def test_is_refused_as_a_name(self, text: str) -> None:
        converter = converter_for(CUSTOMERS.field("name"), ColumnRule(), currency=None)
        assert converter.convert([text, "#1 Shop", "#N/AVY"]) == [None, "#1 Shop", "#N/AVY"]
        assert [why.code for _, why in converter.bad([text])] == ["error_cell"]
