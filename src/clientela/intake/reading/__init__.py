"""Bytes to rows: what kind of file it is, how its text is written, its records one by one.

Words: *record* (one row of data, blank lines are none), *fault* (why a record cannot be read),
*description* (what was found out about a file before any row is taken).
"""
