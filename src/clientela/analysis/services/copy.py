"""Where the columnar copy is, and bringing it up to date."""

import os
from pathlib import Path
from urllib.parse import quote

from django.utils import timezone

from clientela.analysis.services.standing import marking
from clientela.runtime import database, paths
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.folding import fold
from clientela.warehouse.refresh import Refresh, RefreshRunning, refresh
from clientela.warehouse.session import Session
from clientela.warehouse.snapshots import NoSnapshot, open_snapshot


def copy_folder() -> Path:
    """Return the folder of the columnar copy: each database has one of its own."""
    name = database.name()
    return paths.data_dir() / (
        "copy" if name == database.DATABASE else f"copy-{quote(name, safe='')}"
    )


def refresh_copy(*, full: bool = False) -> Refresh:
    """Bring the copy to the database's present state. Raises RefreshRunning."""
    folder = copy_folder()
    with marking(folder, at=timezone.now()):
        return refresh(database.urls().reader, folder, full=full)


def fold_copy() -> bool:
    """Write into the copy's tables what was noted beside them, where that is due.

    No row changes and no reader waits for it. Return whether anything was written; another writer
    at the copy will see to it as well.
    """
    try:
        return fold(copy_folder())
    except RefreshRunning:
        return False


def ensure_copy() -> None:
    """Make the copy when there is none yet, or one of an earlier release that lacks columns; who
    comes second waits for nothing."""
    try:
        found = open_snapshot(copy_folder())
    except NoSnapshot:
        found = None
    if found is None or not all(map(found.holds, CONTRACTS.values())):
        try:
            refresh_copy()
        except RefreshRunning:
            return


def open_session() -> Session:
    """Open the engine that the installation is set to: DuckDB here, or Spark (see design).

    Raises NoSnapshot before the first refresh.
    """
    url = os.environ.get("CLIENTELA_WAREHOUSE", "")
    if url.startswith("sc://"):
        return Session.spark(url, copy_folder())
    return Session.delta(copy_folder())
