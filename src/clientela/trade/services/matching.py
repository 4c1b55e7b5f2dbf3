"""What payments and credit notes say they settle, matched with the invoices that are there.

Both keep the number of the invoice that they name, known or not. They are matched when they come
in, when the invoice comes in after them, and again when what stood between is taken back: in
whatever order files come, and come again, the same is settled in the end.

An invoice is settled up to what is open of it, earlier claims first, by day and number: one that
comes in late and is earlier takes its part from those that held it, whose allocations are voided
and made anew. What is left of a payment stays unapplied until more of its invoice is open.
"""

from datetime import datetime

from clientela.store.bulk import execute, fetch

# Invoices that something may settle now; the callers fill it.
INVOICES = "create temp table to_settle (id bigint) on commit drop"

# A payment that names no customer is its invoice's customer's. Rows to be written are named by an
# array of ids, and their values asked for each: joined with them, the table may be read whole.
_PAYERS = """
update trade_payment p set (account_id, customer_id, org_node_id, owner_id) = (
    select i.account_id, i.customer_id, i.org_node_id, i.owner_id from trade_invoice i
    where i.source_id = p.source_id and i.number = p.invoice_number and i.voided_at is null)
where p.id = any(array(
    select c.id from (select distinct id from to_settle) t
    join lateral (select * from trade_invoice i where i.id = t.id offset 0) i on true
    join lateral (
        select q.id, q.account_id from trade_payment q
        where q.source_id = i.source_id and q.invoice_number = i.number
          and q.invoice_number <> '' and q.voided_at is null offset 0
    ) c on c.account_id is null  -- not in the probe: accounts have an index of their own
    where i.account_id is not null and i.voided_at is null))"""

# What names an invoice, in order, with the part that is its own and what it holds by now. Allocations
# that came in by themselves, or with the invoice, are of another run or name nothing: they stay, and
# what they settle is settled first.
_CLAIMS = """
create temp table claim on commit drop as
select c.*, greatest(least(amount_minor, gross_minor - given_minor - before_minor), 0) as part
from (
    select c.*, i.id as invoice_id, i.currency, i.gross_minor, i.gross_base_minor, i.customer_id,
        i.org_node_id, i.owner_id,
        (s.settled_minor - sum(c.held_minor) over (partition by i.id))::bigint as given_minor,
        (sum(c.amount_minor) over upto - c.amount_minor)::bigint as before_minor
    from (select distinct id from to_settle) t
    join lateral (select * from trade_invoice i where i.id = t.id offset 0) i on true
    join lateral (
        select coalesce(sum(a.amount_minor), 0)::bigint as settled_minor from trade_allocation a
        where a.invoice_id = i.id and a.voided_at is null offset 0
    ) s on true
    join lateral (
        select w.payment_id, w.credit_note_id, w.day, w.number, w.run_id, t.held,
            greatest(w.amount_minor - coalesce(t.elsewhere_minor, 0), 0)::bigint as amount_minor,
            coalesce(t.held_minor, 0)::bigint as held_minor
        from (
            select p.id as payment_id, null::bigint as credit_note_id, p.received_on as day,
                p.number, p.amount_minor, p.run_id, p.currency
            from trade_payment p
            where p.source_id = i.source_id and p.invoice_number = i.number
              and p.invoice_number <> '' and p.voided_at is null
            union all
            select null, n.id, n.issued_on, n.number, -n.gross_minor, n.run_id, n.currency
            from trade_invoice n
            where n.source_id = i.source_id and n.credits_number = i.number
              and n.credits_number <> '' and n.voided_at is null
            offset 0  -- what follows is no part of a probe: an index on it would be read whole
        ) w
        left join lateral (
            select array_agg(a.id) filter (where a.is_held) as held,
                sum(a.amount_minor) filter (where a.is_held) as held_minor,
                sum(a.amount_minor) filter (where not a.is_held) as elsewhere_minor
            from (
                select a.id, a.amount_minor,
                    a.invoice_id = i.id and a.run_id is not distinct from w.run_id as is_held
                from trade_allocation a
                where (a.payment_id = w.payment_id or a.credit_note_id = w.credit_note_id)
                  and a.voided_at is null offset 0
            ) a
        ) t on true
        where w.currency = i.currency and w.amount_minor > 0
    ) c on true
    where i.voided_at is null and i.gross_minor > 0
    window upto as (partition by i.id order by c.day, c.number, c.payment_id, c.credit_note_id
                    rows unbounded preceding)
) c"""

# Those that hold another part than is theirs now: more came before them, or less.
_GIVEN_WAY = """
update trade_allocation set voided_at = %s
where id = any(array(select unnest(held) from claim where part <> held_minor))"""

# At the invoice's rate, so that a settled invoice leaves nothing open in either currency.
_ALLOCATIONS = """
insert into trade_allocation (invoice_id, payment_id, credit_note_id, allocated_on, currency,
    amount_minor, amount_base_minor, delay_reason, delay_is_ours, run_id, customer_id, org_node_id,
    owner_id)
select invoice_id, payment_id, credit_note_id, day, currency, part,
    round(gross_base_minor * part::numeric / gross_minor)::bigint, '', false, run_id, customer_id,
    org_node_id, owner_id
from claim where part > 0 and part <> held_minor"""

_CREDITS = """
update trade_invoice n set credits_id = (
    select i.id from trade_invoice i
    where i.source_id = n.source_id and i.number = n.credits_number and i.voided_at is null)
where n.id = any(array(
    select n.id from claim c
    join lateral (select n.id, n.credits_id from trade_invoice n where n.id = c.credit_note_id
                  offset 0) n on n.credits_id is distinct from c.invoice_id))"""

_FREED = """
insert into to_settle select distinct a.invoice_id from trade_allocation a
where a.run_id = %s and a.voided_at is not null"""

# Once the allocations are made: those that an invoice took nothing of stand otherwise as well.
_STANDINGS = """
select scope.restate_payments(array(
    select c.id from (select distinct id from to_settle) t
    join lateral (select * from trade_invoice i where i.id = t.id offset 0) i on true
    join lateral (
        select q.id from trade_payment q
        where q.source_id = i.source_id and q.invoice_number = i.number
          and q.invoice_number <> '' and q.voided_at is null offset 0
    ) c on true))"""

# Of the payments that were just given: those without their invoice, those of which it took less
# than all, and those in another currency than it.
_UNAPPLIED = """
select count(*) filter (where p.standing = 'waits'), count(*) filter (where p.standing = 'over'),
    count(*) filter (where p.standing = 'other_currency')
from given_payment s
join lateral (select p.standing from trade_payment p where p.id = s.id offset 0) p on true"""


def settle(fill: str, params: dict[str, object] | list[object], *, at: datetime) -> int:
    """Match the invoices that `fill` inserts into `to_settle` (id); return the allocations made.

    Those that are to hold another part than they do are voided as of `at`, and among those made.
    """
    execute(INVOICES)
    allocations = 0
    if execute(fill, params):
        execute("analyze to_settle")
        execute(_PAYERS)
        execute(_CLAIMS)
        execute(_GIVEN_WAY, [at])
        allocations = execute(_ALLOCATIONS)
        execute(_CREDITS)
        execute(_STANDINGS)
        execute("drop table claim")
    execute("drop table to_settle")
    return allocations


def settle_freed(run_id: int, *, at: datetime) -> int:
    """Match what waits for the invoices that a run settled before it was taken back."""
    return settle(_FREED, [run_id], at=at)


def unapplied() -> dict[str, int]:
    """Return how many of `given_payment` wait for their invoice, exceed it, or differ in currency."""
    waiting, over, other = fetch(_UNAPPLIED)[0]
    return {
        "payments_waiting": waiting,
        "payments_over": over,
        "payments_other_currency": other,
    }
