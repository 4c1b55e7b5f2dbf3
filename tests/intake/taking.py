"""One file into a till, from its text to the end of its run."""

from pathlib import Path

from clientela.intake.models import Run
from clientela.intake.selectors import report_of
from clientela.store.context import system_context
from tests.intake.giving import company_with_a_till, giver

HEAD = "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Currency\n"


def taken(folder: Path, content: str, kind: str = "sales_lines", **said: object) -> Run:
    """Return the run of a file with this content, loaded into a company of its own."""
    give = giver(company_with_a_till(), folder, kind=kind, source="till")
    return give(content, **said)


def flag(run: Run, code: str) -> dict[str, object]:
    """Return what the report says under one flag; nothing where it says nothing."""
    with system_context("a test looks"):
        flagged = report_of(run).as_json()["flagged"]
    return next((one for one in flagged if one["code"] == code), {})
