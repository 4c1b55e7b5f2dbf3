"""The columnar copy and the sessions on it: the only code that executes expressions."""
