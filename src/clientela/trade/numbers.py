"""Numbers of documents that no source gave: keys made of what a document says.

A payment may come without a number. The books still have to know it again when its file comes
twice, so a key stands in the number's place: a mark, then a digest of what the payment says. The
mark is a control character, which the grammar of imports refuses in every cell: no number of a
source can begin with it. A digest, since what a payment says is class S3 and its number is not.
Such a key is nobody's number: it is never shown, and nothing is found by it.

A payment of which only its invoice tells, by the day that it was paid on, has no number either. Its
key is of the invoice: whatever a source calls its payments, invoices' numbers among them, is free.
"""

from collections.abc import Iterable
from hashlib import sha256

MADE = "\x1f"
MADE_SQL = "chr(31)"  # the same in a statement


def made_number(said: Iterable[object]) -> str:
    """Return the key of a document that has no number, from what it says, in its order."""
    text = "|".join(str(one or "") for one in said)
    return MADE + sha256(text.encode()).hexdigest()


def paid_key_sql(number: str) -> str:
    """Return, as an expression of SQL, the key of the payment that the invoice `number` tells of."""
    return f"{MADE_SQL} || 'paid:' || encode(sha256(convert_to({number}, 'UTF8')), 'hex')"


def is_made(number: str) -> bool:
    """Tell whether a number is a key that was made, and none that a source gave."""
    return number.startswith(MADE)
