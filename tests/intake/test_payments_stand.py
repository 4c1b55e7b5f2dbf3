"""How each payment stands equals a replay in plain Python, in whatever order files come and go.

Files are made by chance: invoices, credit notes, and payments of parts, of too much, in another
currency, paid back, for invoices that come later or never, or for none. The replay knows the files
that stand, not the order in which they came, and nothing of the product.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest

from clientela.store.bulk import execute
from clientela.store.context import system_context
from clientela.trade.models import Payment
from clientela.trade.services import load_allocations, void_run
from tests.factories import NOON, make_company
from tests.intake.bringing import Books, Row, content_of

NUMBERS = [f"F{n}" for n in range(12)]


def made(chance: random.Random) -> dict[str, list[Row]]:
    """Return files by name: three of invoices, one of credit notes, two of payments."""
    files: dict[str, list[Row]] = {
        f"invoices-{at}": [
            Row(number=n, day=f"2026-03-{1 + at:02}", amount=chance.choice([1000, 2500, 4000]))
            for n in NUMBERS[at * 3 : at * 3 + 3]
        ]
        for at in range(3)
    }
    files["credits"] = [
        Row(number=f"G{n}", day=f"2026-03-{11 + n}", amount=-chance.choice([300, 1500]),
            names=chance.choice(NUMBERS))
        for n in range(4)
    ]  # fmt: skip
    for at in range(2):
        files[f"payments-{at}"] = [
            Row(
                number=f"P{at}{n}", day=f"2026-04-{chance.randrange(1, 29):02}",
                amount=chance.choice([500, 1000, 1000, 2500, 6000, -400]),
                names=chance.choice([*NUMBERS, *NUMBERS, ""]),
                currency=chance.choice(["EUR", "EUR", "EUR", "USD"]),
            )
            for n in range(9)
        ]  # fmt: skip
    return files


@dataclass
class Replay:
    """The files that stand, and what settles what by them."""

    files: dict[str, list[Row]]
    here: list[str] = field(default_factory=list)

    def bring(self, name: str) -> None:
        self.here.append(name)

    def take_back(self, name: str) -> None:
        self.here.remove(name)

    def standing(self) -> dict[str, tuple[int, str]]:
        """Return payment -> what of it is applied, and how it stands."""
        taken = self._taken()
        found = {}
        for row in self._rows("payments"):
            invoice = self._invoices().get(row.names)
            applied = taken[row.number]
            if row.amount < 0:
                state = "paid_back"
            elif applied == row.amount:
                state = "applied"
            elif not row.names:
                state = "unnamed"
            elif invoice is None:
                state = "waits"
            else:
                state = "over" if invoice.currency == row.currency else "other_currency"
            found[row.number] = (applied, state)
        return found

    def _rows(self, kind: str) -> list[Row]:
        return [row for name in self.here if name.startswith(kind) for row in self.files[name]]

    def _invoices(self) -> dict[str, Row]:
        return {row.number: row for row in self._rows("invoices") + self._rows("credits")}

    def _taken(self) -> dict[str, int]:
        """Return claim -> what its invoice takes of it: the earlier first, by day and number."""
        taken: dict[str, int] = defaultdict(int)
        claims = [r for r in self._rows("payments") if r.amount > 0] + self._rows("credits")
        for number, invoice in self._invoices().items():
            left = invoice.amount
            for row in sorted(claims, key=lambda r: (r.day, r.number)):
                if row.names == number and row.currency == invoice.currency and left > 0:
                    taken[row.number] = min(left, abs(row.amount))
                    left -= taken[row.number]
        return taken


def stored() -> dict[str, tuple[int, str]]:
    with system_context("a test looks"):
        rows = Payment.objects.filter(voided_at=None)
        return {row.number: (row.applied_minor, row.standing) for row in rows}


@pytest.mark.parametrize("seed", range(4))
def test_each_payment_stands_as_a_replay_says(db: Any, tmp_path: Any, seed: int) -> None:
    chance = random.Random(seed)
    files = made(chance)
    texts = {name: content_of(name, rows) for name, rows in files.items()}
    books = Books(make_company(), tmp_path, texts)
    replay, seen = Replay(files), set[str]()
    order = [*files]
    chance.shuffle(order)
    steps = [("bring", name) for name in order]
    for _ in range(6):
        name = chance.choice(order)
        steps += [("take_back", name), ("bring", name)] if chance.random() < 0.6 else []
    steps += [("take_back", name) for name in chance.sample(order, 3)]
    for what, name in steps:
        getattr(books, what)(name)
        getattr(replay, what)(name)
        assert stored() == replay.standing(), (seed, what, name)
        seen |= {state for _, state in replay.standing().values()}
    assert seen >= {"applied", "over", "waits", "paid_back"}


def test_a_payment_of_several_invoices_stands_by_what_settles_them(db: Any, tmp_path: Any) -> None:
    """Allocations of a run of their own come, are taken back, and end with their invoice."""
    rows = [Row(number=n, day="2026-03-01", amount=1000) for n in ("F0", "F1")]
    files = {"invoices": content_of("invoices", rows)}
    paid = [Row(number="P", day="2026-04-01", amount=2500)]
    files["payments"] = content_of("payments", paid)
    books = Books(make_company(), tmp_path, files)
    for name in files:
        books.bring(name)
    assert stored() == {"P": (0, "unnamed")}
    source = books.runs["payments"].into.pk

    def allocate(run: int, **parts: int) -> None:
        with system_context("a test allocates"):
            for at, (number, minor) in enumerate(parts.items()):
                execute(
                    """insert into staging.allocation (run_id, row_no, invoice_number,
                       payment_number, allocated_on, amount_minor, delay_reason, delay_is_ours)
                       values (%s, %s, %s, 'P', '2026-04-01', %s, '', false)""",
                    [run, at, number, minor],
                )
            load_allocations(run_id=run, source_id=source, at=NOON)

    allocate(900_001, F0=1000)
    assert stored() == {"P": (1000, "partly")}
    allocate(900_002, F1=1000)
    assert stored() == {"P": (2000, "partly")}
    with system_context("a test takes back"):
        void_run(run_id=900_002, at=NOON, reason="test")
    assert stored() == {"P": (1000, "partly")}
    books.take_back("invoices")
    assert stored() == {"P": (0, "unnamed")}
