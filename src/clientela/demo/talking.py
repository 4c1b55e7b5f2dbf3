"""All contacts of a slice: what each department had reason for, and what was too many."""

import numpy as np
from numpy.random import Generator

from clientela.demo.asking import Asked
from clientela.demo.complaining import Cases
from clientela.demo.contacting import (
    CREDIT,
    EMAIL,
    LOGISTICS,
    MARKETING,
    MESSAGE,
    PHONE,
    SALES,
    SERVICE,
    WEB,
    Contacts,
    Pressed,
    joined,
    one_a_week,
    proactive,
    reactive,
    taken,
    too_many,
)
from clientela.demo.contracting import Contracts
from clientela.demo.drawing import Ints, choose, generator
from clientela.demo.moments import DAY, END, at_work
from clientela.demo.papers import Papers
from clientela.demo.people import People
from clientela.demo.promoting import Targets
from clientela.demo.world import DAYS, World

BY_PHONE = 0.08  # of the orders that are not placed in the shop
VISITS = 1.8  # a year, to a company of the middle size
NEWS = (1.0, 3.0)  # newsletters a year to a company and to a person
REMINDED_AFTER = 12  # days past due
CALLED_AHEAD = 0.02  # of the deliveries


def contacts(
    papers: Papers, cases: Cases, asked: Asked, targets: Targets, agreed: Contracts, whom: Pressed
) -> Contacts:
    """Draw the contacts of a slice."""
    world, who = papers.world, papers.who
    rng = generator(world.seed, "contacting", papers.part)
    planned = joined(
        *_announced(rng, world, asked, targets, agreed),
        proactive(rng, world, *_reminders(papers), department=CREDIT, kind="reminder",
                  channels=(3, 0, 4, 1, 2, 0)),
        *_cared_for(rng, world, who),
    )  # fmt: skip
    found = joined(
        one_a_week(world, taken(planned, _there(world, who, planned))),
        too_many(world, papers.part, whom),
        *_answering(rng, cases),
        *_dealing(rng, world, papers),
    )
    found = taken(found, (found.moment >= world.entries_from * DAY) & (found.moment < END))
    return taken(found, np.lexsort((found.customer, found.moment)))


def _there(world: World, who: People, given: Contacts) -> Ints:
    """Return those that fall into the time in which their customer was one."""
    day = given.moment // DAY
    return np.flatnonzero((day >= np.maximum(who.joined, 0)[given.customer]) & (day < DAYS))


def _announced(
    rng: Generator, world: World, asked: Asked, targets: Targets, agreed: Contracts
) -> list[Contacts]:
    mailed = (0, 0, 8, 2, 0, 0)
    treated = np.flatnonzero(targets.treated)
    begins = np.array([one.begins for one in world.campaigns])[targets.campaign[treated]]
    ahead = begins - rng.integers(1, 4, len(treated))
    return [
        proactive(rng, world, targets.customer[treated], ahead, department=MARKETING,
                  kind="promotion", channels=mailed),
        proactive(rng, world, asked.customer, asked.day, department=MARKETING, kind="survey",
                  channels=mailed),
        proactive(rng, world, agreed.customer, agreed.signed - 7, department=SALES,
                  kind="contract", channels=(2, 6, 2, 0, 0, 0)),
    ]  # fmt: skip


def _reminders(papers: Papers) -> tuple[Ints, Ints]:
    """Return customer and day of a reminder for each invoice that was paid late, or not yet."""
    what, paid = papers.what, papers.paid
    due = what.issued + papers.who.terms[what.customer]
    settled = np.full(len(what.customer), 3 * DAYS)
    money = paid.payment >= 0
    np.minimum.at(settled, paid.invoice[money], paid.on[money])
    late = ~what.in_shop & (settled > due + REMINDED_AFTER) & (what.issued < DAYS)
    late &= due + REMINDED_AFTER < DAYS
    return what.customer[late], due[late] + REMINDED_AFTER


def _cared_for(rng: Generator, world: World, who: People) -> list[Contacts]:
    begins = np.maximum(who.joined, 0)
    years = np.maximum(np.minimum(who.left, DAYS) - begins, 0) / 365
    visits = np.where(who.is_person, 0, VISITS * np.exp(0.35 * who.size))
    news = np.where(who.is_person, NEWS[1], NEWS[0])
    found = []
    for rate, department, kind, channels in (
        (visits * 0.6, SALES, "offer", (4, 4, 2, 3, 0, 0)),
        (visits * 0.4, SALES, "care", (5, 3, 0, 2, 0, 0)),
        (news, MARKETING, "newsletter", (0, 0, 9, 1, 0, 0)),
    ):
        customer = np.repeat(np.arange(len(who)), rng.poisson(rate * years))
        span = np.minimum(who.left, DAYS)[customer] - begins[customer]
        day = begins[customer] + (rng.random(len(customer)) * span).astype(np.int64)
        found.append(
            proactive(
                rng, world, customer, day, department=department, kind=kind, channels=channels
            )
        )
    return found


def _answering(rng: Generator, cases: Cases) -> list[Contacts]:
    channel = choose(rng, (5, 0, 4, 2, 0, 3), len(cases))
    back = np.where(channel == WEB, EMAIL, channel)
    return [
        reactive(cases.received, cases.customer, channel, department=SERVICE, kind="case",
                 goes_out=False, product=cases.product),
        reactive(cases.answered, cases.customer, back, department=SERVICE, kind="case",
                 goes_out=True, product=cases.product),
    ]  # fmt: skip


def _dealing(rng: Generator, world: World, papers: Papers) -> list[Contacts]:
    """Return orders by phone, and calls before a delivery."""
    what = papers.what
    firsts = np.searchsorted(what.of, np.arange(len(what.customer)))
    spoken = (rng.random(len(what.customer)) < BY_PHONE) & ~what.in_shop & (what.ordered < DAYS)
    called = (rng.random(len(what.customer)) < CALLED_AHEAD) & (what.delivered < DAYS)
    ordering, ahead = np.flatnonzero(spoken), np.flatnonzero(called)
    channel = np.array((PHONE, PHONE, MESSAGE, EMAIL))[rng.integers(0, 4, len(ordering))]
    return [
        reactive(at_work(rng, world, what.ordered[ordering]), what.customer[ordering], channel,
                 department=SALES, kind="order", goes_out=False,
                 product=what.product[firsts[ordering]]),
        reactive(at_work(rng, world, what.delivered[ahead]), what.customer[ahead],
                 np.full(len(ahead), PHONE), department=LOGISTICS, kind="delivery", goes_out=True),
    ]  # fmt: skip
