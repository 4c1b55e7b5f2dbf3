"""What an exchange rate is, wherever it is entered, kept or read."""

from datetime import timedelta

HOLDS_FOR = timedelta(days=7)  # a rate, beyond its day
PLACES, DIGITS = 10, 10  # of a rate, after and before the point
