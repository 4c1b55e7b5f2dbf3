"""Plain values that every part speaks: money, period, reason, masked value.

Standard library only."""
