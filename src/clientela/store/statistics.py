"""Keeping the planner's picture of tables true while they are filled."""

import json

from clientela.store.bulk import execute, fetch

_DOCUMENT = ["source_id", "number", "account_id", "voided_at"]
JOINED = {  # table -> the columns that imports join it by
    "records_sourcerecord": ["id", "source_id", "key"],
    "records_recordversion": ["source_record_id", "run_id"],
    "records_link": ["source_record_id", "customer_id", "ended_at"],
    "records_customer": ["id"],
    "trade_order": _DOCUMENT,
    "trade_orderline": ["order_id", "line"],
    "trade_delivery": _DOCUMENT,
    "trade_invoice": ["id", *_DOCUMENT],
    "trade_payment": ["id", *_DOCUMENT],
    "trade_product": ["source_id", "code"],
}


def count_grown() -> None:
    """Have the tables that imports fill analysed where they have doubled since.

    To be called between transactions: a table stays locked against another analysis until
    the end of the one that asks.
    """
    execute("select scope.count_grown(%s::jsonb)", [json.dumps(JOINED)])


def rows_about(table: str) -> int:
    """Return how many rows a table has about, whoever asks: as the planner believes.

    0 while it was never looked at.
    """
    ((rows,),) = fetch("select reltuples::bigint from pg_class where oid = %s::regclass", [table])
    return max(0, int(rows))
