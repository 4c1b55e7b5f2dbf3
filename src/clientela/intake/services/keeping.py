"""The file of a run: sealed while the run may need it, gone when the run has ended.

A file may be about persons, so nothing of it lies in the data folder in the open:
it is kept under the run's own key, which also seals its rejected rows, and goes with the run's
last step. While it is read there is a plain copy that this process alone can read. It has no name, so
it goes with the process, however that ends. Where the system reaches no file without a name, what
a killed process left goes when the next file is kept or opened.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import transaction

from clientela.intake.models import Run
from clientela.intake.reading.faults import refuse
from clientela.runtime import paths
from clientela.runtime.locks import exclusive
from clientela.store.context import system_context
from clientela.store.sealed_files import seal_file, unseal_file
from clientela.store.sealing import SealBroken, unwrap

FOLDER, OPEN = "imports", "open"
ENDED = (Run.State.DONE, Run.State.FAILED, Run.State.CANCELLED, Run.State.TAKEN_BACK)
STRAY = 24 * 3600  # seconds after which a file that no run needs is nobody's work in progress
_PATIENCE = 30.0  # seconds


def keep(run: Run, path: Path) -> None:
    """Seal a file for a run. The caller saves the run."""
    _sweep()
    place = Path(FOLDER) / str(run.public_id)
    kept = paths.data_dir() / place
    draft = kept.with_suffix(".new")
    with path.open("rb") as plain, open(draft, "wb", opener=_private) as sealed:
        key = unwrap(run.sealed_key, run.pk)
        seal_file(plain, sealed, record_id=run.pk, data_key=key)
        sealed.flush()
        os.fsync(sealed.fileno())
    draft.replace(kept)
    run.file_path = str(place)


@contextmanager
def opened(run: Run) -> Iterator[Path]:
    """Give a plain copy of the run's file for the length of the block.

    Raises FileRefused when what was kept is gone or was changed.
    """
    folder = _folder() / OPEN
    copy = folder / f"{run.public_id}.{os.getpid()}.{time.monotonic_ns()}"
    with exclusive(_folder() / "lock", seconds=_PATIENCE):
        _sweep_copies(folder)
        plain = open(copy, "wb", opener=_private)  # noqa: SIM115 - the lock stays until the end
        fcntl.flock(plain, fcntl.LOCK_EX)  # says that somebody is at it, while he lives
    with plain:
        try:
            _unseal(run, plain)
            yield _unnamed(copy, plain.fileno())
        finally:
            copy.unlink(missing_ok=True)


def drop(run: Run) -> None:
    """Remove the file of a run that has ended, once that is certain, and with it the key of what
    is staged of it. The caller saves the run."""
    if run.file_path:
        kept = paths.data_dir() / run.file_path
        transaction.on_commit(lambda: kept.unlink(missing_ok=True))
    run.file_path, run.staging_key = "", None


def forsake(run: Run) -> None:
    """Remove at once the file of a run that never came to be."""
    (_folder() / str(run.public_id)).unlink(missing_ok=True)


def _unnamed(copy: Path, number: int) -> Path:
    """Take an open file its name, and return where this process and its children find it."""
    reached = Path(f"/proc/{os.getpid()}/fd/{number}")
    if not reached.exists():
        return copy
    copy.unlink()
    return reached


def _unseal(run: Run, plain: object) -> None:
    try:
        key = unwrap(run.sealed_key, run.pk)
        with (paths.data_dir() / run.file_path).open("rb") as sealed:
            unseal_file(sealed, plain, record_id=run.pk, data_key=key)  # type: ignore[arg-type]
        plain.flush()  # type: ignore[attr-defined]
    except (SealBroken, FileNotFoundError, IsADirectoryError) as error:
        raise refuse("kept_file_lost") from error


def _folder() -> Path:
    folder = paths.data_dir() / FOLDER
    (folder / OPEN).mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _sweep() -> None:
    """Remove what no run needs: copies of killed processes, files whose run has ended."""
    folder = _folder()
    with exclusive(folder / "lock", seconds=_PATIENCE):
        _sweep_copies(folder / OPEN)
    old = time.time() - STRAY
    places = [p for p in folder.iterdir() if p.name not in (OPEN, "lock") and _changed(p) < old]
    if not places:
        return
    with system_context("removing files that no import needs"):
        runs = Run.objects.exclude(state__in=ENDED).exclude(file_path="")
        needed = {Path(place).parts[1] for place in runs.values_list("file_path", flat=True)}
    for place in places:
        if place.name not in needed:
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)


def _sweep_copies(folder: Path) -> None:
    for copy in folder.iterdir():
        with suppress(OSError), copy.open("rb") as left:  # held by a process that lives: stays
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            copy.unlink(missing_ok=True)


def _changed(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
