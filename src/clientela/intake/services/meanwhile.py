"""What came in since a run was checked, by another import into the same source.

A run is checked, looked at, and loaded later: another one may have been loaded in between, or is
being loaded beside it. Each batch asks once more what was asked when it was checked, while nobody
else writes to the source, which the caller holds:

* a document that stands already is skipped; of another content, it is set aside;
* a customer that goes by another name is treated as was answered about such names; where nobody
  was asked, since there was none, the row is set aside;
* a new key that is another one's but for case or width is set aside, with its documents;
* a customer who stands where whoever imports may not work is set aside (see `unreached`).
"""

from collections.abc import Sequence

from clientela.intake.models import Run
from clientela.intake.services.accounts import COUNTS, GIVEN, LIKE, is_by_name, settle_renamed
from clientela.intake.services.alike import ALIKE, refuse_alike
from clientela.intake.services.units import BOOKS, refuse_rows
from clientela.intake.services.unreached import leave_out_unreached, reach_params
from clientela.records.folded import FOLD
from clientela.security.permits import ActReach
from clientela.store.bulk import execute, fetch, staged

_CAME = """
select d.seq, b.digest = d.digest from staging.unit d
join lateral (select digest from {books} i where i.source_id = %(source)s and i.number = d.unit
              and i.voided_at is null offset 0) b on true
where d.run_id = %(run)s and d.seq > %(after)s and d.seq <= %(upto)s and d.outcome = 'load'"""

_LEFT_OUT = """
update staging.unit set outcome = %(outcome)s, code = %(code)s
where run_id = %(run)s and seq = any (%(seqs)s)"""


def leave_out_what_came(run: Run, table: str, upto: int) -> None:
    """Skip the documents of the next batch that another import has brought, and set those aside
    that it brought with another content."""
    given = {"run": run.pk, "source": run.into.pk, "after": run.loaded, "upto": upto}
    came: list[tuple[int, bool]] = fetch(_CAME.format(books=BOOKS[table]), given)
    alike, otherwise = ([seq for seq, same in came if same is alike] for alike in (True, False))
    if alike:
        execute(_LEFT_OUT, {**given, "outcome": "skip", "code": "stored_already", "seqs": alike})
    if otherwise:
        told = {"outcome": "reject", "code": "document_differs", "seqs": otherwise}
        execute(_LEFT_OUT, given | told)
        refuse_rows(run, table)


_NEXT_KEYS = """
select unit from staging.unit
where run_id = %s and seq > %s and seq <= %s and outcome = 'load'"""


def leave_out_customers(run: Run, reach: ActReach, upto: int) -> None:
    """Do with the next customers of a file what is done with those who are out of reach, and with
    those whose name or key another import has brought otherwise."""
    leave_out_unreached(run, reach, upto)
    if _is_alone(run):
        return
    keys = [key for (key,) in fetch(_NEXT_KEYS, [run.pk, run.loaded, upto])]
    _set_aside(run, "customer", keys, reach)
    settle_renamed(run, reach, after=run.loaded, upto=upto)


# Keys of which the source tells nothing that counts, each with another one's that is like it: by
# one probe each, whatever is believed of the tables.
_ALIKE = f"""
select k.key, coalesce(o.key, ''), o.unseen
from (select g.key from unnest(%(keys)s::text[]) g (key)
      left join lateral (select true as counts from records_sourcerecord r
                         where r.source_id = %(source)s and r.key = g.key and {COUNTS} offset 0) r
          on true
      where r.counts is null offset 0) k
join {LIKE.format(FOLD.format("k.key"))} o on o.key is not null or o.unseen"""  # noqa: S608 - our own text

_REFUSED = """
update staging.unit u set outcome = 'reject', code = %(code)s
from staging.{table} s join alike a on a.key = {key}
where s.run_id = %(run)s and u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'"""


def set_alike_aside(run: Run, table: str, keys: Sequence[str], reach: ActReach) -> set[str]:
    """Set aside what rows say of new customers whose key is another one's but for case or width,
    and the documents in which they do; return those keys."""
    return set() if _is_alone(run) else _set_aside(run, table, keys, reach)


def _set_aside(run: Run, table: str, keys: Sequence[str], reach: ActReach) -> set[str]:
    if run.definition.get("keys") == "exact" or is_by_name(run):
        return set()
    given = {"keys": list(keys), "source": run.into.pk, **reach_params(reach)}
    found = fetch(_ALIKE, given)
    if not found:
        return set()
    columns = {"key": "text", "other": "text", "unseen": "boolean"}
    with staged("alike", columns, found):
        refuse_alike(run, table)
        code = ALIKE if table == "customer" else "document_incomplete"
        query = _REFUSED.format(table=table, key=GIVEN[table][0])
        execute(query, {"run": run.pk, "code": code})
    refuse_rows(run, table)
    return {key for key, _, _ in found}


def _is_alone(run: Run) -> bool:
    """Tell whether no other import was ever sent into the source of a run."""
    return not Run.objects.filter(source=run.into, dry_run=False).exclude(pk=run.pk).exists()
