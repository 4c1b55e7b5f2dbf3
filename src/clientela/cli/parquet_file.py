"""An answer as a Parquet file: typed columns, and what it was taken over in the file's own notes."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clientela.analysis.results import Answer, Column

# The most digits that a currency of ISO 4217 has; three of a quantity are among them.
DECIMAL = pa.decimal128(38, 4)
_TYPES = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "decimal": DECIMAL,
    "array<string>": pa.list_(pa.string()),
}
NOTES = b"clientela"  # key of the file's metadata: the answer without its rows, as JSON


def write_parquet(answer: Answer, output: Path) -> None:
    """Write an answer's rows; money and quantities are decimals, an empty answer keeps its columns.

    Raises OSError where the file cannot be written.
    """
    notes = {name: value for name, value in answer.as_json().items() if name != "rows"}
    schema = pa.schema(
        [(column.name, _TYPES[column.type]) for column in answer.columns],
        metadata={NOTES: json.dumps(notes, ensure_ascii=False, default=str).encode()},
    )
    columns = [
        pa.array([_typed(column, row[column.name]) for row in answer.rows], type=field.type)
        for column, field in zip(answer.columns, schema, strict=True)
    ]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), output)


def _typed(column: Column, value: Any) -> Any:
    return Decimal(value) if column.type == "decimal" and value is not None else value
