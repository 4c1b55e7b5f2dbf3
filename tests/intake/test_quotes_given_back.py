"""A row with a quotation mark in a wrong place is given back as it stood, mark for mark, so that
nobody's file is read otherwise the second time than the first."""

from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation

from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors.given_back import write_rejected
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import advance, receive_file
from clientela.records.services import source_for_import
from clientela.store.context import system_context
from tests.factories import NOON, Company
from tests.intake.giving import company_with_a_till

HEAD = "Customer ID,Name,City,Type"
SOUND = [f"C{n},Tea {n},León,company" for n in range(9)]
OPEN = ['D1,"Dos,Madrid,company', "D2,Tres,Jerez,company", 'D3,the ""best"" one,Ávila,company']
MALFORMED = 'E1,"Five" and more,Madrid,company'
TWO_LINES = ['E2,"Six', 'lines" and more,Madrid,company']
# What stands wrong -> lines of the file behind the sound ones, and the reasons of its rows.
CASES = {
    "never-closed": (OPEN, ["quote_not_closed"] * 3),
    "text-behind-the-closing-one": ([MALFORMED, *SOUND[:2]], ["quote_malformed"]),
    "the-same-over-two-lines": ([*TWO_LINES, SOUND[0]], ["quote_malformed"]),
    "both": ([MALFORMED, *TWO_LINES, *OPEN], ["quote_malformed"] * 2 + ["quote_not_closed"] * 3),
}


@pytest.fixture
def company(db) -> Company:
    return company_with_a_till()


@pytest.fixture
def bring(company, tmp_path: Path):
    """Return a function: the run of a file of customers, loaded."""

    def load(content: bytes, name: str = "customers.csv") -> Run:
        path = tmp_path / name
        path.write_bytes(content)
        access = company.access("data_steward")
        with system_context("a file for a test"):
            source = source_for_import(access=access, name="till", at=NOON)
            run, _ = receive_file(
                access=access, source=source, path=path, name=name, at=NOON, kind="customers",
                take_sure=True,
            )  # fmt: skip
        assert run.questions == []
        return advance(run, access, at=NOON, confirmed=True)

    return load


def file_of(lines: list[str], mark: str = ",") -> bytes:
    return "".join(line.replace(",", mark) + "\n" for line in (HEAD, *SOUND, *lines)).encode()


def given_back(company: Company, run: Run) -> bytes:
    out = BytesIO()
    with system_context("a test takes the rejected rows"):
        write_rejected(
            out, rejected_as_given(company.access("data_steward"), str(run.public_id), at=NOON)
        )
    return out.getvalue()


def reasons(run: Run) -> list[str]:
    with system_context("a test looks"):
        found = RejectedRow.objects.filter(run=run).order_by("row_no")
        return list(found.values_list("code", flat=True))


@pytest.mark.parametrize(("mark", "language"), [(",", "en"), (";", "es"), ("\t", "zh-hans")])
@pytest.mark.parametrize("case", sorted(CASES))
def test_untouched_it_is_refused_again_for_the_same_reasons(company, bring, case, mark, language):
    lines, expected = CASES[case]
    run = bring(file_of(lines, mark))
    assert reasons(run) == expected
    with translation.override(language):
        out = given_back(company, run)
    wrong = [line.replace(",", mark) for line in lines if line not in SOUND]
    text = out.decode("utf-8-sig").replace("\r\n", "\n")
    for line in wrong:
        assert f"{line}\n" in text
    again = bring(out, "again.csv")
    assert (again.accepted, reasons(again)) == (0, expected)
    with translation.override(language):
        third = given_back(company, again).decode("utf-8-sig")
    behind = [line.split(mark, 2)[2] for line in third.splitlines() if line[:1].isdigit()]
    first = [line.split(mark, 2)[2] for line in text.splitlines() if line[:1].isdigit()]
    assert behind == first  # our columns stand there once, however often it comes


def test_what_a_spreadsheet_would_run_has_an_apostrophe_before_it(company, bring):
    active = 'E1,=1+1,"@x" and more,"+4",-5,""=2'
    run = bring(file_of([active]))
    assert reasons(run) == ["quote_malformed"]
    text = given_back(company, run).decode("utf-8-sig")
    assert """E1,'=1+1,"'@x" and more,"'+4",-5,""'=2""" in text
    again = bring(text.encode("utf-8-sig"), "again.csv")
    assert reasons(again) == ["quote_malformed"]
    assert (
        given_back(company, again).decode("utf-8-sig").partition("E1")[2] == text.partition("E1")[2]
    )


def test_mended_it_comes_in(company, bring):
    run = bring(file_of([MALFORMED, *OPEN]))
    text = given_back(company, run).decode("utf-8-sig")
    mended = text.replace('"Five" and more', "Five and more").replace('"Dos', "Dos")
    mended = mended.replace('""best""', "best")
    again = bring(mended.encode("utf-8-sig"), "mended.csv")
    assert (again.accepted, again.rejected) == (4, 0)
