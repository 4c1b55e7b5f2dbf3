"""Letters before a document number that say what the document is: C536379 takes 536379 back.

Suggested only on evidence: nearly all numbers are digits alone, some have the letter C before
them, and the quantities of those are negative. The letter A (an adjustment) goes with it.
"""

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from decimal import Decimal

from clientela.intake.grammar.numbers import parse_number
from clientela.intake.mapping.model import Mapping
from clientela.intake.reading.batch import Cell

_MOSTLY = 0.8
CONVENTION = {"C": "credit_note", "A": "adjustment"}


def suggest_prefixes(mapping: Mapping, samples: AnyMapping[str, Sequence[Cell]]) -> dict[str, str]:
    """Return the letters and the kinds of document they mean, empty without evidence."""
    numbers = [str(cell).strip() for cell in samples.get(mapping.columns["document_number"], ())]
    plain = sum(number.isdigit() for number in numbers)
    marked = [n for n, number in enumerate(numbers) if re.fullmatch(r"[Cc]\d+", number)]
    if not marked or plain < len(numbers) * _MOSTLY:
        return {}
    column = mapping.columns.get("quantity") or mapping.columns.get("net_amount", "")
    amounts = samples.get(column, ())
    rule = mapping.rule(column).numbers
    values = [parse_number(amounts[n], rule, decimals=9) for n in marked if n < len(amounts)]
    negative = [value for value in values if isinstance(value, Decimal) and value < 0]
    return dict(CONVENTION) if values and len(negative) == len(values) else {}
