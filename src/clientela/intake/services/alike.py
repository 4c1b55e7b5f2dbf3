"""Customers' keys that are one but for how they are written: `A-1`, `a-1`, `Ａ-1`.

Hardly ever two customers, and never surely one: which it is only the source knows. So the rows
are set aside, all that the file writes in one of these ways, each with the other way beside it;
where one of them is known to the source from before, it is the one that stands, and only the
others go. A source that tells such keys apart says so once (`keys=exact`, or the answer to the
question): then they are customers of their own, and flagged. Looked at once, over the whole run.

A key is kept in one width, so whether rows wrote it in several is read from their notes.
"""

from clientela.intake.models import Run
from clientela.intake.results import Choice, Question
from clientela.intake.services.accounts import BATCH, COUNTS, GIVEN, LIKE, column_of, is_by_name
from clientela.intake.services.at_rest import raws, row_seal
from clientela.intake.services.rejecting import reject
from clientela.intake.services.stagers import STAGERS
from clientela.intake.services.unreached import NOT_REACHED, reach_params
from clientela.records.folded import FOLD
from clientela.security.permits import ActReach
from clientela.store.bulk import execute, fetch

ASKED, ANSWERS = "keys:alike", ("refuse", "exact")
ALIKE = "key_written_otherwise"

_SPELLED = """
create temp table spelled on commit drop as
select key, bool_or(wide) and not bool_and(wide) as mixed, {fold} as folded
from (select {key} as key, %s = any(string_to_array(s.notes, ',')) as wide
      from staging.{table} s where s.run_id = %s and {key} is not null) g
group by key"""

# Keys of which the source tells nothing that counts, with another way to write each.
_FOUND = f"""
create temp table alike on commit drop as
with fresh as materialized (
    select s.key, s.mixed, s.folded from spelled s where not exists (
        select from records_sourcerecord r
        where r.source_id = %(source)s and r.key = s.key and {COUNTS} offset 0)
), within as (
    select folded, min(key) as least, max(key) as most from spelled group by folded
)
select f.key, coalesce(k.key, case when w.least <> f.key then w.least
                                   when w.most <> f.key then w.most else f.key end) as other,
    coalesce(k.unseen, false) as unseen
from fresh f join within w on w.folded = f.folded left join {LIKE.format("f.folded")} k on true
where f.mixed or w.least <> w.most or k.key is not null or k.unseen"""  # noqa: S608 - our own text

_ROWS = """
select s.row_no, s.line_no, s.unit, a.key, a.other, a.unseen, s.raw from staging.{table} s
join alike a on a.key = {key}{also} where s.run_id = %s and s.row_no > %s order by s.row_no limit %s"""


def set_alike_aside(run: Run, reach: ActReach) -> list[Question]:
    """Set aside the rows whose customer's key is another one's but for its case or width.

    Before the units are made: a document of which a row is set aside is refused whole. Returns
    the question whether the source tells such keys apart, where nobody settled it.
    """
    table = STAGERS[run.kind].table
    if table not in GIVEN or is_by_name(run) or run.definition.get("keys") == "exact":
        return []
    answer = run.answers.get("answers", {}).get(ASKED)
    if answer == "exact":
        run.definition = {**run.definition, "keys": "exact"}
        return []
    if not _gather(run, table, reach):
        return []
    try:
        asked = [] if answer == "refuse" or run.answers.get("take_sure") else _asked(run, table)
        if not asked:
            refuse_alike(run, table)
        return asked
    finally:
        execute("drop table alike")


def _gather(run: Run, table: str, reach: ActReach) -> bool:
    """Find the keys and what each is like; tell whether there are any."""
    column = column_of(run)
    header = run.description["layout"]["header"]
    note = f"full_width_converted@{header.index(column) if column in header else -1}"
    key = GIVEN[table][0]
    execute(_SPELLED.format(table=table, key=key, fold=FOLD.format("key")), [note, run.pk])
    execute("analyze spelled")
    found = execute(_FOUND, {"source": run.source_id, **reach_params(reach)})
    execute("drop table spelled")
    if not found:
        execute("drop table alike")
    return bool(found)


def _asked(run: Run, table: str) -> list[Question]:
    """Return the question about the first such key; of one like an unseen customer's none is asked."""
    query = _ROWS.format(table=table, key=GIVEN[table][0], also=" and not a.unseen")
    rows = fetch(query, [run.pk, 0, 1])
    if not rows:
        return []
    row_no, _, _, key, other, _, _ = rows[0]
    params = {"row": str(row_no), "key": key[:80], "other": other[:80]}
    choices = tuple(Choice(value=value) for value in ANSWERS)
    return [Question(id=ASKED, code="keys_alike", choices=choices, params=params)]


def refuse_alike(run: Run, table: str) -> None:
    """Set aside the rows whose customer's key stands in the table `alike`, with the other key; of
    one like an unseen customer's the other is not told."""
    query = _ROWS.format(table=table, key=GIVEN[table][0], also="")
    column, seal, last = column_of(run), row_seal(run), 0
    while rows := fetch(query, [run.pk, last, BATCH]):
        last = rows[-1][0]
        reject(
            run,
            [
                (row_no, line_no, column, key[:200], *_why(other, unseen), unit, raw)
                for row_no, line_no, unit, key, other, unseen, raw in raws(seal, rows)
            ],
        )  # fmt: skip


def _why(other: str, unseen: bool) -> tuple[str, dict[str, str]]:
    return (NOT_REACHED, {}) if unseen else (ALIKE, {"other": other[:80]})
