"""Days and time zones: which day it is at an instant depends on where."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from clientela.kernel.reasons import Invalid, Reason

UTC_NAME = "UTC"
FIRST_DAY = date(1900, 1, 1)  # before it nothing is true of a customer, a rate or a document
# Between these an instant has a day in each zone there is.
_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
_CITIES = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
    "Europe/", "Indian/", "Pacific/",
)  # fmt: skip


def zone_of(name: str) -> ZoneInfo:
    """Return a zone of the IANA list; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(UTC_NAME)


def day_in(zone: str, at: datetime) -> date:
    """Return the day that it is at an instant in a zone.

    >>> from datetime import UTC
    >>> day_in("Asia/Shanghai", datetime(2026, 5, 4, 23, 30, tzinfo=UTC)).isoformat()
    '2026-05-05'
    """
    return at.astimezone(zone_of(zone)).date()


def instant_of(at: datetime, field: str) -> datetime:
    """Return an instant that somebody asks for, in UTC. Raises Invalid naming `field`: for one
    without a zone, and for one that is before or after all days there are, in UTC or in any zone.
    """
    if at.tzinfo is None:
        raise Invalid(Reason(code="field_not_an_instant", params={"field": field}))
    if not _FIRST <= at <= _LAST:
        raise Invalid(Reason(code="day_out_of_range", params={"field": field}))
    return at.astimezone(UTC)


def begin_of(day: date, zone: str) -> datetime:
    """Return the instant at which a day begins in a zone.

    >>> begin_of(date(2026, 5, 4), "Asia/Shanghai").isoformat()
    '2026-05-04T00:00:00+08:00'
    """
    return datetime.combine(day, time.min, zone_of(zone))


@cache
def zone_names() -> tuple[str, ...]:
    """Return the zones that a person or a place can have: those named for a city, and UTC."""
    return (UTC_NAME, *sorted(n for n in available_timezones() if n.startswith(_CITIES)))
