"""Snapshots of the columnar copy: which version of each Delta table belongs together.

    <folder>/tables/<contract>/       a Delta table for each contract
    <folder>/overlays/<contract>/     another, with what changed since (see `overlays`)
    <folder>/snapshots/<number>.json  the version of each, published by one rename

A snapshot becomes visible whole: its file is written beside and renamed, and the newest is the
one with the highest number. Whoever opens a number keeps reading exactly that, while the next is
written, until the old files are swept (`refresh.KEEP_HOURS`).
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa

from clientela.tables.contract import TableContract

LAYOUT = 2  # of tables and overlays; of an older one everything is loaded anew


class NoSnapshot(LookupError):
    """There is no such snapshot of the copy, or no longer."""


@dataclass(frozen=True)
class Held:
    """What readers see of a contract: a version of its table, and one of its overlay."""

    version: int
    overlay: int | None = None  # None: there is none yet
    replaced: tuple[int, ...] = ()  # parts of the table with rows that the overlay replaces


def fields_of(held: Mapping[str, Held]) -> dict[str, Any]:
    """Return what a snapshot says of the tables it holds, each a field of `Snapshot`."""
    return {
        "versions": {name: one.version for name, one in held.items()},
        "overlays": {n: one.overlay for n, one in held.items() if one.overlay is not None},
        "replaced": {n: list(one.replaced) for n, one in held.items() if one.replaced},
    }


@dataclass(frozen=True)
class Pieces:
    """The Parquet files that together are a contract's rows, by full path."""

    whole: tuple[str, ...]  # every row counts
    replaced: tuple[str, ...] = ()  # rows count unless their key is in `keys`
    keys: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()  # rows count unless their key and seq are in `void`
    void: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """What was published together. `versions` are those of the Delta tables."""

    number: int
    database: str  # which database it came from, in which life of it
    watermark: int  # every transaction below this number is in it
    versions: Mapping[str, int]
    fingerprints: Mapping[str, str]  # shape of each contract when it was copied
    folder: Path
    overlays: Mapping[str, int] = field(default_factory=dict)  # versions of the overlays
    replaced: Mapping[str, list[int]] = field(default_factory=dict)  # as in `Held`
    rows_of: int | None = None  # the snapshot that holds the same rows, where one was folded

    @property
    def state(self) -> tuple[str, int, int, str]:
        """What tells these rows from those of every other snapshot, of this copy and of any made in
        its place. Folding changes how rows lie, not the rows."""
        return (self.database, self.rows_of or self.number, self.watermark, str(self.folder))

    def written_as(self, held: Mapping[str, Held]) -> "Snapshot":
        """Return the next snapshot, of the same rows, as they are held now."""
        return replace(
            self,
            number=self.number + 1,
            rows_of=self.rows_of or self.number,
            **fields_of(held),
        )

    def held(self, contract: TableContract) -> Held:
        """Return what the snapshot holds of the contract; raises NoSnapshot for nothing."""
        name = contract.name
        if name not in self.versions:
            raise NoSnapshot(f"snapshot {self.number} holds no {name}")
        replaced = tuple(self.replaced.get(name, ()))
        return Held(self.versions[name], self.overlays.get(name), replaced)

    def pieces(self, contract: TableContract) -> Pieces:
        """Return the files of the contract in this snapshot; raises NoSnapshot, also where they
        lack a column of it: an earlier release wrote them."""
        if not self.holds(contract):
            raise NoSnapshot(f"snapshot {self.number} holds no {contract.name} of this shape")
        return pieces_of(self.folder, contract, self.held(contract))

    def holds(self, contract: TableContract) -> bool:
        """Whether the contract can be read: each of its columns is there, maybe more."""
        _, _, columns = self.fingerprints.get(contract.name, "").partition(";")
        return set(_shape(contract)) <= set(columns.split(","))

    def fits(self, contract: TableContract) -> bool:
        """Whether the snapshot holds the contract in its present shape."""
        return self.fingerprints.get(contract.name) == fingerprint(contract)


def fingerprint(contract: TableContract) -> str:
    """Return the contract's shape as text: what must be equal for a copy to be continued."""
    return f"{LAYOUT};{','.join(_shape(contract))}"


def _shape(contract: TableContract) -> list[str]:
    return [f"{name}:{column.type}" for name, column in contract.columns.items()]


def table_path(folder: Path, contract: TableContract) -> Path:
    """Return where the Delta table of a contract lies."""
    return folder / "tables" / contract.name


def overlay_path(folder: Path, contract: TableContract) -> Path:
    """Return where the Delta table of a contract's overlay lies."""
    return folder / "overlays" / contract.name


def pieces_of(folder: Path, contract: TableContract, held: Held) -> Pieces:
    """Return the files of what is held of a contract."""
    by_part = _paths(table_path(folder, contract), held.version, "part")
    whole = [
        file for part, files in by_part.items() if int(part) not in held.replaced for file in files
    ]
    if held.overlay is None:
        return Pieces(tuple(whole))
    by_state = _paths(overlay_path(folder, contract), held.overlay, "state")
    noted = (*by_state.get("new", ()), *by_state.get("changed", ()))
    void = tuple(by_state.get("void", ()))
    return Pieces(
        whole=tuple(whole) if void else (*whole, *noted),
        replaced=tuple(f for part in held.replaced for f in by_part.get(str(part), ())),
        keys=(*by_state.get("changed", ()), *by_state.get("gone", ())),
        noted=noted if void else (),
        void=void,
    )


@dataclass(frozen=True)
class Files:
    """The files of one version of a Delta table, and how many rows they have."""

    paths: Mapping[str, list[str]]  # full paths, by the value of the partition column
    rows: Mapping[str, int]  # by the same


def files_of(table: deltalake.DeltaTable, path: Path, column: str) -> Files:
    """Return the files of an open Delta table that lies at `path`, by its partition `column`."""
    actions = pa.table(table.get_add_actions(flatten=True))
    paths: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for file, given, count in zip(
        actions["path"].to_pylist(),
        actions[f"partition.{column}"].to_pylist(),
        actions["num_records"].to_pylist(),
        strict=True,
    ):
        value = str(given)
        paths.setdefault(value, []).append(str(path.resolve() / file))
        rows[value] = rows.get(value, 0) + count
    return Files({value: sorted(found) for value, found in sorted(paths.items())}, rows)


def newest_version(path: Path) -> int | None:
    """Return the newest version of the Delta table at `path` by its log, None for no table."""
    found = [int(log.stem) for log in (path / "_delta_log").glob("*.json") if log.stem.isdigit()]
    return max(found, default=None)


def _paths(path: Path, version: int, column: str) -> Mapping[str, list[str]]:
    return files_of(deltalake.DeltaTable(path.resolve(), version=version), path, column).paths


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


def newest(folder: Path) -> Snapshot | None:
    """Return the newest snapshot, None for none yet."""
    try:
        return open_snapshot(folder)
    except NoSnapshot:
        return None


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
