"""The part of the truth that is about dealings: contacts, cases, surveys, contracts, promotions."""

from typing import Any

import numpy as np

from clientela.demo import promoting
from clientela.demo.catalogue import catalogue
from clientela.demo.complaining import fault
from clientela.demo.contacting import CEILING
from clientela.demo.dealings import Dealings
from clientela.demo.entry_rows import lot_of
from clientela.demo.lands import SOURCES
from clientela.demo.moments import iso_week
from clientela.demo.moods import WITH
from clientela.demo.people import REASONS
from clientela.demo.world import DAYS, World


class Planted:
    """What was planted of dealings, gathered slice by slice."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pressed: list[dict[str, Any]] = []
        self.unhappy: list[dict[str, Any]] = []
        self.endings: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []

    def add(self, dealings: Dealings) -> None:
        """Take in what was planted in one slice; nothing where there are no dealings."""
        if self.world.is_sparse:
            return
        whom = dealings.pressed
        for n, week, weeks in zip(
            whom.customer.tolist(), whom.week.tolist(), whom.weeks.tolist(), strict=True
        ):
            broken = [iso_week(self.world, week + nth) for nth in range(weeks)]
            self.pressed.append({**_record(dealings, n), "weeks": broken})
        mood = dealings.moods
        for n in np.flatnonzero(mood.since < mood.until).tolist():
            since, until = (self.world.day(int(day[n])) for day in (mood.since, mood.until))
            days = {"from": since.isoformat(), "to": until.isoformat()}
            self.unhappy.append({**_record(dealings, n), "reason": WITH[mood.reason[n]], **days})
        self._endings(dealings)
        self._responses(dealings)

    def take_in(self, other: "Planted") -> None:
        """Take in what was gathered elsewhere, after what is here."""
        self.pressed.extend(other.pressed)
        self.unhappy.extend(other.unhappy)
        self.endings.extend(other.endings)
        self.responses.extend(other.responses)

    def as_json(self) -> dict[str, Any]:
        """Return the fields of the truth that are about dealings."""
        if self.world.is_sparse:
            return {}
        one = fault(self.world)
        code = catalogue(self.world).code(one.product)
        return {
            "contact_ceiling": CEILING,
            "over_contacted": self.pressed,
            "dissatisfied": self.unhappy,
            "faulty": {"product": code, "lot": lot_of(code, one.quarter)},
            "contract_endings": self.endings,
            "promotion_responses": self.responses,
        }

    def _endings(self, dealings: Dealings) -> None:
        found, who = dealings.contracts, dealings.papers.who
        for row in np.flatnonzero((found.next < 0) & (found.ends < DAYS)).tolist():
            n = int(found.customer[row])
            last = self.world.day(int(found.ends[row]) - 1)
            self.endings.append({
                **_record(dealings, n), "number": dealings.contract_number(row),
                "ended_on": last.isoformat(), "reason": REASONS[who.reason[n]],
            })  # fmt: skip

    def _responses(self, dealings: Dealings) -> None:
        found = dealings.targets
        for row in np.flatnonzero(found.response != promoting.NONE).tolist():
            self.responses.append({
                **_record(dealings, int(found.customer[row])),
                "promotion": self.world.campaigns[found.campaign[row]].code,
                "response": promoting.RESPONSES[found.response[row]],
                "reason": promoting.REASONS[found.reason[row]],
            })  # fmt: skip


def _record(dealings: Dealings, n: int) -> dict[str, str]:
    return {"source": SOURCES[dealings.sources[n]], "key": dealings.keys[n]}
