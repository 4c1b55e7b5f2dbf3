"""The questions asked lately in this process: those worth being worked out ahead.

What is kept of a question is who asked and what, never what that person reached: rights are looked
up when the question is worked out. It stays in memory and ends with the process.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from clientela.analysis.services.question import Asked, question
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
        by_default = asked.period == asked.analysis.period(asked.as_of)
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


class Lately:
    """Questions by when they were asked last; the longest unasked is forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.companys: tuple[tuple[str, Any], ...] = ()  # what the company had set when asked last
        self._asked_at: OrderedDict[Wish, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, access: Access, asked: Asked) -> None:
        """Remember that a user asks a question."""
        wish = Wish.of(access, asked)
        with self._lock:
            self.companys = asked.companys
            self._asked_at[wish] = access.at
            self._asked_at.move_to_end(wish)
            if len(self._asked_at) > self.most:
                self._asked_at.popitem(last=False)

    def newest_first(self, at: datetime) -> list[Wish]:
        """Return what was asked in the last days."""
        with self._lock:
            asked = list(self._asked_at.items())
        return [wish for wish, asked_at in reversed(asked) if asked_at > at - REMEMBERED]


LATELY = Lately()
