"""Text to typed value, or the reason why not. Strict: nothing is guessed cell by cell.

Every parser is a plain function `(text) -> value | Reason`; none raises on data.
"""
