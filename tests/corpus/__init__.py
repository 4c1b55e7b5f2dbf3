"""Bad files, made when they are needed, each with what must become of it.

The codes in the names are those of the catalogue of bad inputs: E encodings, C characters,
S structure, X spreadsheets and archives, F formulas, D dates, M money, K keys, P protection.
"""
