"""Amounts far from what is usual: in thousands beside units, 万元 beside 元, a lost decimal mark.

A price is held against the median of its own product, as far as the file has enough of it; the
price of a rare product, and the amounts of invoices and payments, against the median of the file.
Far is far on the scale of powers of ten, and far beyond how the middle half of these amounts
spreads: who sells screws and machines is not told of each machine. Nothing is refused for it.
"""

from clientela.intake.models import Run
from clientela.intake.services.stagers import STAGERS
from clientela.store.bulk import execute

FAR_OUT = "amount_far_out"
OWN, FILE = 2.5, 2.6  # powers of ten from the median of the product, of the file
SPREADS = 4  # breadths of the middle half
ENOUGH, ENOUGH_IN_FILE = 5, 10  # amounts that make a median
SAMPLE = 10_000  # rows, all over the file, from which the median of the file is taken

# Table -> what is looked at, the field that it comes from, what it is of.
_LOOKED_AT = {
    "sales_line": (
        "unit_price",
        ("unit_price", "net_amount", "gross_amount"),
        "coalesce(product, '')",
    ),
    "payment": ("amount_minor", ("amount",), "''"),
    "product": ("list_price", ("list_price",), "''"),
}

# Products are gone through once, by their least and most; rows again only those of products of
# which one of the two is far out. What is below zero is said to be so anyway.
_FLAG = """
with groups as materialized (
    select coalesce(currency, '') as currency, {of} as product, count(*) as rows,
        min({value})::float8 as least, max({value})::float8 as most
    from staging.{table} where run_id = %(run)s and {value} > 0 group by 1, 2
), whole as materialized (
    select coalesce(currency, '') as currency,
        percentile_cont(array[0.25, 0.5, 0.75]) within group (order by log({value}::float8)) as q
    from staging.{table} where run_id = %(run)s and {value} > 0 and row_no = any(array(
        select generate_series(1, %(rows)s, greatest(1, %(rows)s / %(sample)s))))
    group by 1 having count(*) >= %(enough_in_file)s
), odd as materialized (
    select g.currency, g.product, g.own, w.q
    from (select *, rows >= %(enough)s and product <> '' as own from groups) g
    left join whole w using (currency)
    where case when g.own then log(g.most) - log(g.least) >= %(far_own)s
        else greatest(log(g.most) - w.q[2], w.q[2] - log(g.least))
            >= greatest(%(far_file)s, %(spreads)s * (w.q[3] - w.q[1])) end
), amounts as materialized (
    select s.row_no, o.currency, o.product, o.own, o.q, log(s.amount::float8) as power
    from (
        select row_no, coalesce(currency, '') as currency, {of} as product, {value} as amount
        from staging.{table} where run_id = %(run)s and {value} > 0
          and ({of} in (select product from odd)) is true
    ) s join odd o using (currency, product)
), usual as materialized (
    select own, q as of_file, array_agg(row_no) as row_nos, array_agg(power) as powers,
        percentile_cont(array[0.25, 0.5, 0.75]) within group (order by power) as q
    from amounts group by currency, product, own, amounts.q
), far as (
    select a.row_no from usual u cross join lateral unnest(u.row_nos, u.powers) a (row_no, power)
    where case when u.own
        then abs(a.power - u.q[2]) >= greatest(%(far_own)s, %(spreads)s * (u.q[3] - u.q[1]))
        else abs(a.power - u.of_file[2])
            >= greatest(%(far_file)s, %(spreads)s * (u.of_file[3] - u.of_file[1])) end
)
update staging.{table} s set flags = ltrim(s.flags || %(flag)s, ','),
    notes = ltrim(s.notes || %(note)s, ',')
from far where s.run_id = %(run)s and s.row_no = far.row_no"""


def flag_far_out(run: Run) -> int:
    """Flag the staged rows of a run whose amount is far out; return how many there are."""
    table = STAGERS[run.kind].table
    if table not in _LOOKED_AT:
        return 0
    value, fields, of = _LOOKED_AT[table]
    columns, header = run.definition["columns"], run.description["layout"]["header"]
    column = next((columns[name] for name in fields if name in columns), None)
    note = "" if column is None else f",{FAR_OUT}@{header.index(column)}"
    params = {
        "run": run.pk, "rows": run.staged, "sample": SAMPLE, "enough": ENOUGH,
        "enough_in_file": ENOUGH_IN_FILE, "far_own": OWN, "far_file": FILE, "spreads": SPREADS,
        "flag": f",{FAR_OUT}", "note": note,
    }  # fmt: skip
    return execute(_FLAG.format(table=table, value=value, of=of), params)
