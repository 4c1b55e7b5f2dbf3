"""Bringing data in: reading a file, mapping, validation, staging, runs, quarantine.

Words: *run*, *mapping*, *quarantine*, *control totals*, *take back*."""
