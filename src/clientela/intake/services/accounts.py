"""The customers that staged rows speak of, beside those that the source told of before.

Looked at once, when a file is staged: by statements over the whole run, never row by row.

* Sales name customers. Of persons whom only their name tells apart the key is a keyed digest of
  it: a key is kept in the open. What a customer of this source is already, it stays; a file that
  says otherwise is flagged.
* A known key under another name is a question where the name would be written over (a file of
  customers), and flagged where it would not (sales).
* Keys that differ only in case or width are set aside (`alike`); of a source that tells them
  apart they are different customers, and are flagged. So are names that serve as keys.

What is found is kept in the run, as rows by code with the first rows of each: rows that are taken.
Where fewer are in the end than were when it was checked, they are counted once more.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from clientela.intake.models import Run
from clientela.intake.results import Choice, Question
from clientela.intake.services.at_rest import raws, row_seal
from clientela.intake.services.rejecting import reject
from clientela.intake.services.stagers import STAGERS
from clientela.intake.services.unreached import REACHED, SEEN, reach_params
from clientela.kernel.masked import mask_name
from clientela.records.folded import FOLD
from clientela.records.models import Kind
from clientela.records.selectors.trust import more_trusted
from clientela.security.permits import ActReach
from clientela.store.bulk import execute, fetch, staged
from clientela.store.sealing import digest, is_sealed

NAMED = "name:"  # begins the key of a person whom only a name tells apart
CHANGED, TAKEN = "names:changed", ("keep", "take", "refuse")  # a question and its answers
SHOWN = 20  # rows of a flag that are shown
PREVIEWED = 5  # customers whose names are shown beside an answer
BATCH = 20_000

# What the rows of one account say of its kind: a person, if any of them says so.
KIND_OF_ACCOUNT = """case when bool_or(s.account_kind = 'company')
    and not coalesce(bool_or(s.account_kind = 'person'), false) then 'company' else 'person' end"""

_NAMES = f"""
create temp table given_name on commit drop as
select s.account, {KIND_OF_ACCOUNT} as kind, null::text as sealed from staging.sales_line s
where s.run_id = %s and s.account is not null group by s.account"""  # noqa: S608 - our own text
_NEXT_NAMES = "select account from given_name where account > %s order by account limit %s"
_DIGESTS = "update given_name g set sealed = d.sealed from digests d where d.account = g.account"

# What the source has under a key: by one probe, whatever is believed of the table.
OF_KEY = """lateral (select r.id, r.kind from records_sourcerecord r
    where r.source_id = %(source)s and r.key = {0} offset 0)"""

# The customer that is there already keeps its key, whatever kind it is of.
_REKEYED = f"""
update staging.sales_line s set account = t.sealed
from given_name t
left join {OF_KEY.format("t.sealed")} p on true left join {OF_KEY.format("t.account")} o on true
where s.run_id = %(run)s and s.account = t.account
  and (p.id is not null or o.id is null and t.kind = 'person')"""  # noqa: S608 - our own text

# Key, kind and name that the rows of each table give of a customer.
GIVEN = {
    "sales_line": ("s.account", "s.account_kind", "s.account_name"),
    "payment": ("s.account", "null::text", "null::text"),
    "customer": ("s.unit", "s.kind", "s.attributes ->> 'name'"),
}
# Of the rows that will be loaded; before the units are made, of all.
_TO_LOAD = """join staging.unit u
    on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'"""
_TOLD = """
create temp table told on commit drop as
select {key} as key, {kind} as account_kind, {name} as name, min(s.row_no) as row_no,
    count(*) as rows
from staging.{table} s {units} where s.run_id = %s and {key} is not null group by 1, 2, 3"""

# Of a source record `r` anything counts: not every import that told of it was taken back.
COUNTS = """exists (
    select from records_recordversion w where w.source_record_id = r.id
    and not exists (select from records_retraction y where y.run_id = w.run_id))"""
# The key of the source that is another one's but for how it is written, by the index of folded
# keys: the source is looked at then (`+ 0`), since the index of its keys begins with it. Of a
# customer out of reach no more is known than that there is one.
LIKE = f"""lateral (
    select min(o.key) filter (where o.seen) as key, bool_or(not o.seen) as unseen
    from (select r.key, {SEEN} as seen from records_sourcerecord r
          where r.folded = {{0}} and r.source_id + 0 = %(source)s and {COUNTS} offset 0) o)"""  # noqa: S608 - our own text
_ALIKE = f"""
with keys as materialized (
    select t.key, t.row_no, t.rows, r.id is null as is_new, {FOLD.format("t.key")} as folded
    from (select key, min(row_no) as row_no, sum(rows)::bigint as rows from told group by key) t
    left join lateral (select r.id from records_sourcerecord r
        where r.source_id = %(source)s and r.key = t.key and {COUNTS} offset 0) r on true
), twins as (
    select folded from keys group by folded having count(*) > 1
)
select k.key, k.row_no, k.rows from keys k
left join twins t on t.folded = k.folded left join {LIKE.format("k.folded")} o on k.is_new
where k.is_new and (t.folded is not null or o.key is not null)
order by k.row_no"""  # noqa: S608 - our own text

# A kind that was assumed, of whom no name is known, gives way to the one that is told.
_OF_KINDS = f"""
with account as (
    select s.key, {KIND_OF_ACCOUNT} as kind, bool_or(s.account_kind is not null) as said
    from told s group by s.key
), odd as (
    select t.key, t.row_no, t.rows,
        case when t.account_kind <> coalesce(r.kind, a.kind) and (r.id is null or exists (
                 select from records_recordversion v where v.source_record_id = r.id
                   and v.attributes ? 'name' and not exists (
                       select from records_retraction x where x.run_id = v.run_id)))
             then 'customer_kind_differs'
             when r.id is null and not a.said then 'customer_kind_assumed' end as code, r.id
    from told t join account a on a.key = t.key left join {OF_KEY.format("t.key")} r on true
)
select code, key, min(row_no), sum(rows)::bigint from odd r
where code is not null and (id is null or {SEEN}) group by code, key order by 3"""  # noqa: S608 - our own text

# Keys that the file gives several names, which nobody else would notice: the last one holds.
_OF_NAMES = f"""
select 'customer_names_differ', t.key, min(t.row_no), sum(t.rows)::bigint from told t
where t.name is not null group by t.key having count(distinct {FOLD.format("t.name")}) > 1
order by 3"""  # noqa: S608 - our own text

# Keys and names where the name is none that the customer's file goes by: by one probe of each
# table, whatever is believed of them.
_RENAMED = f"""
select s.key, s.name, s.row_no, s.rows, last.name, c.name, c.kind,
    exists (select from records_recordversion p join records_sourcerecord o
            on o.id = p.source_record_id
            where p.id = c.stands_by and o.source_id = any(%(trusted)s)) as stays
from (select key, name, min(row_no) as row_no, sum(rows)::bigint as rows
      from told where name is not null group by 1, 2) s
join {OF_KEY.format("s.key")} r on true
join lateral (select k.customer_id, k.ended_at from records_link k
              where k.source_record_id = r.id offset 0) l on l.ended_at is null
join lateral (select t.name, t.kind, t.org_node_id, t.owner_id,
                     (t.provenance ->> 'name')::bigint as stands_by from records_customer t
              where t.id = l.customer_id offset 0) c on true
join lateral (
    select v.attributes -> 'name' as name from records_recordversion v
    where v.source_record_id = r.id and v.attributes ? 'name' and not exists (
        select from records_retraction x where x.run_id = v.run_id)
    order by v.true_from desc, v.known_at desc, v.id desc limit 1) last on true
where s.row_no > %(after)s and {REACHED}
  and {FOLD.format("s.name")} <> {FOLD.format("c.name")}
order by s.row_no limit %(limit)s"""  # noqa: S608 - our own text


class Renamed(NamedTuple):
    """A known customer that comes under another name: its key, the first row, how many rows, the
    name it has (of a person a mask: the file shows no more) and the one that comes, and whether
    its name is said by who is trusted more, so that it stays whatever this file says."""

    key: str
    row_no: int
    rows: int
    name: str
    given: str
    stays: bool


Found = tuple[str, str, int, int]  # code, key of the customer, first row, rows


def key_accounts(run: Run, reach: ActReach) -> list[Found]:
    """Settle the keys of the customers whom only their names tell apart; return what is odd
    about those names. Before the units are made: a document's digest holds its account."""
    if STAGERS[run.kind].table != "sales_line" or not is_by_name(run):
        return []
    params = {"run": run.pk, "source": run.source_id, **reach_params(reach)}
    with _told(run, units=""):
        found = _alike(params)
    _key_persons_by_digest(params)
    return found


def note_accounts(run: Run, found: list[Found], reach: ActReach) -> list[Question]:
    """Write down what is odd about the customers of the units that will be loaded, beside `found`.

    Returns the question that has to be answered before anything is loaded, if there is one.
    """
    table = STAGERS[run.kind].table
    if table not in GIVEN:
        return []
    params = {"source": run.source_id, **reach_params(reach)}
    with _told(run, units=_TO_LOAD):
        if not is_by_name(run):
            found += _alike(params)
        if table == "sales_line":
            found += fetch(_OF_KINDS, params) + fetch(_OF_NAMES)
        if table == "customer":  # whose kind nothing but the file says is not assumed here
            found += [one for one in fetch(_OF_KINDS, params) if one[0] == "customer_kind_differs"]
        renamed = list(_renamed(params)) if table != "payment" else []
    if _answer(run) != "refuse":  # what is set aside is told as such
        found += [("customer_named_otherwise", *one[:3]) for one in renamed]
    if _answer(run) == "take":
        found += [("name_kept_as_corrected", *one[:3]) for one in renamed if one.stays]
    _write_down(run, found)
    _keep_keys(run, found)
    if table != "customer" or not renamed:
        return []
    asked = _asked(run, renamed)
    if _answer(run) == "refuse":
        recount_accounts(run)
    return asked


# The keys under each code, as the staged rows have them now.
_KEPT_KEYS = """
insert into staging.account_note (run_id, code, key)
select distinct %(run)s::bigint, n.code, n.key from note n
where not %(by_name)s or exists (select from staging.sales_line s
                                 where s.run_id = %(run)s and s.account = n.key)"""
_RECOUNTED = f"""
select n.code, n.key, min(s.row_no), count(*) from staging.{{table}} s {_TO_LOAD}
join staging.account_note n on n.run_id = s.run_id and n.key = {{key}}
where s.run_id = %s group by n.code, n.key order by 3"""  # noqa: S608 - our own text


def _keep_keys(run: Run, found: Iterable[Found]) -> None:
    """Keep which customers were found to be odd, for `recount_accounts`. A person whom only a name
    tells apart is kept by its digest, as in the staged rows."""
    execute("delete from staging.account_note where run_id = %s", [run.pk])
    by_name = is_by_name(run)
    keys = {(code, key) for code, key, _, _ in found}
    if by_name:
        keys |= {(code, NAMED + digest("customer_key", key)) for code, key in keys}
    if keys:
        with staged("note", {"code": "text", "key": "text"}, keys):
            execute(_KEPT_KEYS, {"run": run.pk, "by_name": by_name})


def recount_accounts(run: Run) -> None:
    """Count what was found to be odd about the customers of a run over the rows that are taken:
    others of them were skipped or set aside since."""
    table = STAGERS[run.kind].table
    if table in GIVEN and run.flagged.get("accounts"):
        query = _RECOUNTED.format(table=table, key=GIVEN[table][0])
        _write_down(run, fetch(query, [run.pk]))


@contextmanager
def _told(run: Run, *, units: str) -> Iterator[None]:
    """Gather what the rows of a run tell of each customer, for the length of the block."""
    table = STAGERS[run.kind].table
    key, kind, name = GIVEN[table]
    execute(_TOLD.format(table=table, key=key, kind=kind, name=name, units=units), [run.pk])
    execute("analyze told")
    yield
    execute("drop table told")


def is_by_name(run: Run) -> bool:
    """Tell whether only their names tell the customers of a run apart."""
    return bool(run.definition.get("customers") == "name")


def _key_persons_by_digest(params: dict[str, Any]) -> None:
    execute(_NAMES, [params["run"]])
    execute("create unique index on given_name (account)")
    last = ""
    while rows := fetch(_NEXT_NAMES, [last, BATCH]):
        last = rows[-1][0]
        digests = ((name, NAMED + digest("customer_key", name)) for (name,) in rows)
        with staged("digests", {"account": "text", "sealed": "text"}, digests):
            execute(_DIGESTS)
    execute("analyze given_name")
    execute(_REKEYED, params)
    execute("drop table given_name")


def _alike(params: dict[str, Any]) -> list[Found]:
    """Return the new keys that differ from another one only in case or width."""
    return [("key_like_another", *row) for row in fetch(_ALIKE, params)]


def _renamed(params: dict[str, Any]) -> Iterable[Renamed]:
    """Yield each known customer that comes under another name."""
    asked = params | {"trusted": more_trusted(params["source"], "name"), "limit": BATCH}
    after = 0
    while rows := fetch(_RENAMED, asked | {"after": after}):
        after = rows[-1][2]
        for key, given, row_no, count, stated, name, kind, stays in rows:
            if not _same(given, stated):
                known = mask_name(name) if kind == Kind.PERSON else name
                yield Renamed(key, row_no, count, known, given, stays)


def _same(given: str, stated: Any) -> bool:
    """Tell whether a name is the one that was stated last; a sealed one by its digest."""
    if is_sealed(stated):
        return bool(digest("name", given) == stated["digest"])
    return stated is None or _folded(given) == _folded(stated)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower()


def _write_down(run: Run, found: Iterable[Found]) -> None:
    rows: dict[str, int] = {}
    shown: dict[str, list[dict[str, object]]] = {}
    column, masked = column_of(run), is_by_name(run)
    for code, key, row_no, count in found:
        rows[code] = rows.get(code, 0) + count
        first = shown.setdefault(code, [])
        if len(first) < SHOWN:
            value = "***" if masked else key[:200]
            first.append({"row": row_no, "column": column, "value": value, "rows": count})
    run.flagged = {**run.flagged, "accounts": rows, "shown": shown}


def column_of(run: Run) -> str:
    """Return the column of the file that holds the customers' keys, or the names that serve."""
    columns = run.definition.get("columns", {})
    return str(columns.get("customer_key") or columns.get("customer_name") or "")


def _answer(run: Run) -> str:
    return str(run.answers.get("answers", {}).get(CHANGED, ""))


def settle_renamed(run: Run, reach: ActReach, *, after: int, upto: int) -> None:
    """Do what was answered about names that would be written over with the customers `after < seq
    <= upto` of a file that have another name by now; unasked, set their rows aside."""
    units = f"{_TO_LOAD} and u.seq > {after:d} and u.seq <= {upto:d}"
    with _told(run, units=units):
        renamed = list(_renamed({"source": run.source_id, **reach_params(reach)}))
    if renamed:
        _settle(run, _answer(run) or "refuse", renamed)


def _asked(run: Run, renamed: list[Renamed]) -> list[Question]:
    """Do what was answered about names that would be written over; ask where nothing was."""
    answer = _answer(run)
    if answer not in TAKEN:
        rows = sum(one.rows for one in renamed)
        params = {"rows": str(rows), "row": str(renamed[0].row_no)}
        known = "\n".join(f"{one.row_no}: {one.name}" for one in renamed[:PREVIEWED])
        given = "\n".join(f"{one.row_no}: {one.given}" for one in renamed[:PREVIEWED])
        previews = {"keep": known, "take": given}
        choices = tuple(Choice(value=v, preview=previews.get(v, "")) for v in TAKEN)
        return [Question(id=CHANGED, code="customer_renamed", choices=choices, params=params)]
    _settle(run, answer, renamed)
    return []


def _settle(run: Run, answer: str, renamed: list[Renamed]) -> None:
    """Do with rows under another name what was answered."""
    if answer != "take":
        with staged("renamed", {"key": "text"}, ((one.key,) for one in renamed)):
            if answer == "keep":
                execute(_KEPT, [run.pk])
            else:
                _refuse(run)


_KEPT = """update staging.customer s set attributes = s.attributes - 'name'
    from renamed t where s.run_id = %s and s.unit = t.key"""
_REFUSED = """select s.row_no, s.line_no, s.unit, s.raw from staging.customer s
    join renamed t on t.key = s.unit where s.run_id = %s and s.row_no > %s
    order by s.row_no limit %s"""
_LEFT_OUT = """update staging.unit u set outcome = 'reject', code = 'known_by_another_name'
    from renamed t where u.run_id = %s and u.unit = t.key"""


def _refuse(run: Run) -> None:
    """Set aside the rows that give a known customer another name."""
    column, last = run.definition.get("columns", {}).get("name", ""), 0
    seal = row_seal(run)
    while rows := fetch(_REFUSED, [run.pk, last, BATCH]):
        last = rows[-1][0]
        reject(
            run,
            [
                (row_no, line_no, column, "***", "known_by_another_name", {"unit": unit[:80]}, unit,
                 raw)
                for row_no, line_no, unit, raw in raws(seal, rows)
            ],
        )  # fmt: skip
    execute(_LEFT_OUT, [run.pk])
