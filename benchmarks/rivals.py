"""The same analyses by hand: DuckDB SQL, polars and pandas, as somebody would write them for speed.

They are given the product's rollup `purchases`; those named `from lines` begin at documents and
their lines, as an analyst has them, and make of them what the analysis needs. Ageing needs no
lines: there every rival begins at the documents.
Each answers a few sums over its result, so that a run shows that all computed the same.
"""

from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2026, 6, 30)
SINCE = date(2025, 7, 1)

SQL = {
    "abc": """
WITH s AS (SELECT customer_id, sum(net_base_minor) AS x FROM purchases
           WHERE customer_id IS NOT NULL AND purchased_on >= DATE '2025-07-01'
             AND purchased_on < DATE '2026-07-01' GROUP BY 1 HAVING sum(net_base_minor) > 0),
r AS (SELECT customer_id, x, row_number() OVER w AS rank, sum(x) OVER w AS running,
             coalesce(sum(x) OVER (ORDER BY x DESC GROUPS BETWEEN UNBOUNDED PRECEDING
                                   AND 1 PRECEDING), 0) AS before, sum(x) OVER () AS total
      FROM s WINDOW w AS (ORDER BY x DESC, customer_id ROWS UNBOUNDED PRECEDING))
SELECT customer_id, x, rank, running / total AS running_share,
       CASE WHEN before * 100 < total * 85 THEN 'A'
            WHEN before * 100 < total * 95 THEN 'B' ELSE 'C' END AS class FROM r ORDER BY rank
""",
    "rfm": """
WITH d AS (SELECT customer_id, purchased_on, sum(net_base_minor) AS net,
                  bool_or(is_purchase) AS bought FROM purchases
           WHERE customer_id IS NOT NULL AND purchased_on < DATE '2026-07-01' GROUP BY 1, 2),
b AS (SELECT customer_id, DATE '2026-06-30' - max(purchased_on) FILTER (bought) AS recency,
             count(*) FILTER (bought) AS frequency, sum(net) AS net FROM d
      GROUP BY 1 HAVING count(*) FILTER (bought) > 0),
m AS (SELECT *, net / frequency AS monetary, count(*) OVER () AS n FROM b),
q AS (SELECT *, ceil(5 * (2 * (rank() OVER (ORDER BY recency DESC) - 1)
                          + count(*) OVER (PARTITION BY recency)) / (2 * n)) AS r,
             ceil(5 * (2 * (rank() OVER (ORDER BY frequency) - 1)
                          + count(*) OVER (PARTITION BY frequency)) / (2 * n)) AS f,
             ceil(5 * (2 * (rank() OVER (ORDER BY monetary) - 1)
                          + count(*) OVER (PARTITION BY monetary)) / (2 * n)) AS m FROM m)
SELECT customer_id, recency, frequency, monetary, r, f, m FROM q ORDER BY r DESC, f DESC, m DESC
""",
    "cohorts": """
WITH p AS (SELECT customer_id, year(purchased_on) * 12 + month(purchased_on) AS month,
                  min(purchased_on) FILTER (is_purchase) AS first_on,
                  bool_or(is_purchase) AS bought, sum(net_base_minor) AS net FROM purchases
           WHERE customer_id IS NOT NULL AND purchased_on < DATE '2026-07-01' GROUP BY 1, 2),
c AS (SELECT customer_id, min(first_on) AS began FROM p GROUP BY 1
      HAVING min(first_on) IS NOT NULL),
j AS (SELECT year(began) * 12 + month(began) AS cohort, month, bought, net
      FROM p JOIN c USING (customer_id))
SELECT cohort, month - cohort AS k, count(*) FILTER (bought) AS active, sum(net) AS net
FROM j WHERE month >= cohort GROUP BY 1, 2 ORDER BY 1, 2
""",
    "ageing": """
WITH a AS (SELECT invoice_id, sum(amount_minor) AS settled, sum(amount_base_minor) AS settled_base
           FROM allocations WHERE allocated_on < DATE '2026-07-01' GROUP BY 1),
o AS (SELECT customer_id, currency, gross_minor - coalesce(settled, 0) AS open,
             greatest(gross_base_minor - coalesce(settled_base, 0), 0) AS open_base,
             DATE '2026-06-30' - coalesce(due_on, issued_on) AS days
      FROM invoices LEFT JOIN a USING (invoice_id)
      WHERE settlement = 'known' AND issued_on < DATE '2026-07-01'
        AND gross_minor > coalesce(settled, 0))
SELECT customer_id, currency, count(*) AS documents,
       coalesce(sum(open) FILTER (days <= 0), 0) AS b0,
       coalesce(sum(open) FILTER (days BETWEEN 1 AND 30), 0) AS b1,
       coalesce(sum(open) FILTER (days BETWEEN 31 AND 60), 0) AS b2,
       coalesce(sum(open) FILTER (days BETWEEN 61 AND 90), 0) AS b3,
       coalesce(sum(open) FILTER (days BETWEEN 91 AND 180), 0) AS b4,
       coalesce(sum(open) FILTER (days > 180), 0) AS b5, sum(open) AS open,
       coalesce(sum(open) FILTER (days > 0), 0) AS overdue,
       greatest(max(days), 0) AS oldest, sum(open_base) AS open_base
FROM o GROUP BY 1, 2 ORDER BY open_base DESC, customer_id, currency
""",
}


FROM_LINES = """
WITH sold AS (SELECT invoice_id, sum(net_base_minor) AS net FROM invoice_lines GROUP BY 1)
SELECT customer_id, issued_on AS purchased_on, net AS net_base_minor,
       kind = 'invoice' AND net > 0 AS is_purchase FROM invoices JOIN sold USING (invoice_id)
"""


def by_sql(folder: Path, name: str, purchases: str = "") -> Any:
    """Answer with DuckDB as a pyarrow table."""
    import duckdb

    with duckdb.connect() as engine:
        for table in ("invoices", "invoice_lines", "allocations"):
            engine.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder / table}.parquet'")
        made = purchases or f"SELECT * FROM '{folder / 'purchases'}.parquet'"
        engine.execute(f"CREATE VIEW purchases AS {made}")
        return engine.execute(SQL[name]).to_arrow_table()


def by_sql_from_lines(folder: Path, name: str) -> Any:
    """Answer with DuckDB from documents and lines."""
    return by_sql(folder, name, FROM_LINES)


def by_pandas(folder: Path, name: str) -> Any:
    """Answer with pandas."""
    import pandas as pd

    if name == "ageing":
        return _ageing_pandas(folder)
    columns = ["customer_id", "purchased_on", "net_base_minor", "is_purchase"]
    return _by_pandas(pd.read_parquet(folder / "purchases.parquet", columns=columns), name)


def by_pandas_from_lines(folder: Path, name: str) -> Any:
    """Answer with pandas from documents and lines."""
    import pandas as pd

    if name == "ageing":
        return _ageing_pandas(folder)
    i = pd.read_parquet(
        folder / "invoices.parquet", columns=["invoice_id", "customer_id", "kind", "issued_on"]
    )
    lines = pd.read_parquet(
        folder / "invoice_lines.parquet", columns=["invoice_id", "net_base_minor"]
    )
    p = i.merge(lines.groupby("invoice_id").net_base_minor.sum(), on="invoice_id")
    p["is_purchase"] = (p.kind == "invoice") & (p.net_base_minor > 0)
    return _by_pandas(p.rename(columns={"issued_on": "purchased_on"}), name)


def _by_pandas(p: Any, name: str) -> Any:
    import pandas as pd

    p = p[p.customer_id.notna()].copy()
    p["purchased_on"] = pd.to_datetime(p.purchased_on)
    if name == "abc":
        x = p[p.purchased_on >= pd.Timestamp(SINCE)].groupby("customer_id").net_base_minor.sum()
        x = (
            x[x > 0]
            .reset_index(name="x")
            .sort_values(["x", "customer_id"], ascending=[False, True])
        )
        x["running"] = x.x.cumsum()
        before = (x.running - x.x).groupby(x.x).transform("min")
        share = before / x.x.sum()
        x["class"] = "C"
        x.loc[share < 0.95, "class"] = "B"
        x.loc[share < 0.85, "class"] = "A"
        return x
    if name == "rfm":
        net = p.groupby("customer_id").net_base_minor.sum()
        bought = p[p.is_purchase].groupby("customer_id").purchased_on.agg(["max", "nunique"])
        b = bought.join(net)
        b["recency"] = (pd.Timestamp(AS_OF) - b["max"]).dt.days
        b["monetary"] = b.net_base_minor / b["nunique"]
        for score, values in (("r", -b.recency), ("f", b["nunique"]), ("m", b.monetary)):
            middle = values.rank(method="average") - 0.5
            b[score] = -(-5 * (2 * middle) // (2 * len(b)))
        return b
    return _cohorts_pandas(p)


def _cohorts_pandas(p: Any) -> Any:
    p["month"] = p.purchased_on.dt.year * 12 + p.purchased_on.dt.month
    first = p[p.is_purchase].groupby("customer_id").month.min().rename("cohort")
    monthly = p.groupby(["customer_id", "month"]).agg(
        bought=("is_purchase", "any"), net=("net_base_minor", "sum")
    )
    j = monthly.reset_index().merge(first, on="customer_id")
    j = j[j.month >= j.cohort]
    return j.groupby(["cohort", "month"]).agg(active=("bought", "sum"), net=("net", "sum"))


def _ageing_pandas(folder: Path) -> Any:
    import pandas as pd

    i = pd.read_parquet(
        folder / "invoices.parquet",
        columns=["invoice_id", "customer_id", "currency", "due_on", "gross_minor"],
    )
    a = pd.read_parquet(
        folder / "allocations.parquet", columns=["invoice_id", "allocated_on", "amount_minor"]
    )
    a = a[pd.to_datetime(a.allocated_on) <= pd.Timestamp(AS_OF)]
    settled = a.groupby("invoice_id").amount_minor.sum().rename("settled")
    i = i[i.gross_minor > 0].merge(settled, on="invoice_id", how="left")
    i["open"] = i.gross_minor - i.settled.fillna(0)
    i = i[i.open > 0]
    days = (pd.Timestamp(AS_OF) - pd.to_datetime(i.due_on)).dt.days
    i["bucket"] = pd.cut(days, [-10_000, 0, 30, 60, 90, 180, 10_000], labels=False)
    keys = ["customer_id", "currency", "bucket"]
    return i.groupby(keys, dropna=False).open.sum().unstack(fill_value=0)


def by_polars(folder: Path, name: str) -> Any:
    """Answer with polars, lazily."""
    import polars as pl

    if name == "ageing":
        return _ageing_polars(folder)
    p = pl.scan_parquet(folder / "purchases.parquet").filter(pl.col("customer_id").is_not_null())
    net = pl.col("net_base_minor").sum()
    if name == "abc":
        x = p.filter(pl.col("purchased_on") >= SINCE).group_by("customer_id").agg(x=net)
        x = x.filter(pl.col("x") > 0).sort(["x", "customer_id"], descending=[True, False])
        x = x.with_columns(running=pl.col("x").cum_sum(), total=pl.col("x").sum())
        before = (pl.col("running") - pl.col("x")).min().over("x") * 100
        return x.with_columns(
            pl.when(before < pl.col("total") * 85)
            .then(pl.lit("A"))
            .when(before < pl.col("total") * 95)
            .then(pl.lit("B"))
            .otherwise(pl.lit("C"))
            .alias("class")
        ).collect()
    if name == "rfm":
        bought = pl.col("purchased_on").filter(pl.col("is_purchase"))
        b = p.group_by("customer_id").agg(last=bought.max(), frequency=bought.n_unique(), net=net)
        b = b.filter(pl.col("frequency") > 0).with_columns(
            recency=(pl.lit(AS_OF) - pl.col("last")).dt.total_days(),
            monetary=pl.col("net") / pl.col("frequency"),
        )

        def score(values: pl.Expr) -> pl.Expr:
            return (5 * (values.rank("average") - 0.5) / pl.len()).ceil()

        return b.with_columns(
            r=score(-pl.col("recency")), f=score(pl.col("frequency")), m=score(pl.col("monetary"))
        ).collect()
    return _cohorts_polars(p)


def _cohorts_polars(p: Any) -> Any:
    import polars as pl

    net = pl.col("net_base_minor").sum()
    month = pl.col("purchased_on").dt.year().cast(pl.Int64) * 12 + pl.col("purchased_on").dt.month()
    monthly = (
        p.with_columns(month=month)
        .group_by("customer_id", "month")
        .agg(bought=pl.col("is_purchase").any(), net=net)
    )
    first = monthly.filter("bought").group_by("customer_id").agg(cohort=pl.col("month").min())
    j = monthly.join(first, on="customer_id").filter(pl.col("month") >= pl.col("cohort"))
    return (
        j.group_by("cohort", "month")
        .agg(active=pl.col("bought").sum(), net=pl.col("net").sum())
        .collect()
    )


def _ageing_polars(folder: Path) -> Any:
    import polars as pl

    i = pl.scan_parquet(folder / "invoices.parquet").filter(pl.col("gross_minor") > 0)
    a = pl.scan_parquet(folder / "allocations.parquet").filter(pl.col("allocated_on") <= AS_OF)
    a = a.group_by("invoice_id").agg(settled=pl.col("amount_minor").sum())
    days = (pl.lit(AS_OF) - pl.col("due_on")).dt.total_days()
    i = i.join(a, on="invoice_id", how="left").with_columns(
        open=pl.col("gross_minor") - pl.col("settled").fill_null(0), days=days
    )
    i = i.filter(pl.col("open") > 0)
    bounds = [(-10_000, 0), (1, 30), (31, 60), (61, 90), (91, 180), (181, 10_000)]
    buckets = {
        f"b{n}": pl.col("open").filter(pl.col("days").is_between(*bound)).sum()
        for n, bound in enumerate(bounds)
    }
    return i.group_by("customer_id", "currency").agg(**buckets, open=pl.col("open").sum()).collect()
