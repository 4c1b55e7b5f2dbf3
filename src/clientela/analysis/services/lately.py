"""The questions asked lately in this process: those worth being worked out ahead.

What is kept of a question is who asked and what, never what that person reached: rights are looked
up when the question is worked out. It stays in memory and ends with the process.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from clientela.analysis.services.question import Asked, question
from clientela.kernel.days import day_in
from clientela.security.permits import Access

MOST = 24
REMEMBERED = timedelta(days=4)  # over a long weekend


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A question of a user, to be asked again. A cut-off on the day itself moves with the day.

    What is as the company has it stays so: it is not a parameter of the wish.
    """

    username: str
    name: str
    as_of: date | None  # None: the day it is
    from_on: date | None  # None: by default
    parameters: tuple[tuple[str, int | str | None], ...]
    source: str | None

    @classmethod
    def of(cls, access: Access, asked: Asked) -> Self:
        """Return what a user asks."""
        by_default = asked.is_of_its_length
        return cls(
            username=access.username,
            name=asked.analysis.name,
            as_of=None if asked.as_of == access.today else asked.as_of,
            from_on=None if by_default else asked.period.from_on,
            parameters=tuple(sorted(asked.chosen.items())),
            source=asked.source,
        )

    def on(self, today: date, *, at: datetime) -> Asked:
        """Return the question as it is to be asked on a day, by what the company has set then."""
        return question(
            self.name,
            as_of=self.as_of or today,
            at=at,
            from_on=self.from_on,
            parameters=dict(self.parameters),
            source=self.source,
        )

    def as_json(self) -> dict[str, Any]:
        """Return it for another process."""
        days = {name: day and day.isoformat() for name, day in self._days().items()}
        return asdict(self) | days | {"parameters": dict(self.parameters)}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Return what another process told."""
        days = {name: told[name] and date.fromisoformat(told[name]) for name in _DAYS}
        return cls(**{**told, **days, "parameters": tuple(sorted(told["parameters"].items()))})

    def _days(self) -> dict[str, date | None]:
        return {name: getattr(self, name) for name in _DAYS}


_DAYS = ("as_of", "from_on")


@dataclass(frozen=True, kw_only=True)
class _Asking:
    """When a question was asked last, and where it was: which day it is there moves it."""

    at: datetime
    zone: str


class Lately:
    """Questions by when they were asked last; the longest unasked is forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.companys: tuple[tuple[str, Any], ...] = ()  # what the company had set when asked last
        self._asked: OrderedDict[Wish, _Asking] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, access: Access, asked: Asked) -> None:
        """Remember that a user asks a question."""
        wish = Wish.of(access, asked)
        with self._lock:
            self.companys = asked.companys
            self._asked[wish] = _Asking(at=access.at, zone=access.time_zone)
            self._asked.move_to_end(wish)
            if len(self._asked) > self.most:
                self._asked.popitem(last=False)

    def newest_first(self, at: datetime) -> list[Wish]:
        """Return what was asked in the last days."""
        return [wish for wish, _ in self._remembered(at)]

    def moved(self, at: datetime, zones: Collection[str]) -> list[Wish]:
        """Return those, newest first, that a new day in some zones makes new questions."""
        asked = self._remembered(at)
        return [wish for wish, one in asked if wish.as_of is None and one.zone in zones]

    def days(self, at: datetime) -> dict[str, date]:
        """Return which day it is in each zone where a question moves with the day."""
        asked = self._remembered(at)
        return {one.zone: day_in(one.zone, at) for wish, one in asked if wish.as_of is None}

    def _remembered(self, at: datetime) -> list[tuple[Wish, _Asking]]:
        with self._lock:
            asked = list(self._asked.items())
        return [(wish, one) for wish, one in reversed(asked) if one.at > at - REMEMBERED]


LATELY = Lately()
