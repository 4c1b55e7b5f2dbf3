"""Periods of days, half-open: the first day belongs to them, the day they end at does not.

`as_of` means the end of that day, so a period that ends at `as_of` ends before the day after.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


class NotAPeriod(ValueError):
    """A period that ends before it begins."""


def months_later(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or the month's last day if it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Period:
    """The days from `from_on` (None: from the beginning) to before `until_on`."""

    from_on: date | None
    until_on: date  # not included

    def __post_init__(self) -> None:
        """Refuse a period without a day in it."""
        if self.from_on is not None and self.from_on >= self.until_on:
            raise NotAPeriod(f"from {self.from_on} until {self.until_on}")

    @property
    def last_on(self) -> date:
        """The last day that belongs to the period."""
        return self.until_on - DAY

    @property
    def days(self) -> int | None:
        """How many days belong to the period; None when it has no beginning."""
        return None if self.from_on is None else (self.until_on - self.from_on).days

    @property
    def months(self) -> int | None:
        """How many whole months the period is long; None when it is not whole or not bounded."""
        if self.from_on is None:
            return None
        months = month_index(self.until_on) - month_index(self.from_on)
        return (
            months if months > 0 and months_later(self.until_on, -months) == self.from_on else None
        )

    def before(self) -> "Period | None":
        """Return the period of the same length that ends where this one begins.

        Whole months are as many months, anything else as many days. None when this one has no
        beginning, or days have none so early.
        """
        if self.from_on is None or self.days is None:
            return None
        try:
            if self.months is not None:
                return Period(months_later(self.from_on, -self.months), self.from_on)
            return Period(self.from_on - timedelta(days=self.days), self.from_on)
        except (ValueError, OverflowError):
            return None

    def __contains__(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and day < self.until_on


def month_index(day: date) -> int:
    """Return the number of the month since year 0: year × 12 + month − 1."""
    return day.year * 12 + day.month - 1


def period_until(as_of: date, months: int | None = None) -> Period:
    """Return the `months` months that end with the day `as_of`; None: everything until then.

    >>> period_until(date(2026, 6, 30), 12)
    Period(from_on=datetime.date(2025, 7, 1), until_on=datetime.date(2026, 7, 1))
    """
    until_on = as_of + DAY
    return Period(None if months is None else months_later(until_on, -months), until_on)
