"""Agreements with customers over a time: what was agreed, until when, and what followed.

Words: *contract*, *term* (from a day to the day after the last), *renewal*, *ending*."""
