"""Tables drawn as text: a header, a rule, rows. What a test does not care for has a default.

drawn(PURCHASES, '''
    customer_id | purchased_on | net_base_minor
    ------------+--------------+---------------
    1           | 2026-01-05   | 1000
    ''')
"""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.tables.contract import TableContract

DEFAULTS: dict[str, Any] = {
    "org_node_id": 1,
    "sold_by_id": 1,
    "source_id": 1,
    "kind": "invoice",
    "settlement": "known",
    "currency": "EUR",
    "delay_is_ours": False,
    "is_archived": False,
    "stage": "customer",
    "first_known_on": date(2020, 1, 1),
    "quantity_milli": 1000,
}


def drawn(contract: TableContract, text: str) -> ir.Table:
    """Return the drawn rows as a table of the contract. An empty cell is null."""
    header, _, *lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [cell.strip() for cell in header.split("|")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return table_of(contract, [dict(zip(names, row, strict=True)) for row in cells])


def table_of(contract: TableContract, rows: list[dict[str, Any]]) -> ir.Table:
    """Return rows, given by name, as a table of the contract; what is not named has a default."""
    full = [
        {**_defaults(contract, number), **{n: _typed(contract, n, v) for n, v in row.items()}}
        for number, row in enumerate(rows, start=1)
    ]
    for row in full:
        _derive(row)
    held = {name: [row[name] for row in full] for name in contract.columns}
    return (
        ibis.memtable(contract.schema.to_pyarrow().empty_table())
        if not full
        else (ibis.memtable(held, schema=contract.schema))
    )


def _defaults(contract: TableContract, number: int) -> dict[str, Any]:
    keys = dict.fromkeys(contract.one_row_per, number)
    return (
        dict.fromkeys(contract.columns)
        | {name: value for name, value in DEFAULTS.items() if name in contract.columns}
        | keys
    )


def _derive(row: dict[str, Any]) -> None:
    """Fill what follows from the rest: base amounts equal amounts, a sale of more than 0 counts."""
    for plain in ("net", "gross", "amount"):
        names = (f"{plain}_minor", f"{plain}_base_minor")
        if set(names) <= row.keys():
            for one, other in (names, names[::-1]):
                row[one] = row[other] if row[one] is None else row[one]
    if "net_minor" in row and "gross_minor" in row:
        for base in ("", "base_"):
            one, other = f"net_{base}minor", f"gross_{base}minor"
            row[one] = row[other] if row[one] is None else row[one]
            row[other] = row[one] if row[other] is None else row[other]
    if "is_purchase" in row and row["is_purchase"] is None:
        row["is_purchase"] = row["kind"] == "invoice" and row["net_base_minor"] > 0


def _typed(contract: TableContract, name: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if not isinstance(value, str):
        return value
    kind = contract.columns[name].type
    if kind == "int64":
        return int(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "boolean":
        return {"yes": True, "no": False}[value]
    return value
