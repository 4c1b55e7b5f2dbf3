"""Rows that are set aside: kept as they came, sealed, with the reason beside them."""

import json
from collections.abc import Sequence
from typing import Any

from clientela.intake.models import Run
from clientela.store.bulk import execute, staged
from clientela.store.sealing import seal, unwrap

COLUMNS = {
    "row_no": "bigint", "line_no": "bigint", "field": "text", "value": "text", "code": "text",
    "params": "jsonb", "unit": "text", "raw": "jsonb",
}  # fmt: skip


def reject(run: Run, rows: Sequence[tuple[Any, ...]]) -> int:
    """Keep rejected rows of a run, in the order of COLUMNS, `raw` as base64 text.

    A row that is there already (the run was resumed) stays as it is.
    """
    if not rows:
        return 0
    key = unwrap(run.sealed_key, run.pk)
    sealed = (
        (
            *row[:5],
            json.dumps(row[5]),
            row[6],
            json.dumps(seal(row[7], attribute=f"row {row[0]}", record_id=run.pk, data_key=key)),
        )
        for row in rows
    )
    with staged("set_aside", COLUMNS, sealed):
        return execute(
            """insert into intake_rejectedrow (run_id, row_no, line_no, "column", value, code,
                   params, unit, raw, state, org_node_id, owner_id)
               select %s, row_no, line_no, field, value, code, params, unit, raw, 'open', %s, %s
               from set_aside on conflict (run_id, row_no) do nothing""",
            [run.pk, run.org_node_id, run.owner_id],
        )
