"""Customers out of the reach of whoever imports: a file changes nothing of them and is told nothing.

A number of a source may be of a customer who stands at another branch by now. It is decided by what
the customer is (its node and its owner, by the reach of `import.run`), for the whole file when it is
checked and batch by batch when it is loaded, in the transaction that writes:

* a row of a file of customers whose number is of such a customer is set aside, whatever it says:
  the reason names nobody, and no question or flag is about it;
* so is a new number that is such a one but for case or width, where the source does not tell these
  apart; of sales and payments the documents in which it stands;
* documents of such a customer are the source's own trade and are taken; what they say of the
  customer is not kept.

How many rows were set aside for it is an event: whoever tries out numbers is seen.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from clientela.audit.services import record_event
from clientela.intake.models import RejectedRow, Run
from clientela.intake.services.at_rest import raws, row_seal
from clientela.intake.services.rejecting import reject
from clientela.security.permits import ActReach
from clientela.store.bulk import execute, fetch

NOT_REACHED = "customer_not_reached"
BATCH = 20_000

# A customer `c` is reached, as `ActReach.covers` tells it.
REACHED = """(%(everything)s or c.org_node_id = any (%(nodes)s::bigint[])
    or c.org_node_id = any (%(own)s::bigint[]) and coalesce(c.owner_id = %(owner)s::bigint, false))"""

# The customer of a source record `r` is reached: one probe each, whatever is believed of the tables.
# That a link is open is asked outside of its probe, or an index of the open ones would be read whole.
SEEN = f"""(%(everything)s or exists (
    select from (select k.customer_id, k.ended_at from records_link k
                 where k.source_record_id = r.id offset 0) l
    join lateral (select t.org_node_id, t.owner_id from records_customer t
                  where t.id = l.customer_id offset 0) c on {REACHED}
    where l.ended_at is null))"""  # noqa: S608 - our own text

# The customers that some units of a file name, by one probe each, in the order in which all are held.
_HELD = """
select from records_customer c where c.id = any (array(
    select l.customer_id from staging.unit u
    join lateral (select r.id from records_sourcerecord r
                  where r.source_id = %(source)s and r.key = u.unit offset 0) r on true
    join lateral (select k.customer_id, k.ended_at from records_link k
                  where k.source_record_id = r.id offset 0) l on l.ended_at is null
    where u.run_id = %(run)s and u.seq > %(after)s and u.seq <= %(upto)s))
order by c.id for update"""

_MADE = f"""
create temp table unreached on commit drop as
select g.key from ({{keys}}) g
join lateral (select r.id from records_sourcerecord r
              where r.source_id = %(source)s and r.key = g.key offset 0) r on not {SEEN}"""  # noqa: S608 - our own text
_OF_THE_FILE = "select distinct s.unit as key from staging.customer s where s.run_id = %(run)s"
_OF_A_BATCH = """select u.unit as key from staging.unit u
    where u.run_id = %(run)s and u.seq > %(after)s and u.seq <= %(upto)s and u.outcome = 'load'"""

_ROWS = """select s.row_no, s.line_no, s.unit, s.raw from staging.customer s
    join unreached n on n.key = s.unit where s.run_id = %s and s.row_no > %s
    order by s.row_no limit %s"""
_LEFT_OUT = """update staging.unit u set outcome = 'reject', code = %s
    from unreached n where u.run_id = %s and u.unit = n.key"""


def reach_params(reach: ActReach) -> dict[str, Any]:
    """Return what REACHED and SEEN take."""
    return {
        "everything": reach.everything, "nodes": sorted(reach.nodes),
        "own": sorted(reach.own_nodes), "owner": reach.owner_id,
    }  # fmt: skip


def set_unreached_aside(run: Run, reach: ActReach) -> None:
    """Set aside the rows of a file of customers that are of customers out of reach, before its
    units are made."""
    _set_aside(run, reach, _OF_THE_FILE, {})


def leave_out_unreached(run: Run, reach: ActReach, upto: int) -> None:
    """Set aside those of the next customers of a file who are out of reach by now. The others are
    held: nobody takes them elsewhere before they are written."""
    if reach.everything:
        return
    batch = {"after": run.loaded, "upto": upto}
    execute(_HELD, {"run": run.pk, "source": run.source_id, **batch})
    _set_aside(run, reach, _OF_A_BATCH, batch)


def _set_aside(run: Run, reach: ActReach, keys: str, batch: Mapping[str, int]) -> None:
    if reach.everything or run.source_id is None:
        return
    given = {"run": run.pk, "source": run.source_id, **batch, **reach_params(reach)}
    if execute(_MADE.format(keys=keys), given):
        _refuse(run)
        execute(_LEFT_OUT, [NOT_REACHED, run.pk])
    execute("drop table unreached")


def _refuse(run: Run) -> None:
    column = run.definition.get("columns", {}).get("customer_key", "")
    seal, last = row_seal(run), 0
    while rows := fetch(_ROWS, [run.pk, last, BATCH]):
        last = rows[-1][0]
        reject(
            run,
            [
                (row_no, line_no, column, unit[:200], NOT_REACHED, {}, unit, raw)
                for row_no, line_no, unit, raw in raws(seal, rows)
            ],
        )


@contextmanager
def probes_noted(run: Run, reach: ActReach, *, at: datetime) -> Iterator[None]:
    """Leave an event of how many rows the block sets aside because their customer is out of reach."""
    if reach.everything:
        yield
        return
    before = _count(run)
    yield
    if more := _count(run) - before:
        subject = ("intake.Run", run.public_id)
        record_event(act="intake.run.out_of_reach", at=at, subject=subject, rows=more)


def _count(run: Run) -> int:
    return RejectedRow.objects.filter(run=run, code=NOT_REACHED).count()
