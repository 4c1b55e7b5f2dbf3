"""Where the columnar copy stands: which imports it does not hold yet, and when it is next looked at.

Each refresh leaves, in `position.json` of the copy's folder, the number below which every
transaction of the database had ended when it began. Whatever committed with a lower number is in
the copy, also where a refresh found nothing to copy and published no snapshot.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from clientela.intake.selectors.ended import runs_ended_since, transactions_ended

MINUTES = 2  # between two refreshes: that of the task's crontab
_FILE = "position.json"


@dataclass(frozen=True, kw_only=True)
class Position:
    """Transactions below `transaction` are in the copy, by the refresh that began at `began_at`."""

    transaction: int
    began_at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far the copy is behind what a reader reaches."""

    runs: int  # imports that ended, or were taken back, and are not in the copy
    refreshing: bool  # a refresh is due by now; else the next one is at `next_at`
    next_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the form of the command line and the API."""
        return {
            "runs_not_in": self.runs,
            "refreshing": self.refreshing,
            "next_refresh_at": self.next_at.isoformat(),
        }


@contextmanager
def marking(folder: Path, *, at: datetime) -> Iterator[None]:
    """Keep the position of a refresh of the copy in `folder`, when it succeeds."""
    position = Position(transaction=transactions_ended(), began_at=at)
    yield
    draft = folder / f"{_FILE}.draft"
    kept = asdict(position) | {"began_at": position.began_at.isoformat()}
    draft.write_text(json.dumps(kept), encoding="utf-8")
    draft.replace(folder / _FILE)


def position_of(folder: Path) -> Position | None:
    """Return the position of the copy in `folder`; None before its first refresh ended."""
    try:
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Position(
        transaction=kept["transaction"], began_at=datetime.fromisoformat(kept["began_at"])
    )


def standing_of(folder: Path, *, at: datetime) -> Standing | None:
    """Return which runs the copy does not hold; None where it holds all that the reader reaches."""
    position = position_of(folder)
    runs = runs_ended_since(position.transaction if position else 0, at=at)
    if not runs:
        return None
    last = at.replace(minute=at.minute - at.minute % MINUTES, second=0, microsecond=0)
    due = position is None or position.began_at < last
    return Standing(runs=runs, refreshing=due, next_at=last + timedelta(minutes=MINUTES))
