"""Days and instants of the command line; what is none is None, impossible dates included."""

from datetime import date, datetime

from django.utils.dateparse import parse_date, parse_datetime


def a_day(text: str) -> date | None:
    """Return the day that a text names: 2026-06-30."""
    try:
        return parse_date(text)
    except ValueError:  # well formed, but there is no such day
        return None


def an_instant(text: str) -> datetime | None:
    """Return the instant that a text names: 2026-06-30T12:00:00Z."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
