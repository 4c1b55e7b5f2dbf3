"""Looking on until somebody waits for a lock, so that a test knows who came first."""

from collections.abc import Callable
from time import monotonic, sleep

from clientela.store.bulk import fetch

_WAITING = "select count(*) from pg_locks where not granted"


def look_on_until(many: int, alive: Callable[[], bool] = lambda: True) -> int:
    """Return how many wait for a lock, once they are so many; sooner where who should is `alive` no
    longer, and after 30 s."""
    waiting, until = 0, monotonic() + 30
    while waiting < many and alive() and monotonic() < until:
        sleep(0.05)
        waiting = int(fetch(_WAITING)[0][0])
    return waiting
