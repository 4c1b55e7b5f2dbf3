"""Trade of any size for benchmarks, made by DuckDB: the contracts' tables as Parquet."""

from pathlib import Path

import duckdb

from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES, purchases_of

AS_OF = "2026-06-30"

INVOICE_ROWS = """
SELECT i AS invoice_id,
       CASE WHEN hash(i, 1) % 20 = 0 THEN NULL
            ELSE 1 + CAST(floor({customers} * pow(hash(i, 2) % 1000000 / 1e6, 2)) AS BIGINT) END
           AS customer_id,
       CAST(1 + hash(i, 3) % 40 AS BIGINT) AS org_node_id, org_node_id AS sold_by_id,
       CAST(NULL AS BIGINT) AS owner_id, CAST(1 AS BIGINT) AS source_id,
       CASE WHEN hash(i, 4) % 50 = 0 THEN 'credit_note' ELSE 'invoice' END AS kind,
       'known' AS settlement,
       DATE '2026-06-30' - CAST(hash(i, 5) % 1095 AS INTEGER) AS issued_on,
       issued_on + 30 AS due_on, false AS delay_is_ours, 'EUR' AS currency,
       CASE WHEN kind = 'invoice' THEN 1 ELSE -1 END
           * CAST(100 + hash(i, 6) % 1000000 AS BIGINT) AS net_minor,
       net_minor AS gross_minor, net_minor AS net_base_minor, net_minor AS gross_base_minor,
       CAST(NULL AS BIGINT) AS cost_base_minor
FROM range(1, {rows} + 1) AS r(i)
"""
ALLOCATION_ROWS = """
SELECT invoice_id AS allocation_id, invoice_id, invoice_id AS payment_id,
       CAST(NULL AS BIGINT) AS credit_note_id, customer_id, org_node_id, owner_id,
       CAST(due_on + CAST(hash(invoice_id, 7) % 60 AS INTEGER) - 20 AS DATE) AS allocated_on,
       currency, gross_minor AS amount_minor, gross_base_minor AS amount_base_minor,
       false AS delay_is_ours
FROM invoices WHERE kind = 'invoice' AND hash(invoice_id, 8) % 10 > 0
"""
LINE_ROWS = """
SELECT invoice_id * 2 + n AS line_id, invoice_id, customer_id, org_node_id, sold_by_id, owner_id,
       source_id, kind, issued_on, CAST(1 + hash(invoice_id, n) % 5000 AS BIGINT) AS product_id,
       CAST(1000 AS BIGINT) AS quantity_milli, currency,
       CASE n WHEN 0 THEN invoices.net_minor // 3
            ELSE invoices.net_minor - invoices.net_minor // 3 END AS net_minor,
       CASE n WHEN 0 THEN invoices.net_minor // 3
            ELSE invoices.net_minor - invoices.net_minor // 3 END AS net_base_minor,
       CAST(NULL AS BIGINT) AS cost_base_minor
FROM invoices, range(2) AS r(n)
"""


def make(folder: Path, rows: int) -> Path:
    """Write the tables with `rows` documents of rows / 50 customers, once; return their folder."""
    import ibis

    made = folder / f"trade_{rows}"
    if (made / "purchases.parquet").exists():
        return made
    made.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        queries = {
            "invoices": INVOICE_ROWS.format(rows=rows, customers=rows // 50),
            "allocations": ALLOCATION_ROWS,
            "invoice_lines": LINE_ROWS,
            "purchases": ibis.to_sql(purchases_of(INVOICES.unbound()), dialect="duckdb"),
        }
        for name, query in queries.items():
            engine.execute(f"COPY ({query}) TO '{made / name}.parquet' (COMPRESSION zstd)")
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM '{made / name}.parquet'")
        assert set(PURCHASES.columns) == {
            row[0] for row in engine.execute("DESCRIBE purchases").fetchall()
        }
    return made
