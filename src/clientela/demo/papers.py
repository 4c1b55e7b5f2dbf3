"""Documents of a slice as the rows of the staging tables, ready to be copied.

A row is one line of PostgreSQL's text format. Everything in it is a number, a date or a code
of ours, so nothing needs escaping; an empty field is `\\N`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clientela.demo.buying import Bought, Returned
from clientela.demo.catalogue import catalogue
from clientela.demo.drawing import Flags, Ints
from clientela.demo.lands import LANDS, SHOP, SOURCES, erp
from clientela.demo.parties import key_of, second_key
from clientela.demo.paying import METHODS, OURS, REASONS, Paid
from clientela.demo.people import People
from clientela.demo.world import DAYS, World

SALES = "unit flags kind account issued_on due_on order_number product quantity unit_price net_minor tax_minor cost_minor currency node_id"
ORDERS = (
    "number account ordered_on due_on state product quantity unit_price net_minor currency node_id"
)
DELIVERIES = "number account delivered_on order_number order_line product quantity currency node_id"
PAYMENTS = "unit flags account received_on currency amount_minor method invoice_number node_id"
ALLOCATIONS = "invoice_number payment_number credit_number allocated_on amount_minor delay_reason delay_is_ours"
NONE = "\\N"


@dataclass(frozen=True)
class Papers:
    """The documents of one slice. `nodes` are the ids of the branches, in their order."""

    world: World
    part: int
    who: People
    what: Bought
    back: Returned
    paid: Paid
    nodes: Sequence[int]

    @cached_property
    def source(self) -> Ints:
        """Place in SOURCES of each purchase."""
        return np.where(
            self.what.in_shop, SOURCES.index(SHOP), self.who.land[self.what.customer]
        ).astype(np.int64)

    @cached_property
    def numbers(self) -> list[str]:
        """The running number of each purchase within its source, the slice before it."""
        counted = np.empty(len(self.source), dtype=np.int64)
        for place in range(len(SOURCES)):
            at = self.source == place
            counted[at] = np.arange(1, int(at.sum()) + 1)
        return [f"{self.part:03d}-{n:06d}" for n in counted.tolist()]

    @cached_property
    def accounts(self) -> list[str]:
        """The key of the record under which each purchase runs."""
        customer = self.what.customer
        return [
            second_key(number, twice) if second else key_of(number, person=person)
            for number, twice, second, person in zip(
                (self.who.first + customer).tolist(), self.who.twice[customer].tolist(),
                self.what.second.tolist(), self.who.is_person[customer].tolist(), strict=True,
            )
        ]  # fmt: skip

    @cached_property
    def days(self) -> list[str]:
        return [self.world.day(n).isoformat() for n in range(DAYS + 400)]

    @cached_property
    def codes(self) -> list[str]:
        goods = catalogue(self.world)
        return [goods.code(n) for n in range(len(goods.names))]

    @cached_property
    def sold_at(self) -> list[tuple[str, int]]:
        """Currency and node of each purchase."""
        land = self.who.land[self.what.customer].tolist()
        return [
            (LANDS[n].currency, self.nodes[branch])
            for n, branch in zip(land, self.what.branch.tolist(), strict=True)
        ]

    def sales(self, source: int) -> Iterator[str]:
        """Yield the lines of invoices and credit notes of a source."""
        what, back, days = self.what, self.back, self.days
        billed = (what.issued < DAYS) & (self.source == source)
        due = what.issued + np.where(what.in_shop, 0, self.who.terms[what.customer])
        terms, ordered = due.tolist(), (what.ordered >= self.world.orders_from).tolist()
        issued = what.issued.tolist()
        shop = SOURCES[source] == SHOP
        lines = np.flatnonzero(billed[what.of])
        for of, product, quantity, price, net, tax, cost in self._columns(lines):
            head = f"INV{self.numbers[of]}\t\tinvoice\t{self.accounts[of]}\t{days[issued[of]]}"
            by = NONE if shop else days[terms[of]]
            order = f"SO{self.numbers[of]}" if ordered[of] and not shop else NONE
            currency, node = self.sold_at[of]
            yield (
                f"{head}\t{by}\t{order}\t{self.codes[product]}\t{quantity}\t{_two(price)}\t{net}"
                f"\t{tax}\t{cost}\t{currency}\t{node}"
            )
        notes = np.flatnonzero(billed[what.of[back.line]])
        rows = zip(
            *(column[notes].tolist() for column in (
                what.of[back.line], back.day, what.product[back.line], back.quantity,
                what.price[back.line], back.net, back.tax, back.cost)), strict=True,
        )  # fmt: skip
        for of, day, product, quantity, price, net, tax, cost in rows:
            currency, node = self.sold_at[of]
            yield (
                f"CN{self.numbers[of]}\t\tcredit_note\t{self.accounts[of]}\t{days[day]}\t{NONE}"
                f"\t{NONE}\t{self.codes[product]}\t-{quantity}\t{_two(price)}\t-{net}\t-{tax}"
                f"\t-{cost}\t{currency}\t{node}"
            )

    def orders(self, source: int) -> Iterator[str]:
        """Yield the lines of orders of a source, those not yet delivered included."""
        what = self.what
        kept = (what.ordered >= self.world.orders_from) & (what.ordered < DAYS)
        ordered, wanted, done = what.ordered.tolist(), what.issued.tolist(), self._done.tolist()
        lines = np.flatnonzero((kept & (self.source == source))[what.of])
        for of, product, quantity, price, net, _, _ in self._columns(lines):
            currency, node = self.sold_at[of]
            yield (
                f"SO{self.numbers[of]}\t{self.accounts[of]}\t{self.days[ordered[of]]}"
                f"\t{self.days[wanted[of]]}\t{'delivered' if done[of] else 'open'}"
                f"\t{self.codes[product]}\t{quantity}\t{_two(price)}\t{net}\t{currency}\t{node}"
            )

    def deliveries(self, source: int) -> Iterator[str]:
        """Yield the lines of deliveries of a source."""
        what = self.what
        kept = (what.ordered >= self.world.orders_from) & self._done & (self.source == source)
        delivered = what.delivered.tolist()
        lines = np.flatnonzero(kept[what.of])
        starts = np.searchsorted(what.of, np.arange(len(what.customer))).tolist()
        for place, (of, product, quantity, *_) in zip(
            lines.tolist(), self._columns(lines), strict=True
        ):
            currency, node = self.sold_at[of]
            number = self.numbers[of]
            yield (
                f"DN{number}\t{self.accounts[of]}\t{self.days[delivered[of]]}\tSO{number}"
                f"\t{place - starts[of] + 1}\t{self.codes[product]}\t{quantity}\t{currency}\t{node}"
            )

    def payments(self, source: int) -> Iterator[str]:
        """Yield the payments of a source; one that settles one invoice names it."""
        paid, days = self.paid, self.days
        single = self._single
        for place in np.flatnonzero(self.source[paid.purchase] == source).tolist():
            of = int(paid.purchase[place])
            currency, node = self.sold_at[of]
            invoice = f"INV{self.numbers[of]}" if single[place] else NONE
            yield (
                f"PAY{self.part:03d}-{place:06d}\t\t{self.accounts[of]}\t{days[paid.day[place]]}"
                f"\t{currency}\t{paid.amount[place]}\t{METHODS[paid.method[place]]}\t{invoice}\t{node}"
            )

    def allocations(self, source: int) -> Iterator[str]:
        """Yield the allocations that the payments do not name themselves."""
        paid = self.paid
        named = np.zeros(len(paid.payment), dtype=np.bool_)
        money = paid.payment >= 0
        named[money] = self._single[paid.payment[money]]
        for place in np.flatnonzero(~named & (self.source[paid.invoice] == source)).tolist():
            invoice = self.numbers[int(paid.invoice[place])]
            payment, note = int(paid.payment[place]), int(paid.note[place])
            by_payment = f"PAY{self.part:03d}-{payment:06d}" if payment >= 0 else NONE
            by_note = f"CN{self.numbers[self.what.of[self.back.line[note]]]}" if note >= 0 else NONE
            why = REASONS[paid.why[place]]
            yield (
                f"INV{invoice}\t{by_payment}\t{by_note}\t{self.days[paid.on[place]]}"
                f"\t{paid.allocated[place]}\t{why}\t{'t' if why in OURS else 'f'}"
            )

    def our_delays(self, source: int) -> list[str]:
        """Return the numbers of invoices whose payment waits for us."""
        late = np.flatnonzero(self.paid.ours & (self.source == source))
        return [f"INV{self.numbers[of]}" for of in late.tolist()]

    @cached_property
    def _done(self) -> Flags:
        done: Flags = self.what.issued < DAYS
        return done

    @cached_property
    def _single(self) -> Flags:
        """Payments with one allocation, of the whole, without a reason."""
        paid = self.paid
        money = paid.payment >= 0
        count = np.bincount(paid.payment[money], minlength=len(paid.day))
        reasons = np.bincount(paid.payment[money], paid.why[money] > 0, len(paid.day))
        single: Flags = (count == 1) & (reasons == 0)
        return single

    def _columns(self, lines: Ints) -> Iterator[tuple[int, ...]]:
        what = self.what
        columns = (what.of, what.product, what.quantity, what.price, what.net, what.tax, what.cost)
        return zip(*(column[lines].tolist() for column in columns), strict=True)


def _two(minor: int) -> str:
    """Return an amount in minor units with its two decimals; every currency here has two."""
    return f"{minor // 100}.{minor % 100:02d}"


def file_name(source: int, kind: str, part: int) -> str:
    """Return the name of the file that a run would have come as."""
    name = SHOP if source == SOURCES.index(SHOP) else erp(LANDS[source])
    return f"{name}-{kind}-{part + 1:03d}.csv"
