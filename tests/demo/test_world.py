"""The generated world before any database: same seed, same world, and shaped like trade."""

import ast
import dataclasses
import hashlib
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from clientela.demo.buying import bought, returned
from clientela.demo.lands import LANDS, TRADES
from clientela.demo.parties import Places, known_day, parties
from clientela.demo.paying import paid
from clientela.demo.people import OWNERS, people
from clientela.demo.rates import rates
from clientela.demo.world import DAYS, World

UNTIL = date(2026, 6, 30)
WORLD = World(customers=3000, seed=7, until=UNTIL)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "clientela"


def drawn(world: World, part: int = 0):
    who = people(world, part)
    what = bought(world, part, who)
    back = returned(world, part, what)
    return who, what, back, paid(world, part, who, what, back)


def digest(*records) -> str:
    content = hashlib.sha256()
    for record in records:
        for field in dataclasses.fields(record):
            value = getattr(record, field.name)
            content.update(value.tobytes() if isinstance(value, np.ndarray) else b"")
    return content.hexdigest()


def places() -> Places:
    branches = [branch.code for land in LANDS for branch in land.branches]
    return Places(
        nodes={code: n for n, code in enumerate(branches)},
        owners={(code, n): n for code in branches for n in range(OWNERS)},
    )


def gini(values: np.ndarray) -> float:
    """Return the Gini coefficient of positive values: 0 all equal, near 1 all in one hand."""
    x = np.sort(values)
    return float((2 * np.arange(1, len(x) + 1) - len(x) - 1) @ x / (len(x) * x.sum()))


def sales_of_the_last_year(world: World) -> np.ndarray:
    who, what, _, _ = drawn(world)
    euros = np.array([land.euro for land in LANDS])[who.land[what.customer]]
    last = (what.issued >= DAYS - 365) & (what.issued < DAYS)
    net = what.sums(what.net)[last] * euros[last]
    sales = np.bincount(what.customer[last], net, len(who))
    return np.sort(sales[sales > 0])[::-1]


class TestWorld:
    def test_is_the_same_for_the_same_seed(self):
        assert digest(*drawn(WORLD)) == digest(*drawn(World(customers=3000, seed=7, until=UNTIL)))
        assert list(rates(WORLD)) == list(rates(WORLD))
        first, second = (list(parties(WORLD, 0, people(WORLD, 0), places())) for _ in range(2))
        assert first == second

    def test_is_another_for_another_seed(self):
        assert digest(*drawn(WORLD)) != digest(*drawn(World(customers=3000, seed=8, until=UNTIL)))

    @pytest.mark.parametrize("customers", [199, 1_000_001])
    def test_is_refused_outside_its_sizes(self, customers: int):
        with pytest.raises(ValueError, match="200 to 1000000"):
            World(customers=customers, seed=1, until=UNTIL)

    def test_has_at_most_three_documents_a_customer_at_a_million(self):
        world = World(customers=1_000_000, seed=1, until=UNTIL)
        who, what, back, settled = drawn(world, 7)
        documents = np.bincount(what.customer, minlength=len(who))
        documents += np.bincount(what.customer[what.of[back.line]], minlength=len(who))
        documents += np.bincount(what.customer[settled.purchase], minlength=len(who))
        assert len(who) == 50_000
        assert documents.max() == 3
        assert world.orders_from > DAYS

    def test_holds_every_customer_once(self):
        world = World(customers=12_345, seed=1, until=UNTIL)
        numbers = np.concatenate([people(world, part).numbers for part in world.slices])
        assert (numbers == np.arange(12_345)).all()


class TestPurchases:
    def test_come_between_joining_and_leaving(self):
        who, what, _, _ = drawn(WORLD)
        assert (what.ordered >= np.maximum(who.joined, 0)[what.customer]).all()
        assert (what.ordered < who.left[what.customer]).all()
        assert (what.delivered >= what.ordered).all()
        assert (what.issued >= what.delivered).all()
        assert all(known_day(WORLD, int(day)) <= day for day in who.joined)

    @pytest.mark.parametrize("customers", [300, 3000, 60_000])
    def test_come_after_since_when_the_buyer_says_to_be_one(self, customers):
        """Sizes of the company open their files in batches of another length each."""
        world = World(customers=customers, seed=5, until=UNTIL)
        who = people(world, 0)
        what = bought(world, 0, who)
        first = np.full(len(who), DAYS)
        np.minimum.at(first, what.customer, what.ordered)
        since = {}
        for _, statements in parties(world, 0, who, places()):
            for one in statements:
                said = one.attributes.get("customer_since")
                if said is not None:
                    assert said <= one.known_at.date().isoformat(), one.key
                    since[int(one.key[1:])] = min(said, since.get(int(one.key[1:]), said))
        assert len(since) == len(who)
        days = np.array([since[int(number)] for number in who.numbers])
        firsts = np.array([world.day(int(day)).isoformat() for day in first])
        assert (days <= firsts).all()
        assert len(set(days.tolist())) > 30

    def test_are_rounded_once_to_cents(self):
        who, what, _, _ = drawn(WORLD)
        percent = np.array([land.tax_percent for land in LANDS])[who.land[what.customer[what.of]]]
        lines = zip(what.net.tolist(), percent.tolist(), what.tax.tolist(), strict=True)
        for net, rate, tax in islice(lines, 4000):
            assert tax == int((Decimal(net) * rate / 100).quantize(Decimal(1)))

    def test_concentrate_on_few_customers_as_trade_does(self):
        sales = sales_of_the_last_year(WORLD)
        assert 0.65 < gini(sales) < 0.9
        running = np.cumsum(sales) / sales.sum()
        assert 0.12 < (running < 0.85).mean() < 0.35  # about a fifth make 85 %
        assert running[0] < 0.25

    def test_follow_the_seasons_of_their_country_and_trade(self):
        who, what, _, _ = drawn(World(customers=5000, seed=3, until=UNTIL))
        months = np.array([WORLD.day(int(day)).month for day in range(DAYS + 10)])[what.ordered]
        chinese = who.land[what.customer] == 0
        assert (months[chinese] == 1).sum() > 1.4 * (months[chinese] == 2).sum()
        school = who.trade[what.customer] == TRADES.index("school")
        assert (months[school] == 8).sum() > 1.5 * (months[school] == 5).sum()

    def test_grow(self):
        _, what, _, _ = drawn(World(customers=5000, seed=3, until=UNTIL))
        first, last = (what.ordered < 365).sum(), (what.ordered >= 730).sum()
        assert last > 1.2 * first

    def test_come_back_in_part(self):
        _, what, back, _ = drawn(WORLD)
        assert 0.02 < len(back.line) / len(what.customer) < 0.05
        assert (back.quantity <= what.quantity[back.line]).all()
        assert (back.net <= what.net[back.line]).all()


class TestPayments:
    def test_settle_no_more_than_was_billed(self):
        _, what, _, settled = drawn(WORLD)
        gross = what.sums(what.net) + what.sums(what.tax)
        allocated = np.bincount(settled.invoice, settled.allocated, len(gross))
        assert (allocated <= gross).all()
        assert (settled.allocated > 0).all()
        money = settled.payment >= 0
        used = np.bincount(settled.payment[money], settled.allocated[money], len(settled.day))
        assert (used == settled.amount).all()
        assert (settled.day < DAYS).all()

    def test_sometimes_settle_several_invoices(self):
        *_, settled = drawn(WORLD)
        money = settled.payment[settled.payment >= 0]
        counts = np.bincount(money, minlength=len(settled.day))
        assert counts.min() == 1
        assert 50 < (counts > 1).sum() < 0.2 * len(counts)


class TestTruthIsNotRead:
    def test_by_any_code_of_the_product(self):
        """Only the command that writes it, and what loads for it, know the module of the truth."""
        knowing = set()
        for file in SOURCE.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "clientela.demo.truth":
                    knowing.add(file.relative_to(SOURCE).as_posix())
        writing = {"demo/loading.py", "demo/crew.py", "demo/slices.py", "cli/demonstrating.py"}
        assert knowing == writing
