"""What an overlay holds: the rows of a table that changed since it was last written, apart.

Rewriting a month for one changed row makes a refresh as dear as the months it touches. So a change
is added to a second Delta table, and reading puts it in place of the rows it replaces:

    rows that stand = (table without the keys of `changed` and `gone`) + `new` + `changed`

Each entry of the overlay has a `part` (that of the table its row belongs to), a `state`, and the
`seq` of the refresh that wrote it:

    new      the row stands here; the table holds no row of its key
    changed  the row stands here, in place of the table's row of its key in the same part
    gone     only the key: the table's row of that key in this part stands no more
    void     only the key: the entries of that key and `seq` count no more, as later ones came

A row that moved to another part is `gone` in the one and `new` in the other. A part is *folded*
when its entries are written into the table: see `Limits`. An entry that moved in is folded only
with, or after, the part that it left, so the table never holds a key twice and the keys of
`changed` and `gone`, void or not, may be taken from all of it.
"""

# ruff: noqa: S608 (names, parts and paths are our own)
from collections.abc import Mapping
from dataclasses import dataclass

from clientela.tables.contract import TableContract
from clientela.warehouse.parquet import columns_of, files_in, rows_in

KEYS_IN_A_PART = 262_144
STATES = ("new", "changed", "gone")
VOID = "void"


@dataclass(frozen=True)
class Limits:
    """When entries are folded into the table. Shares are of rows."""

    overlay: float = 0.1  # of the table; beyond it the heaviest parts are folded down to `keep`
    keep: float = 0.0
    part: float = 0.25  # of a part; beyond it the part is folded
    rows: int = 1024  # a part of no more rows is folded at once: that costs no more than noting
    files: int = 32  # of an overlay; beyond it those that there are become one of each state


def to_fold(entries: Mapping[int, int], rows: Mapping[int, int], limits: Limits) -> tuple[int, ...]:
    """Return the parts to fold, from the entries and the table's rows of each part.

    A fold writes its parts again, whatever few their entries are; with all parts at once, after a
    share x of the rows has changed, that costs the table's rows 1 / x times for each changed row.
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
    contract: TableContract, table: list[str], overlay: Mapping[str, list[str]], seq: int
) -> list[str]:
    """Return the statements that make `added`, what the overlay gets more, and `entries`, all that
    stand in it then.

    They read `changed` (rows) and `replaced` (row_key: of what changed or went), the files of the
    table, and those of the overlay before, by state.
    """
    key, part = f'"{contract.one_row_per[0]}"', part_of(contract)
    of_changed = f"SELECT *, {part} AS part FROM changed"
    standing = (
        f"SELECT {key} AS row_key, {part} AS part FROM ({rows_in(contract, table)}) AS t"
        f" SEMI JOIN replaced AS r ON t.{key} = r.row_key"
    )
    live = (
        f"SELECT {columns_of(contract)}, c.part,"
        f" CASE WHEN s.part = c.part THEN 'changed' ELSE 'new' END AS state, CAST({seq} AS BIGINT) AS seq"
        f" FROM ({of_changed}) AS c LEFT JOIN standing AS s ON c.{key} = s.row_key"
    )
    left = (
        f"SELECT {_no_row(contract, 's.row_key')}, s.part, 'gone' AS state, CAST({seq} AS BIGINT) AS seq"
        f" FROM standing AS s LEFT JOIN ({of_changed}) AS c ON c.{key} = s.row_key"
        f" WHERE c.{key} IS NULL OR c.part <> s.part"
    )
    before = all_in(contract, overlay)
    over = (
        f"SELECT {_no_row(contract, key)}, part, '{VOID}' AS state, seq FROM ({before}) AS e"
        f" SEMI JOIN replaced AS r ON e.{key} = r.row_key"
    )
    stays = f"SELECT * FROM ({before}) AS e ANTI JOIN replaced AS r ON e.{key} = r.row_key"
    return [
        f"CREATE OR REPLACE TEMP TABLE standing AS {standing}",
        f"CREATE OR REPLACE TEMP VIEW fresh AS {live} UNION ALL {left}",
        f"CREATE OR REPLACE TEMP VIEW added AS SELECT * FROM fresh UNION ALL {over}",
        f"CREATE OR REPLACE TEMP VIEW entries AS {stays} UNION ALL SELECT * FROM fresh",
    ]


def all_in(contract: TableContract, overlay: Mapping[str, list[str]]) -> str:
    """Return a query for the entries of an overlay that count, with part, state and seq."""
    key = f'"{contract.one_row_per[0]}"'
    held = " UNION ALL ".join(
        f"SELECT {columns_of(contract)}, part, '{state}' AS state, seq"
        f" FROM {files_in(overlay[state])}"
        for state in STATES
        if state in overlay
    )
    if not held:
        return nothing_in(contract)
    if VOID not in overlay:
        return held
    void = f"SELECT {key}, seq FROM {files_in(overlay[VOID])}"
    return f"SELECT * FROM ({held}) ANTI JOIN ({void}) USING ({key}, seq)"


def _no_row(contract: TableContract, key: str) -> str:
    """Return the columns of an entry that is only a key."""
    own = contract.one_row_per[0]
    return ", ".join(
        f'{key} AS "{name}"' if name == own else f'NULL AS "{name}"' for name in contract.columns
    )


def gone_count(contract: TableContract, overlay: Mapping[str, list[str]]) -> str:
    """Return a query for how many of `gone` stood before; it comes after `working_out`."""
    key = f'"{contract.one_row_per[0]}"'
    entries = f"SELECT {key} FROM ({all_in(contract, overlay)})"
    return (
        f"SELECT count(*) FROM gone WHERE row_key IN ({entries} WHERE state <> 'gone')"
        f" OR (row_key IN (SELECT row_key FROM standing)"
        f" AND row_key NOT IN ({entries} WHERE state <> 'new'))"
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
    return (
        "SELECT *, CAST(NULL AS INTEGER) AS part, CAST(NULL AS VARCHAR) AS state,"
        f" CAST(NULL AS BIGINT) AS seq FROM ({rows_in(contract, ())})"
    )


def _among(parts: tuple[int, ...]) -> str:
    return f"(part IN ({', '.join(map(str, parts))}))" if parts else "(false)"
