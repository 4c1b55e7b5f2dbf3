"""What customers bought: purchases and their lines, as arrays over one slice of customers.

The number of purchases is Poisson around the customer's yearly rate; their days follow the
calendar of country and trade, spread evenly for regular customers. A purchase becomes an
order, a delivery and an invoice; some goods come back, by a credit note.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from clientela.demo.catalogue import PAIRED, RISE, Catalogue, catalogue
from clientela.demo.drawing import Flags, Ints, choose, generator, half_even
from clientela.demo.lands import HOME, LANDS, TRADES
from clientela.demo.people import IN_SHOP, ONCE, People
from clientela.demo.world import CAMPAIGN_DAYS, DAYS, LEAD, World

SECOND = 0.4  # share of the purchases that run under a party's second record
RETURNED = 0.035


@dataclass(frozen=True, kw_only=True)
class Bought:
    """Purchases in the order of their days, and lines in the order of their purchases."""

    customer: Ints  # place in the slice
    second: Flags  # under the second record of the party
    in_shop: Flags  # through the web shop
    branch: Ints  # that sold
    ordered: Ints  # day
    delivered: Ints
    issued: Ints  # of the invoice; beyond the last day: still on order
    of: Ints  # line -> purchase
    product: Ints
    quantity: Ints
    price: Ints  # of a piece, minor units
    net: Ints
    tax: Ints
    cost: Ints

    def sums(self, amounts: Ints) -> Ints:
        """Return the sum of a line's amounts for each purchase."""
        return np.bincount(self.of, amounts, len(self.customer)).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Returned:
    """Goods taken back: one line of a purchase each, with a credit note of its own."""

    line: Ints
    day: Ints
    quantity: Ints  # pieces that came back
    net: Ints
    tax: Ints
    cost: Ints


def bought(world: World, part: int, who: People) -> Bought:
    """Draw the purchases of a slice."""
    rng = generator(world.seed, "buying", part)
    goods = catalogue(world)
    customer, ordered = _days(rng, world, who)
    order = np.argsort(ordered, kind="stable")
    customer, ordered = customer[order], ordered[order]
    lead = rng.integers(0, LEAD + 1, len(customer))
    twice = who.twice[customer]
    second = (twice != ONCE) & (rng.random(len(customer)) < SECOND)
    of, product = _products(rng, who, goods, customer, ordered)
    lines = _amounts(rng, world, who, goods, customer[of], ordered[of], product)
    return Bought(
        customer=customer, second=second, of=of, product=product,
        in_shop=(who.trade[customer] == HOME) | (second & (twice == IN_SHOP)),
        branch=np.where(second & (twice != IN_SHOP), other_branch(who.branch[customer]),
                        who.branch[customer]),
        ordered=ordered, delivered=ordered + (lead + 1) // 2, issued=ordered + lead, **lines,
    )  # fmt: skip


def returned(world: World, part: int, what: Bought) -> Returned:
    """Draw what came back: half or all of one line, three to twenty days after."""
    rng = generator(world.seed, "returns", part)
    firsts = np.flatnonzero(np.diff(what.of, prepend=-1))
    if world.is_sparse:  # three documents at most: whoever bought thrice keeps it all
        firsts = firsts[~what.in_shop[what.of[firsts]]]
    back = firsts[rng.random(len(firsts)) < RETURNED]
    day = what.issued[what.of[back]] + rng.integers(3, 21, len(back))
    half = rng.random(len(back)) < 0.5
    keep = day < DAYS
    back, day, half = back[keep], day[keep], half[keep]
    pieces = np.where(half, (what.quantity[back] + 1) // 2, what.quantity[back])
    net = pieces * what.price[back]
    tax_percent = what.tax[back] / np.maximum(what.net[back], 1)
    tax = np.where(pieces == what.quantity[back], what.tax[back], np.rint(net * tax_percent))
    cost = np.rint(what.cost[back] * pieces / what.quantity[back])
    return Returned(
        line=back, day=day, quantity=pieces, net=net, tax=tax.astype(np.int64),
        cost=cost.astype(np.int64),
    )  # fmt: skip


def other_branch(branch: Ints) -> Ints:
    """Return the next branch of the same country."""
    following = []
    start = 0
    for land in LANDS:
        count = len(land.branches)
        following += [start + (n + 1) % count for n in range(count)]
        start += count
    return np.array(following)[branch]


def _days(rng: Generator, world: World, who: People) -> tuple[Ints, Ints]:
    """Return customer and order day of each purchase."""
    begins = np.maximum(who.joined, 0)
    ends = np.minimum(who.left, DAYS)
    years = np.maximum(ends - begins, 0) / 365
    count = np.where(who.prospect, 0, rng.poisson(who.yearly * years))
    # Whoever came bought at least once; that is what made it a customer.
    count = np.where(~who.prospect & (ends > begins), np.maximum(count, 1), count)
    if world.is_sparse:
        count = np.minimum(count, np.where(who.is_person, 3, 1))
    customer = np.repeat(np.arange(len(who)), count)
    nth = np.arange(len(customer)) - np.repeat(np.cumsum(count) - count, count)
    spread = who.jitter[customer]
    even = (nth + 0.5 + (rng.random(len(customer)) - 0.5) * spread) / count[customer]
    share = np.where(spread < 1, even, rng.random(len(customer)))
    ordered = np.empty(len(customer), dtype=np.int64)
    for land in range(len(LANDS)):
        for trade in range(len(TRADES)):
            at = (who.land[customer] == land) & (who.trade[customer] == trade)
            curve, whose = world.calendar[land, trade], customer[at]
            low, high = curve[begins[whose]], curve[ends[whose]]
            found = np.searchsorted(curve, low + share[at] * (high - low), side="right") - 1
            ordered[at] = np.clip(found, begins[whose], ends[whose] - 1)
    return customer, ordered


def _products(
    rng: Generator, who: People, goods: Catalogue, customer: Ints, day: Ints
) -> tuple[Ints, Ints]:
    """Return purchase and product of each line: each product once, none before its launch."""
    of = np.repeat(np.arange(len(customer)), 1 + rng.poisson(1.0, len(customer)))
    product = np.empty(len(of), dtype=np.int64)
    trade = who.trade[customer[of]]
    for place in range(len(TRADES)):
        at = trade == place
        product[at] = choose(rng, goods.wanted[place], int(at.sum()))
    early = goods.launched[product] > day[of]
    old = np.flatnonzero(goods.launched < 0)
    product[early] = rng.choice(old, int(early.sum()))
    more = [(of, product)]
    for first, with_it in goods.pairs:
        taken = of[(product == first) & (rng.random(len(of)) < PAIRED)]
        more.append((taken, np.full(len(taken), with_it)))
    of, product = (np.concatenate(column) for column in zip(*more, strict=True))
    once = np.unique(of * 1000 + product)
    return once // 1000, once % 1000


def _amounts(
    rng: Generator, world: World, who: People, goods: Catalogue, customer: Ints, day: Ints,
    product: Ints,
) -> dict[str, Ints]:  # fmt: skip
    """Return quantity, price, net, tax and cost of each line."""
    land, home = who.land[customer], who.is_person[customer]
    scale = np.where(home, 0.25, np.exp(1.25 * who.size[customer] - 0.5))
    wanted = goods.pieces[product] * (0.4 + rng.exponential(0.6, len(product))) * scale
    allowance = np.where(home, 0, np.clip(4 + 4 * who.size[customer], 0, 12))  # percent
    cut = np.zeros(len(product))
    for campaign in world.campaigns:
        on = (day >= campaign.begins) & (day < campaign.begins + CAMPAIGN_DAYS)
        on &= (who.group[customer] == 1) & (goods.category[product] == campaign.category)
        cut[on] = campaign.cut_percent
        wanted[on] *= 1 + campaign.uplift
    quantity = np.clip(np.rint(wanted), 1, 20_000).astype(np.int64)
    level = (1 + RISE) ** ((day - DAYS) / 365)
    full = goods.prices[land, product] * level
    price = np.maximum(np.rint(full * (1 - allowance / 100) * (1 - cut / 100)), 1).astype(np.int64)
    net = quantity * price
    percent = np.array([where.tax_percent for where in LANDS])[land]
    cost = np.rint(quantity * full * goods.cost_share[product]).astype(np.int64)
    return {
        "quantity": quantity, "price": price, "net": net, "tax": half_even(net * percent, 100),
        "cost": cost,
    }  # fmt: skip
