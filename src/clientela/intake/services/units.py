"""What of the staged rows is loaded, what is a repetition, and what is refused whole.

A document, a payment, a product or a customer is a unit. One that stands in the books with
the same content is skipped; with another content it is refused, for a document is never
overwritten. A document of which one line was rejected is refused whole: half of it would
be a wrong document.

The lines of a document may be alike: each is kept, and a repeated one is flagged. Where a row
is a whole (an invoice without its lines, a payment) two of one number are never added up: the
same row once more is skipped, and rows that say different things are refused, all of them. Two
payments alike that no number tells apart are two payments, and the later one is flagged: nobody
but a person can tell whether the money came once. A customer or product that is given again in
the same words is taken once, and flagged.
"""

from typing import Any

from clientela.intake.models import Run
from clientela.intake.services.at_rest import raws, row_seal
from clientela.intake.services.first_currency import FLAG, currency_given
from clientela.intake.services.first_rows import SHOWN, Places, Shown, first_rows
from clientela.intake.services.rejecting import reject
from clientela.intake.services.stagers import STAGERS
from clientela.kernel.money import Money
from clientela.store.bulk import execute, fetch
from clientela.trade.numbers import MADE_SQL, is_made
from clientela.trade.services.lookups import account, unless_known

BATCH = 20_000

# All that a row says, beside the number or key of what it is.
_SAID = {
    "sales_line": """kind, account, account_name, account_kind, country, issued_at, issued_on,
    due_on, paid_on, order_number, credits_number, product, product_name, quantity, unit_price,
    net_minor, tax_minor, cost_minor, currency, node_id, disputed""",
    "payment": "account, received_on, currency, amount_minor, method, invoice_number, node_id",
    "product": """name, category_1, category_2, category_3, measure, list_price, currency,
    launched_on""",
    "customer": "kind, true_from, attributes",
}

# Rows equal to an earlier one of the file in every value: taken, and said.
_REPEATED = """
update staging.{table} s set flags = ltrim(s.flags || ',{flag}', ',')
from (
    select row_no, row_number() over (partition by unit, {said} order by row_no) as nth
    from staging.{table} where run_id = %(run)s
) r where s.run_id = %(run)s and s.row_no = r.row_no and r.nth > 1
  and s.flags not like '%%{flag}%%'"""
_REPEATED_AS = {
    "sales_lines": "repeated_line", "products": "row_repeated", "customers": "row_repeated",
}  # fmt: skip

# Payments that are known by what they say (see `units_of`), behind the first of such a key.
_NUMBERLESS = f"""
update staging.payment s set unit = s.unit || '|' || r.nth,
    flags = ltrim(s.flags || ',payment_repeated', ',')
from (
    select row_no, row_number() over (partition by unit order by row_no) as nth
    from staging.payment where run_id = %(run)s and starts_with(unit, {MADE_SQL})
) r where s.run_id = %(run)s and s.row_no = r.row_no and r.nth > 1"""

# The rows behind the first of a number, where all of its rows say the same. Where one of them
# was set aside nobody knows what it says: then all stay, to be refused together.
_AGAIN = """
with several as materialized (
    select unit, min(row_no) as first from staging.{table}
    where run_id = %(run)s group by unit having count(*) > 1
), alike as (
    select g.unit, g.first from several g
    join staging.{table} s on s.run_id = %(run)s and s.unit = g.unit
    where not exists (select from intake_rejectedrow x
                      where x.run_id = %(run)s and x.unit = g.unit)
    group by g.unit, g.first having count(distinct ({said})) = 1
)
delete from staging.{table} s using alike a
where s.run_id = %(run)s and s.unit = a.unit and s.row_no > a.first"""

# What of a row the digest of its unit is made of.
_CONTENT = {
    "sales_line": "s.kind, s.account, s.issued_on, s.due_on, s.paid_on, s.product, s.quantity, "
    "s.unit_price, s.net_minor, s.tax_minor, s.currency",
    "payment": "s.account, s.received_on, s.amount_minor, s.currency, s.invoice_number, s.method",
    "product": "s.name, s.category_1, s.category_2, s.category_3, s.measure, s.list_price, "
    "s.currency, s.launched_on",
    "customer": "s.kind, s.attributes",
}
# What came to it later, each under its name and left out where there is none: documents that were
# loaded before keep their digest.
_LATER = {
    "sales_line": ", 'credits ' || s.credits_number, case when s.disputed then 'disputed' end",
}
# As a row's own text: an empty place stays empty, so that a value taken away, or one that moved to
# the next place, is another content. In whichever order the lines of a document come, it is the
# same. The first byte says so: 2 for digests that held the order, none for those of before them.
_LINE = "concat_ws('|', row({content})::text{later})"
_DIGEST = rf"""'\x03'::bytea || sha256(convert_to(
        string_agg({_LINE}, E'\n' order by {_LINE} collate "C"), 'UTF8'))"""
_IN_ORDER = rf"""'\x02'::bytea || sha256(convert_to(
        string_agg({_LINE}, E'\n' order by s.row_no), 'UTF8'))"""
# The digest of before joined the values that there were, and left the empty ones out.
_OF_BEFORE = r"""sha256(convert_to(
        string_agg(concat_ws('|', {content}{before}), E'\n' order by s.row_no), 'UTF8'))"""
_BEFORE = {"sales_line": ", s.credits_number"}

# The books that hold a unit already, by its number: content digest, or nothing to compare. Beside
# a digest of before stands what it does not tell from one another.
BOOKS = {"sales_line": "trade_invoice", "payment": "trade_payment"}
_HELD = {"sales_line": "i.digest, i.due_on, i.disputed", "payment": "i.digest"}
_STILL = {
    "sales_line": """ and min(s.due_on) is not distinct from b.due_on
        and coalesce(bool_or(s.disputed), false) = b.disputed""",
}

_UNITS = """
insert into staging.unit (run_id, seq, unit, rows, digest, outcome, code)
select %(run)s, row_number() over (order by g.first), g.unit, g.rows, g.digest,
    case when g.contradicts is not null or g.incomplete then 'reject'
         when same then 'skip' when same is not null then 'reject'
         else 'load' end,
    case when g.incomplete then 'document_incomplete' when g.contradicts is not null then g.contradicts
         when same then 'stored_already'
         when same is not null then 'document_differs' else '' end
from (
    select s.unit, min(s.row_no) as first, count(*) as rows, {digest} as digest,
        {contradicts} as contradicts,
        exists (select 1 from intake_rejectedrow x
                where x.run_id = %(run)s and x.unit = s.unit and x.unit <> '') as incomplete
    from staging.{table} s where s.run_id = %(run)s group by s.unit
) g
left join {books} on true
cross join lateral (
    select case when b.digest is null then null
        when octet_length(b.digest) > 32 and get_byte(b.digest, 0) = 3 then b.digest = g.digest
        when octet_length(b.digest) > 32 then (select {in_order} = b.digest
              from staging.{table} s where s.run_id = %(run)s and s.unit = g.unit)
        else (select {of_before} = b.digest{still}
              from staging.{table} s where s.run_id = %(run)s and s.unit = g.unit)
        end as same
) c
on conflict do nothing"""

_CONTRADICTS = {
    "sales_lines": """case when count(distinct (s.account, s.currency, s.kind)) > 1
            then 'document_contradicts_itself'
        when max(s.issued_on) - min(s.issued_on) > {days} then 'document_days_apart'
        when count(distinct s.due_on) > 1 then 'document_due_days_differ' end""",
    "invoices": "case when count(*) > 1 then 'number_given_twice' end",
    "payments": "case when count(*) > 1 then 'number_given_twice' end",
    "products": "case when count(distinct ({content})) > 1 then 'key_given_twice' end",
    "customers": "case when count(distinct (s.kind, s.attributes)) > 1 then 'key_given_twice' end",
}
_DAYS_APART = 1  # of the lines of one document: past midnight it is the next day


_OF_ITS_CELL = frozenset({"number_given_twice", "key_given_twice"})  # the number or key itself


def count_staged(run: Run) -> None:
    """Have the database count the staged rows of a run for its plans. In a transaction of its own,
    short: another file's count of the same table waits for its end."""
    execute("select staging.count_rows(%s)", [STAGERS[run.kind].table])


def make_units(run: Run) -> None:
    """Gather the staged rows of a run into units and decide what becomes of each."""
    table = STAGERS[run.kind].table
    params = {"run": run.pk, "source": run.source_id}
    if table == "payment":
        execute(_NUMBERLESS, params)
    if run.kind in ("invoices", "payments"):
        _skip_again(run, table, params)
    else:
        flag = _REPEATED_AS[run.kind]
        execute(_REPEATED.format(table=table, flag=flag, said=_SAID[table]), params)
    content = _CONTENT[table]
    books = "(select null::bytea as digest where false) b"
    if table in BOOKS:
        books = f"""lateral (select {_HELD[table]} from {BOOKS[table]} i
            where i.source_id = %(source)s and i.number = g.unit and i.voided_at is null
            offset 0) b"""
    execute(
        _UNITS.format(
            digest=_DIGEST.format(content=content, later=_LATER.get(table, "")),
            in_order=_IN_ORDER.format(content=content, later=_LATER.get(table, "")),
            of_before=_OF_BEFORE.format(content=content, before=_BEFORE.get(table, "")),
            still=_STILL.get(table, ""),
            table=table,
            books=books,
            contradicts=_CONTRADICTS[run.kind].format(content=content, days=_DAYS_APART),
        ),
        params,
    )
    execute("select staging.count_rows('unit')")
    refuse_rows(run, table)
    (count,) = fetch("select count(*) from staging.unit where run_id = %s", [run.pk])[0]
    run.to_load = count


def _skip_again(run: Run, table: str, params: dict[str, Any]) -> None:
    """Leave out the rows that give an invoice or a payment once more; count them as skipped."""
    if again := execute(_AGAIN.format(table=table, said=_SAID[table]), params):
        skipped = {**run.flagged.get("skipped", {}), "row_given_again": again}
        run.flagged = {**run.flagged, "skipped": skipped}


def rows_taken(run: Run) -> tuple[int, int]:
    """Return how many rows are of units that are loaded, and of units that are skipped."""
    accepted, repeated = fetch(
        """select coalesce(sum(rows) filter (where outcome = 'load'), 0)::bigint,
                  coalesce(sum(rows) filter (where outcome = 'skip'), 0)::bigint
           from staging.unit where run_id = %s""",
        [run.pk],
    )[0]
    return accepted, repeated


def count_rows(run: Run) -> None:
    """Set the control totals of a run from what is staged and what was set aside."""
    table = STAGERS[run.kind].table
    accepted, repeated = rows_taken(run)
    skipped: dict[str, int] = dict(run.flagged.get("skipped", {}))
    if repeated:
        skipped["stored_already"] = repeated
    (rejected,) = fetch("select count(*) from intake_rejectedrow where run_id = %s", [run.pk])[0]
    codes = fetch(
        f"""select f.code, count(*) from staging.{table} s
            join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
            cross join lateral unnest(string_to_array(s.flags, ',')) f (code)
            where s.run_id = %s and s.flags <> '' group by 1""",
        [run.pk],
    )
    noted, columns, first = _noted(run, table)
    waiting, waiting_for = _waiting(run, table)
    if base := currency_given(run, table):
        noted, columns = noted | {FLAG: sum(base.values())}, columns | {FLAG: base}
    # All four at once: a report of a run that is only staged has none of them.
    run.read = run.staged
    run.accepted, run.rejected, run.skipped = accepted, rejected, sum(skipped.values())
    accounts: dict[str, int] = run.flagged.get("accounts", {})
    run.flagged = {
        "codes": dict(codes) | noted | accounts | waiting, "columns": columns,
        "skipped": skipped, "accounts": accounts,
        "shown": run.flagged.get("shown", {}) | waiting_for, "left_out": first_rows(run, table, first),
    }  # fmt: skip
    run.amounts = _amounts(run, table)


# What of a run waits is counted until it is loaded: then it says itself how much did.
_WAITING = f"""
select count(*) from staging.payment s
join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
where s.run_id = %(run)s and s.invoice_number <> '' and s.amount_minor > 0
  and {unless_known("invoice", "s.invoice_number")}"""

# Customers whom payments name and their source does not know, with the rows of all of them.
_UNKNOWN = f"""
select n.account, n.row_no, n.rows, (sum(n.rows) over ())::bigint
from (
    select s.account, min(s.row_no) as row_no, count(*) as rows from staging.payment s
    join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
    where s.run_id = %(run)s and s.account is not null group by s.account) n
where not exists (select from {account("n.account")} known)
order by n.row_no limit {SHOWN}"""


def _waiting(run: Run, table: str) -> tuple[dict[str, int], Shown]:
    """Return how many payments would wait, by what for, and the first of them.

    They name an invoice or a customer that is not known here.
    """
    if table != "payment" or run.loaded:
        return {}, {}
    params = {"run": run.pk, "source": run.source_id}
    (invoices,) = fetch(_WAITING, params)[0]
    unknown = fetch(_UNKNOWN, params)
    rows = {"invoice_not_known": invoices, "customer_not_known": unknown[0][3] if unknown else 0}
    column = run.definition.get("columns", {}).get("customer_key", "")
    first = [
        {"row": row_no, "column": column, "value": key[:200], "rows": count}
        for key, row_no, count, _ in unknown
    ]
    shown: Shown = {"customer_not_known": first} if first else {}
    return {code: count for code, count in rows.items() if count}, shown


# Rows under each note and its column, with the first of them, and (column null) the different rows
# under the note.
_NOTED = """
select split_part(n.note, '@', 1) as code, split_part(n.note, '@', 2)::int as place,
    count(distinct s.row_no), (array_agg(distinct s.row_no))[:%s]
from staging.{table} s
join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
cross join lateral unnest(string_to_array(s.notes, ',')) n (note)
where s.run_id = %s and s.notes <> '' group by grouping sets ((1, 2), (1))"""


def _noted(run: Run, table: str) -> tuple[dict[str, int], dict[str, dict[str, int]], Places]:
    """Return the rows under each note of a cell, the same by the name of its column, and the first
    of them by the place of the column."""
    rows: dict[str, int] = {}
    columns: dict[str, dict[str, int]] = {}
    first: Places = {}
    found = fetch(_NOTED.format(table=table), [SHOWN, run.pk])
    header = run.description["layout"]["header"] if found else []  # a file that was read has one
    for code, place, count, row_nos in found:
        if place is None:
            rows[code] = count
        else:
            columns.setdefault(code, {})[header[place]] = count
            first[code, place] = row_nos
    return rows, columns, first


def _amounts(run: Run, table: str) -> dict[str, str]:
    column = {"sales_line": "net_minor", "payment": "amount_minor"}.get(table)
    if column is None:
        return {}
    rows = fetch(
        f"""select s.currency, sum(s.{column}) from staging.{table} s
            join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
            where s.run_id = %s group by 1""",
        [run.pk],
    )
    return {currency: str(Money.of_minor(int(total), currency).amount) for currency, total in rows}


def refuse_rows(run: Run, table: str) -> None:
    """Set aside the rows of units that are refused, each with the unit's reason."""
    query = "select 1 from staging.unit where run_id = %s and outcome = 'reject' limit 1"
    if not fetch(query, [run.pk]):
        return
    seal, last = row_seal(run), 0
    named = run.definition.get("columns", {}).get(STAGERS[run.kind].unit, "")
    while True:
        rows: list[tuple[Any, ...]] = fetch(
            f"""select s.row_no, s.line_no, s.unit, u.code, s.raw from staging.{table} s
                join staging.unit u on u.run_id = s.run_id and u.unit = s.unit
                where s.run_id = %s and u.outcome = 'reject' and s.row_no > %s
                order by s.row_no limit %s""",
            [run.pk, last, BATCH],
        )
        if not rows:
            return
        reject(
            run,
            [
                (row_no, line_no, *_cell(code, named, unit), code, _told(unit), unit, raw)
                for row_no, line_no, unit, code, raw in raws(seal, rows)
            ],
        )  # fmt: skip
        last = rows[-1][0]


def _cell(code: str, column: str, unit: str) -> tuple[str, str]:
    """Return the column and the value that a reason is about; of a whole document, none."""
    return (column, _told(unit).get("unit", "")) if code in _OF_ITS_CELL else ("", "")


def _told(unit: str) -> dict[str, str]:
    """Return what a reason says of the unit that it is of: its number, where it came with one."""
    return {} if is_made(unit) else {"unit": unit[:80]}
