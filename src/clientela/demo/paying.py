"""How invoices were settled: when, by which payment, less which credit, and why late.

Each payer has a habit; one that turns bad pays ever later and in the end not at all. Some
delays are ours (a late delivery, a wrong invoice, damaged goods). The web shop knows no
payments, so nothing here is about it.
"""

from dataclasses import dataclass

import numpy as np

from clientela.demo.buying import Bought, Returned
from clientela.demo.drawing import Flags, Ints, generator
from clientela.demo.people import TURNING_BAD, People
from clientela.demo.world import DAYS, World

LATENESS = ((-9.0, 4.0), (0.0, 1.5), (12.0, 7.0), (38.0, 16.0), (0.0, 1.5))  # mean, deviation
OURS = ("our_delivery", "our_invoice", "our_goods")
THEIRS = ("customer_cash", "customer_approval", "forgotten")
REASONS = ("", *OURS, *THEIRS)
OUR_SHARE, PART_SHARE = 0.03, 0.04
METHODS = ("transfer", "transfer", "transfer", "card", "cheque")


@dataclass(frozen=True, kw_only=True)
class Paid:
    """Payments, and allocations of payments and credit notes to purchases' invoices."""

    purchase: Ints  # of a payment: one of those it settles, which names account and currency
    day: Ints
    amount: Ints
    method: Ints
    payment: Ints  # of an allocation; -1: a credit note
    note: Ints  # place in Returned; -1: a payment
    invoice: Ints  # the purchase
    allocated: Ints  # minor units
    on: Ints
    why: Ints  # place in REASONS
    ours: Flags  # purchase: its delay is ours


def paid(world: World, part: int, who: People, what: Bought, back: Returned) -> Paid:
    """Draw how the invoices of a slice were settled."""
    rng = generator(world.seed, "paying", part)
    billed = np.flatnonzero(~what.in_shop & (what.issued < DAYS))
    due = what.issued[billed] + who.terms[what.customer[billed]]
    late = lateness(rng, who, what.customer[billed], due)
    ours = rng.random(len(billed)) < OUR_SHARE
    late = np.where(ours, np.abs(late) + rng.integers(15, 46, len(billed)), late)
    day = np.maximum(due + late, what.issued[billed])
    friday = day + (4 - world.begins.weekday() - day) % 7
    day = np.where(who.together[what.customer[billed]], friday, day)
    gross = (what.sums(what.net) + what.sums(what.tax))[billed]
    credited, notes = _credited(what, back, billed, day)
    rest = gross - credited
    why = _reasons(rng, late, ours)
    part_paid = (rng.random(len(billed)) < PART_SHARE) & (rest > 100) & ~ours
    part_paid &= not world.is_sparse
    first = np.where(part_paid, rest * 3 // 5, rest)
    later = day + rng.integers(10, 40, len(billed))
    place = np.concatenate([np.arange(len(billed)), np.flatnonzero(part_paid)])
    amount = np.concatenate([first, (rest - first)[part_paid]])
    when = np.concatenate([day, later[part_paid]])
    done = (when < DAYS) & (amount > 0)
    place, amount, when = place[done], amount[done], when[done]
    at, payment = _payments(who, what, billed[place], when)
    sums = np.bincount(payment, amount, len(at)).astype(np.int64)
    flagged = np.zeros(len(what.customer), dtype=np.bool_)
    flagged[billed[ours]] = True
    return Paid(
        purchase=billed[place[at]], day=when[at], amount=sums,
        method=rng.integers(0, len(METHODS), len(at)),
        payment=np.concatenate([payment, np.full(len(notes), -1)]),
        note=np.concatenate([np.full(len(place), -1), notes]),
        invoice=np.concatenate([billed[place], what.of[back.line[notes]]]),
        allocated=np.concatenate([amount, (back.net + back.tax)[notes]]),
        on=np.concatenate([when, back.day[notes]]),
        why=np.concatenate([why[place], np.zeros(len(notes), dtype=np.int64)]),
        ours=flagged,
    )  # fmt: skip


def _payments(who: People, what: Bought, purchase: Ints, when: Ints) -> tuple[Ints, Ints]:
    """Return the first settlement of each payment, and the payment of each settlement.

    Whoever pays together sends one sum for all that it pays under an account on a day.
    """
    customer = what.customer[purchase]
    account = customer * 2 + what.second[purchase]
    alone = np.arange(len(purchase)) + (int(account.max(initial=0)) + 1) * 4096
    key = np.where(who.together[customer], account * 4096 + when, alone)
    _, at, payment = np.unique(key, return_index=True, return_inverse=True)
    return at, payment


def lateness(rng: np.random.Generator, who: People, customer: Ints, due: Ints) -> Ints:
    """Return days late; what is never paid comes long after the last day."""
    payer = who.payer[customer]
    mean, deviation = np.array(LATENESS)[payer].T
    days = np.rint(mean + deviation * rng.standard_normal(len(customer))).astype(np.int64)
    since = due - who.turns[customer]
    bad = (payer == TURNING_BAD) & (since > 0)
    worse = np.rint(15 + since * 0.25 + 10 * rng.random(len(customer))).astype(np.int64)
    never = bad & (rng.random(len(customer)) < np.clip(since / 500, 0, 0.7))
    return np.where(never, 5 * DAYS, np.where(bad, worse, days))


def _credited(what: Bought, back: Returned, billed: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Return what credit notes took off each invoice, and which notes came in time for it."""
    place = np.full(len(what.customer), -1)
    place[billed] = np.arange(len(billed))
    target = place[what.of[back.line]]
    in_time = (target >= 0) & (back.day <= np.where(target >= 0, day[target], -1))
    notes = np.flatnonzero(in_time)
    gross = (back.net + back.tax)[notes]
    return np.bincount(target[notes], gross, len(billed)).astype(np.int64), notes


def _reasons(rng: np.random.Generator, late: Ints, ours: Flags) -> Ints:
    """Return a reason for each delay of ours, and for half of the others over ten days."""
    drawn = rng.integers(0, 3, len(late))
    known = (late > 10) & (rng.random(len(late)) < 0.5)
    return np.where(ours, 1 + drawn, np.where(known, 1 + len(OURS) + drawn, 0))
