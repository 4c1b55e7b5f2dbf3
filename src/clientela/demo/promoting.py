"""Promotions: whom each campaign was for, whom it held back, and what they answered.

Who was treated and bought of the category in the campaign's days has answered by that, on
the day of the first such order. Some of the others refuse, with a reason.
"""

from dataclasses import dataclass

import numpy as np

from clientela.demo.buying import Bought
from clientela.demo.catalogue import catalogue
from clientela.demo.contacting import Pressed
from clientela.demo.drawing import Flags, Ints, choose, generator
from clientela.demo.moods import WITH, Moods
from clientela.demo.people import People
from clientela.demo.world import CAMPAIGN_DAYS, DAYS, Campaign, World

RESPONSES = ("", "bought", "asked", "refused", "unsubscribed", "complained")
NONE, BOUGHT, ASKED, REFUSED, UNSUBSCRIBED, COMPLAINED = range(6)
SHARES = (0.76, 0.0, 0.06, 0.12, 0.05, 0.01)  # of those that did not buy
REASONS = ("price", "no_need", "competitor", "too_many", "dissatisfied", "")


@dataclass(frozen=True, kw_only=True)
class Targets:
    """One array each."""

    customer: Ints
    campaign: Ints  # place in the world's
    treated: Flags
    response: Ints
    reason: Ints
    day: Ints  # of the response; -1: none

    def __len__(self) -> int:
        return len(self.customer)


def targets(
    world: World, part: int, who: People, what: Bought, mood: Moods, pressed: Pressed
) -> Targets:
    """Draw who of a slice each campaign was for, and what came of it."""
    rng = generator(world.seed, "promoting", part)
    columns = [
        _of(rng, world, place, who, what, mood, pressed) for place in range(len(world.campaigns))
    ]
    customer, campaign, treated, response, reason, day = map(
        np.concatenate, zip(*columns, strict=True)
    )
    return Targets(
        customer=customer, campaign=campaign, treated=treated.astype(np.bool_),
        response=response, reason=reason, day=day,
    )  # fmt: skip


def targeted(who: People, campaign: Campaign) -> Ints:
    """Return whom a campaign has to do with: the two groups, as far as they are customers then."""
    there = (who.group > 0) & ~who.prospect
    there &= (who.joined < campaign.begins) & (who.left > campaign.begins)
    return np.flatnonzero(there)


def _of(
    rng: np.random.Generator, world: World, place: int, who: People, what: Bought, mood: Moods,
    pressed: Pressed,
) -> tuple[Ints, ...]:  # fmt: skip
    campaign = world.campaigns[place]
    customer = targeted(who, campaign)
    n = len(customer)
    treated = who.group[customer] == 1
    first = _first_orders(world, campaign, len(who), what)[customer]
    unhappy = mood.unhappy(customer, np.full(n, campaign.begins))
    weary = pressed.before(customer, campaign.begins)
    response = choose(rng, SHARES, n)
    response[unhappy & (rng.random(n) < 0.4)] = REFUSED
    response[weary & (rng.random(n) < 0.6)] = UNSUBSCRIBED
    response[first < DAYS] = BOUGHT
    response[~treated] = NONE
    reason = rng.integers(0, 3, n)
    reason[response == UNSUBSCRIBED] = REASONS.index("too_many")
    reason[(response == COMPLAINED) | ((response == REFUSED) & unhappy)] = REASONS.index(
        "dissatisfied"
    )
    price = unhappy & (mood.reason[customer] == WITH.index("price"))
    reason[price & (response == REFUSED)] = REASONS.index("price")
    reason[response < REFUSED] = REASONS.index("")
    day = np.where(response == BOUGHT, first, campaign.begins + rng.integers(0, CAMPAIGN_DAYS, n))
    day[response == NONE] = -1
    return customer, np.full(n, place), treated.astype(np.int64), response, reason, day


def _first_orders(world: World, campaign: Campaign, customers: int, what: Bought) -> Ints:
    """Return each customer's first order of the category in the campaign's days."""
    ordered = what.ordered[what.of]
    on = (ordered >= campaign.begins) & (ordered < campaign.begins + CAMPAIGN_DAYS)
    on &= catalogue(world).category[what.product] == campaign.category
    first = np.full(customers, DAYS)
    np.minimum.at(first, what.customer[what.of[on]], ordered[on])
    return first
