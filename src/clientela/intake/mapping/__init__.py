"""Columns of a file to fields of a kind: suggested with a confidence, corrected, saved, applied."""
