"""A line of names within the rows: of another table, or the header once more."""

import pytest

from tests.intake.importing import import_file

HEADER = "customer_no,name,country"
FIRST = f"{HEADER}\nC1,Aceros,ES\nC2,Brasas,ES\n"
ANSWERS = {"set:kind": "company"}


@pytest.fixture
def brought(tmp_path):
    def bring(content, **more):
        path = tmp_path / "two.csv"
        path.write_text(content, encoding="utf-8")
        return import_file(path, kind="customers", answers=ANSWERS, **more)

    return bring


def outcomes(found):
    return [(row.line_no, row.outcome, row.code) for row in found.aside]


def test_of_another_table_sets_aside_all_below_it(brought):
    found = brought(f"{FIRST}\ninvoice_no,invoice_date,net_amount\nI1,2026-01-01,10.00\n")
    assert (found.questions, found.totals.accepted) == ([], 2)
    assert outcomes(found) == [
        (5, "rejected", "heading_within_rows"), (6, "rejected", "heading_within_rows"),
    ]  # fmt: skip
    assert {row.problems[0].reason.params["line"] for row in found.aside} == {"5"}


def test_goes_on_setting_aside_when_the_file_is_read_from_the_middle(brought):
    content = f"{FIRST}invoice_no,invoice_date,net_amount\nI1,2026-01-01,10.00\n"
    found = brought(content, start_row=4)
    assert outcomes(found) == [(5, "rejected", "heading_within_rows")]


@pytest.mark.parametrize("again", [HEADER, "Customer No,NAME, Country "])
def test_that_repeats_the_header_is_skipped_and_the_rows_go_on(brought, again):
    found = brought(f"{FIRST}{again}\nC3,Cobre,ES\n")
    assert (found.totals.accepted, found.totals.skipped) == (3, 1)
    assert outcomes(found) == [(4, "skipped", "heading_within_rows")]


def test_that_repeats_the_header_ends_another_table(brought):
    content = f"{FIRST}invoice_no,invoice_date,\nI1,2026-01-01,\n{HEADER}\nC3,Cobre,ES\n"
    found = brought(content)
    assert (found.totals.accepted, found.totals.rejected, found.totals.skipped) == (3, 2, 1)


@pytest.mark.parametrize("row", ["C3,Name,ES", "C3,Country,ES", "Name,Aceros,ES", "Country,,"])
def test_is_no_row_that_holds_one_such_word(brought, row):
    found = brought(f"{FIRST}{row}\n")
    assert "heading_within_rows" not in found.aside_codes
