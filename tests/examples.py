"""How many examples a law is tried on: more of them in `make prove`."""

import os

TIMES = int(os.environ.get("CLIENTELA_EXAMPLES", "1"))


def examples(usual: int) -> int:
    """Return the number of examples for a law that usually has `usual`."""
    return usual * TIMES
