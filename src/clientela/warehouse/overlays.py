"""What an overlay holds: the rows of a table that changed since it was last written, apart.

Rewriting a month for one changed row makes a refresh as dear as the months it touches. So a change
is written into a second, small Delta table, and reading puts it in place of the rows it replaces:

    rows that stand = (table without the keys of `changed` and `gone`) + `new` + `changed`

Each entry of the overlay has a `part` (that of the table its row belongs to) and a `state`:

    new      the row stands here; the table holds no row of its key
    changed  the row stands here, in place of the table's row of its key in the same part
    gone     only the key: the table's row of that key in this part stands no more

A row that moved to another part is `gone` in the one and `new` in the other. A part is *folded*
when its entries are written into the table: see `Limits`. An entry that moved in is folded only
with, or after, the part that it left, so the table never holds a key twice and the keys of
`changed` and `gone` may be taken from all of it.
"""

# ruff: noqa: S608 (names, parts and paths are our own)
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clientela.tables.contract import TableContract
from clientela.warehouse.parquet import columns_of, quoted, rows_in

KEYS_IN_A_PART = 262_144
STATES = ("new", "changed", "gone")


@dataclass(frozen=True)
class Limits:
    """When entries are folded into the table. Shares are of rows."""

    overlay: float = 0.1  # of the table; beyond it the heaviest parts are folded down to `keep`
    keep: float = 0.0
    part: float = 0.25  # of a part; beyond it the part is folded
    rows: int = 1024  # a part of no more rows is folded at once: that costs no more than noting


def to_fold(entries: Mapping[int, int], rows: Mapping[int, int], limits: Limits) -> tuple[int, ...]:
    """Return the parts to fold, from the entries and the table's rows of each part.

    Each refresh writes the overlay again, and a fold its parts, whatever few their entries are. With
    a share c of the rows changing each time, folding all at a share x costs c / x of the table and
    the overlays before it x / 2, together the least at x = √2c: 0.14 where 1 % changes, and less
    where rows are written to an overlay more slowly than to a part, as was measured.
    """
    left, whole = sum(entries.values()), sum(rows.values())
    until = limits.keep if left > limits.overlay * whole else limits.overlay
    folded = []
    for part in sorted(entries, key=lambda p: (-entries[p] / max(rows.get(p, 0), 1), p)):
        held = rows.get(part, 0)
        if held <= limits.rows or entries[part] > limits.part * held or left > until * whole:
            folded.append(part)
            left -= entries[part]
    return tuple(sorted(folded))


def part_of(contract: TableContract) -> str:
    """Return the part of a row: its month (202603), else a range of its keys."""
    if contract.day is None:
        return f'CAST("{contract.one_row_per[0]}" // {KEYS_IN_A_PART} AS INTEGER)'
    return f'CAST(year("{contract.day}") * 100 + month("{contract.day}") AS INTEGER)'


def working_out(
    contract: TableContract, table: list[str], overlay: Mapping[str, list[str]]
) -> list[str]:
    """Return the statements that make `entries`, the overlay after a change.

    They read `changed` (rows) and `replaced` (row_key: of what changed or went), the files of the
    table, and those of the overlay before, by state.
    """
    key, part = f'"{contract.one_row_per[0]}"', part_of(contract)
    of_changed = f"SELECT *, {part} AS part FROM changed"
    standing = (
        f"SELECT {key} AS row_key, {part} AS part FROM ({rows_in(contract, table)}) AS t"
        f" SEMI JOIN replaced AS r ON t.{key} = r.row_key"
    )
    before = (
        f"SELECT * FROM ({all_in(contract, overlay)}) AS e"
        f" ANTI JOIN replaced AS r ON e.{key} = r.row_key UNION ALL "
        if overlay
        else ""
    )
    live = (
        f"SELECT {columns_of(contract)}, c.part,"
        " CASE WHEN s.part = c.part THEN 'changed' ELSE 'new' END AS state"
        f" FROM ({of_changed}) AS c LEFT JOIN standing AS s ON c.{key} = s.row_key"
    )
    no_row = ", ".join(
        f"s.row_key AS {key}" if f'"{name}"' == key else f'NULL AS "{name}"'
        for name in contract.columns
    )
    left = (
        f"SELECT {no_row}, s.part, 'gone' AS state FROM standing AS s"
        f" LEFT JOIN ({of_changed}) AS c ON c.{key} = s.row_key"
        f" WHERE c.{key} IS NULL OR c.part <> s.part"
    )
    return [
        f"CREATE OR REPLACE TEMP TABLE standing AS {standing}",
        f"CREATE OR REPLACE TEMP VIEW entries AS {before}{live} UNION ALL {left}",
    ]


def entries_in(contract: TableContract, files: Iterable[str]) -> str:
    """Return a query for the overlay's entries in these files, with their part."""
    listed = ", ".join(f"'{quoted(file)}'" for file in files)
    if not listed:
        return f"SELECT *, CAST(NULL AS INTEGER) AS part FROM ({rows_in(contract, ())})"
    read = f"read_parquet([{listed}], hive_partitioning = false)"
    return f"SELECT {columns_of(contract)}, part FROM {read}"


def all_in(contract: TableContract, overlay: Mapping[str, list[str]]) -> str:
    """Return a query for all entries of an overlay, of which at least one state has files."""
    return " UNION ALL ".join(
        f"SELECT *, '{state}' AS state FROM ({entries_in(contract, overlay[state])})"
        for state in STATES
        if state in overlay
    )


def gone_count(contract: TableContract, overlay: Mapping[str, list[str]]) -> str:
    """Return a query for how many of `gone` stood before; it comes after `working_out`."""
    key = f'"{contract.one_row_per[0]}"'
    live, dead = (
        " UNION ALL ".join(
            f"SELECT {key} FROM ({entries_in(contract, overlay.get(state, ()))})" for state in some
        )
        for some in (("new", "changed"), ("changed", "gone"))
    )
    return (
        f"SELECT count(*) FROM gone WHERE row_key IN ({live})"
        f" OR (row_key IN (SELECT row_key FROM standing) AND row_key NOT IN ({dead}))"
    )


def folding(contract: TableContract, files: list[str], parts: tuple[int, ...]) -> dict[str, str]:
    """Return two queries: `folded`, the rows of these parts anew, and `kept`, the overlay then.

    `files` are the table's in the parts. A row that came from a part not folded with it is kept.
    """
    key, columns = f'"{contract.one_row_per[0]}"', columns_of(contract)
    goes = _goes(contract, parts)
    return {
        "folded": f"SELECT {columns} FROM ({rows_in(contract, files)})"
        f" ANTI JOIN (SELECT {key} FROM entries WHERE state <> 'new') USING ({key})"
        f" UNION ALL SELECT {columns} FROM entries WHERE state <> 'gone' AND {goes}",
        "kept": f"SELECT * FROM entries WHERE NOT ({goes})",
    }


def foldable(contract: TableContract, parts: tuple[int, ...]) -> str:
    """Return a query for how many of `entries` can be written into the table with these parts."""
    return f"SELECT count(*) FROM entries WHERE {_goes(contract, parts)}"


def _goes(contract: TableContract, parts: tuple[int, ...]) -> str:
    """Return the condition that an entry is in these parts and did not come from another."""
    key, among = f'"{contract.one_row_per[0]}"', _among(parts)
    outside = f"SELECT {key} FROM entries WHERE state = 'gone' AND NOT {among}"
    return f"{among} AND (state = 'gone' OR {key} NOT IN ({outside}))"


def nothing_in(contract: TableContract) -> str:
    """Return a query for an overlay without entries."""
    return f"SELECT *, CAST(NULL AS VARCHAR) AS state FROM ({entries_in(contract, ())})"


def _among(parts: tuple[int, ...]) -> str:
    return f"(part IN ({', '.join(map(str, parts))}))" if parts else "(false)"
