"""Contacts, cases, surveys, promotions and contracts of a slice as the rows that are loaded.

Each generator yields the place of the row's source and the row, as its loader wants it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from clientela.demo import asking, complaining, contacting, contracting, promoting
from clientela.demo.catalogue import CATEGORIES, catalogue
from clientela.demo.complaining import quarters
from clientela.demo.dealings import Dealings
from clientela.demo.drawing import Ints
from clientela.demo.lands import BRANCHES, LANDS
from clientela.demo.moments import as_text, pick
from clientela.demo.people import OWNERS
from clientela.demo.world import DAYS

Row = tuple[Any, ...]
Owners = Mapping[tuple[str, int], int]


def contract_rows(dealings: Dealings) -> Iterator[tuple[int, Row]]:
    """Yield contracts."""
    found, who, world = dealings.contracts, dealings.papers.who, dealings.papers.world
    ended = (found.next < 0) & (found.ends < DAYS)
    columns = (found.customer, found.begins, found.ends, found.signed, found.kind, found.value,
               found.next, ended)  # fmt: skip
    for row, (n, begins, ends, signed, kind, value, following, is_over) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        # Who renewed later than the last day has not renewed yet.
        state = "ended" if is_over else "active" if following < 0 else "renewed"
        yield dealings.sources[n], (
            dealings.contract_number(row), *_account(dealings, n), contracting.KINDS[kind],
            world.day(signed), world.day(begins), world.day(ends),
            LANDS[who.land[n]].currency, value, int(who.terms[n]), state,
            world.day(ends - 1) if is_over else None,
            dealings.contract_number(following) if following >= 0 else None,
        )  # fmt: skip


def target_rows(dealings: Dealings) -> Iterator[tuple[int, Row]]:
    """Yield whom promotions were for or held back from."""
    found, world = dealings.targets, dealings.papers.world
    columns = (found.customer, found.campaign, found.treated, found.response, found.reason,
               found.day)  # fmt: skip
    for n, campaign, treated, response, reason, day in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        name = world.campaigns[campaign].code
        yield dealings.sources[n], (
            f"{name}-{dealings.keys[n]}", *_account(dealings, n), name,
            "treated" if treated else "control", promoting.RESPONSES[response],
            promoting.REASONS[reason], world.day(day) if day >= 0 else None,
        )  # fmt: skip


def case_rows(dealings: Dealings, *, owners: Owners) -> Iterator[tuple[int, Row]]:
    """Yield cases. Complaints are the account manager's, the others the service desk's."""
    found, world = dealings.cases, dealings.papers.world
    received, answered, resolved = (
        as_text(world, moment) for moment in (found.received, found.answered, found.resolved)
    )
    due = as_text(world, found.due, planned=True)
    products, lots = _products(dealings, found.product), _lots(dealings)
    words = (
        pick(complaining.KINDS, found.kind), pick(complaining.PRIORITIES, found.priority),
        pick(complaining.CAUSES, found.cause), pick(complaining.OUTCOMES, found.outcome),
    )  # fmt: skip
    for row, (n, kind, priority, cause, outcome) in enumerate(
        zip(found.customer.tolist(), *words, strict=True)
    ):
        done = resolved[row] is not None
        state = "resolved" if done else "answered" if answered[row] else "new"
        handler = _owner(dealings, owners, n) if kind == "complaint" else None
        yield dealings.sources[n], (
            f"CS{dealings.papers.part:03d}-{row + 1:06d}", *_account(dealings, n), kind, priority,
            products[row], lots[row], handler, received[row], due[row],
            answered[row], resolved[row], state, cause if answered[row] else "",
            outcome if done else "",
        )  # fmt: skip


def invitation_rows(dealings: Dealings) -> Iterator[tuple[int, Row]]:
    """Yield who was asked in which survey."""
    found, world = dealings.asked, dealings.papers.world
    columns = (found.customer, found.survey, found.day)
    for n, survey, day in zip(*(column.tolist() for column in columns), strict=True):
        yield dealings.sources[n], (
            f"{asking.code(survey)}-{dealings.keys[n]}", *_account(dealings, n),
            asking.code(survey), world.day(day),
        )  # fmt: skip


def answer_rows(dealings: Dealings) -> Iterator[tuple[int, Row]]:
    """Yield the answers of those who answered, question by question."""
    found = dealings.asked
    when = as_text(dealings.papers.world, found.answered)
    scored = [question["code"] for question in asking.QUESTIONS if question["kind"] == "score"]
    for row in np.flatnonzero(found.answered >= 0).tolist():
        n = int(found.customer[row])
        number = f"{asking.code(int(found.survey[row]))}-{dealings.keys[n]}"
        for place, question in enumerate(scored):
            score = int(found.scores[place, row])
            yield dealings.sources[n], (number, question, score, "", when[row])
        better = asking.BETTER[found.better[row]]
        yield dealings.sources[n], (number, "better", None, better, when[row])


def contact_rows(dealings: Dealings, *, owners: Owners) -> Iterator[tuple[int, Row]]:
    """Yield contacts, with the code of a product in the place of its id."""
    found, part = dealings.contacts, dealings.papers.part
    category = catalogue(dealings.papers.world).category
    products = _products(dealings, found.product)
    named = [
        CATEGORIES[category[product]][2] if product >= 0 else ""
        for product in found.product.tolist()
    ]
    columns = (
        found.customer.tolist(), as_text(dealings.papers.world, found.moment),
        pick(contacting.DEPARTMENTS, found.department), found.goes_out.tolist(),
        pick(contacting.CHANNELS, found.channel), pick(contacting.KINDS, found.kind),
        found.proactive.tolist(), products, named,
    )  # fmt: skip
    for row, (n, moment, department, out, channel, kind, proactive, product, about) in enumerate(
        zip(*columns, strict=True)
    ):
        staff = _owner(dealings, owners, n) if department == "sales" else None
        yield dealings.sources[n], (
            f"K{part:03d}-{row + 1:07d}", *_account(dealings, n), moment, department,
            "out" if out else "in", channel, kind, proactive, product, about, staff,
        )  # fmt: skip


def _account(dealings: Dealings, n: int) -> tuple[str, int]:
    """Return a customer's key and the node of its branch."""
    papers = dealings.papers
    return dealings.keys[n], papers.nodes[papers.who.branch[n]]


def _owner(dealings: Dealings, owners: Owners, n: int) -> int:
    who = dealings.papers.who
    return owners[BRANCHES[who.branch[n]].code, int(who.owner[n]) % OWNERS]


def _products(dealings: Dealings, product: Ints) -> list[str | None]:
    goods = catalogue(dealings.papers.world)
    codes = [goods.code(place) for place in range(len(goods.names))]
    return [codes[place] if place >= 0 else None for place in product.tolist()]


def _lots(dealings: Dealings) -> Sequence[str]:
    """Return the lot of what each case is about: its product's, of the quarter of delivery."""
    found, world = dealings.cases, dealings.papers.world
    goods, quarter = catalogue(world), quarters(world)
    return [
        lot_of(goods.code(product), quarter[delivered]) if delivered >= 0 else ""
        for product, delivered in zip(found.product.tolist(), found.delivered.tolist(), strict=True)
    ]


def lot_of(product: str, quarter: str) -> str:
    """Return the lot of a product that was delivered in a quarter."""
    return f"{product}/{quarter}"
