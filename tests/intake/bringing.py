"""Files of one source that come, are taken back and come again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from clientela.intake.models import Run
from clientela.intake.services import advance, receive_file, take_back
from clientela.records.services import source_for_import
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from tests.factories import NOON, Company

INVOICES = "Invoice No,Invoice Date,Customer ID,Currency,Net amount,Tax amount,Credited invoice\n"
PAYMENTS = "Payment No,Customer ID,Invoice No,Payment Date,Amount,Currency\n"


@dataclass(frozen=True, kw_only=True)
class Row:
    """An invoice, a credit note or a payment, with the invoice that it names, in minor units."""

    number: str
    day: str
    amount: int
    names: str = ""
    currency: str = "EUR"
    of: str = "K1"


def content_of(name: str, rows: list[Row]) -> tuple[str, str]:
    """Return the kind and the text of a file; one whose name begins so is of payments."""
    if name.startswith("payments"):
        lines = [
            f"{r.number},{r.of},{r.names},{r.day},{r.amount / 100:.2f},{r.currency}\n" for r in rows
        ]
        return "payments", PAYMENTS + "".join(lines)
    lines = [
        f"{r.number},{r.day},{r.of},{r.currency},{r.amount / 100:.2f},0,{r.names}\n" for r in rows
    ]
    return "invoices", INVOICES + "".join(lines)


class Books:
    """One source and the files of it, by name: (kind, text)."""

    def __init__(
        self,
        company: Company,
        folder: Path,
        files: Mapping[str, tuple[str, str]],
        source: str = "erp",
    ) -> None:
        self.source = source
        self.access = company.access("data_steward")
        self.folder, self.files, self.at = folder, files, NOON
        self.runs: dict[str, Run] = {}
        self.answers: dict[str, str] = {}  # given with a file of customers
        with system_context("a source for a test"):
            node = company.nodes["madrid"].pk
            make_source(name=source, node_id=node, at=NOON, by="test", settlement="known")

    def receive(self, name: str, *, confirmed: bool = True, dry_run: bool = False) -> Run:
        """Bring a file in, to its end or to the look at what was checked."""
        kind, content = self.files[name]
        self.at += timedelta(hours=1)
        path = self.folder / f"{name}.csv"
        path.write_text(content, "utf-8")
        with system_context("a file for a test"):
            source = source_for_import(access=self.access, name=self.source, at=self.at)
            run, _ = receive_file(
                access=self.access, source=source, path=path, name=path.name, at=self.at,
                kind=kind, take_sure=True, dry_run=dry_run,
                settings=["customer_kind=company"] if kind == "invoices" else [],
                answers=self.answers if kind == "customers" else {},
            )  # fmt: skip
        return advance(run, self.access, at=self.at, confirmed=confirmed)

    def bring(self, name: str) -> Run:
        self.runs[name] = self.receive(name)
        assert self.runs[name].state == "done", (self.runs[name].questions, self.runs[name].error)
        return self.runs[name]

    def take_back(self, name: str) -> None:
        self.at += timedelta(hours=1)
        with system_context("a test takes back"):
            public_id = str(self.runs.pop(name).public_id)
            take_back(access=self.access, public_id=public_id, at=self.at)
