"""Snapshots of the columnar copy: which version of each Delta table belongs together.

    <folder>/tables/<contract>/       a Delta table for each contract
    <folder>/snapshots/<number>.json  the version of each, published by one rename

A snapshot becomes visible whole: its file is written beside and renamed, and the newest is the
one with the highest number. Whoever opens a number keeps reading exactly that, while the next is
written, until the old files are swept (`refresh.KEEP_HOURS`).
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import deltalake

from clientela.tables.contract import TableContract


class NoSnapshot(LookupError):
    """There is no such snapshot of the copy, or no longer."""


@dataclass(frozen=True)
class Snapshot:
    """What was published together. `versions` are those of the Delta tables."""

    number: int
    database: str  # which database it came from, in which life of it
    watermark: int  # every transaction below this number is in it
    versions: Mapping[str, int]
    fingerprints: Mapping[str, str]  # shape of each contract when it was copied
    folder: Path

    def path(self, contract: TableContract) -> Path:
        """Return the folder of the contract's Delta table."""
        return table_path(self.folder, contract)

    def files(self, contract: TableContract) -> tuple[str, ...]:
        """Return the Parquet files of the contract in this snapshot, by full path.

        Raises NoSnapshot when the snapshot does not hold the contract.
        """
        if contract.name not in self.versions:
            raise NoSnapshot(f"snapshot {self.number} holds no {contract.name}")
        table = deltalake.DeltaTable(
            self.path(contract).resolve(), version=self.versions[contract.name]
        )
        return tuple(sorted(uri.removeprefix("file://") for uri in table.file_uris()))

    def fits(self, contract: TableContract) -> bool:
        """Whether the snapshot holds the contract in its present shape."""
        return self.fingerprints.get(contract.name) == fingerprint(contract)


def fingerprint(contract: TableContract) -> str:
    """Return the contract's shape as text: what must be equal for a copy to be continued."""
    return ",".join(f"{name}:{column.type}" for name, column in contract.columns.items())


def table_path(folder: Path, contract: TableContract) -> Path:
    """Return where the Delta table of a contract lies."""
    return folder / "tables" / contract.name


def numbers(folder: Path) -> list[int]:
    """Return the numbers of the snapshots there are, oldest first."""
    found = (folder / "snapshots").glob("*.json")
    return sorted(int(path.stem) for path in found if path.stem.isdigit())


def open_snapshot(folder: Path, number: int | None = None) -> Snapshot:
    """Return the snapshot of that number, or the newest. Raises NoSnapshot."""
    found = numbers(folder)
    if not found or (number is not None and number not in found):
        raise NoSnapshot(f"no snapshot {number or ''} in {folder}")
    chosen = found[-1] if number is None else number
    held: dict[str, Any] = json.loads((folder / "snapshots" / f"{chosen}.json").read_text())
    return Snapshot(folder=folder, **held)


def publish(snapshot: Snapshot) -> None:
    """Make the snapshot visible to every reader at once, and sure to outlive a power cut."""
    target = snapshot.folder / "snapshots" / f"{snapshot.number}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    held = asdict(snapshot)
    del held["folder"]
    draft = target.with_suffix(".draft")
    with draft.open("w") as out:
        json.dump(held, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def withdraw(folder: Path, numbers_gone: list[int]) -> None:
    """Remove snapshots whose files are about to be swept."""
    for number in numbers_gone:
        (folder / "snapshots" / f"{number}.json").unlink(missing_ok=True)
