"""Loading the demo's rows as an import would: copied to staging, counted, then loaded.

Each source gives one run a slice and kind, with its true control totals and the digest of
what was copied. There is no file behind it, so nothing can be rejected.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice

from django.db import connection

from clientela.audit.services import record_event
from clientela.demo.lands import BASE, LANDS
from clientela.intake.models import Run
from clientela.intake.services.loading import load
from clientela.intake.services.staging import forget
from clientela.intake.services.units import count_rows, count_staged, make_units
from clientela.kernel.money import exponent_of
from clientela.records.models import Source
from clientela.security.permits import ActReach
from clientela.store.context import system_context
from clientela.store.statistics import count_grown
from clientela.trade.services import load_allocations, load_deliveries, load_orders

BLOCK = 5_000  # rows sent to the server at once
WHY = "loading the demo company"
DIGITS = {land.currency: exponent_of(land.currency) for land in LANDS}


def begin(source: Source, kind: str, name: str, at: datetime) -> Run:
    """Open a run of a source for rows of a kind."""
    return Run.objects.create(
        source=source, org_node_id=source.org_node_id, kind=kind, file_name=name, sha256="",
        size=0, file_path="", sealed_key=b"", started_by="demo", started_at=at,
        state=Run.State.STAGING,
    )  # fmt: skip


def end(run: Run, at: datetime) -> None:
    """Close a run whose rows are in the books, with one event."""
    run.state, run.finished_at = Run.State.DONE, at
    run.save()
    record_event(
        act="intake.run.finished",
        at=at,
        subject=("intake.Run", run.public_id),
        rows=run.accepted,
        after={"read": run.read, "accepted": run.accepted, "written": run.written},
    )


def send(run: Run, table: str, columns: str, rows: Iterable[str], *, whole: bool = False) -> int:
    """Copy rows to a staging table; return how many.

    :param whole: the table has only the number of the row before the columns, and no line
        number and raw text.
    """
    head = "run_id, row_no" if whole else "run_id, row_no, line_no, raw"
    target = f"copy staging.{table} ({head}, {', '.join(columns.split())}) from stdin"
    digest, size, sent = hashlib.sha256(), 0, 0
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        for block in _blocks(rows):
            middle = "{0}\t" if whole else "{0}\t{0}\t\t"
            text = "".join(
                f"{run.pk}\t{middle.format(sent + n)}{row}\n" for n, row in enumerate(block, 1)
            )
            copy.write(text)
            content = "\n".join(block).encode()
            digest.update(content)
            size, sent = size + len(content), sent + len(block)
    run.sha256, run.size = digest.hexdigest(), size
    run.read = run.staged = sent
    return sent


def by_units(
    source: Source,
    kind: str,
    name: str,
    table: str,
    columns: str,
    rows: Iterable[str],
    at: datetime,
) -> None:
    """Load rows of a kind that imports know, in units: the very path of an import."""
    given = _unless_empty(rows)
    if given is None:
        return
    with system_context(WHY):
        run = begin(source, kind, name, at)
        send(run, table, columns, given)
        count_staged(run)
        make_units(run)
        count_rows(run)
        run.state = Run.State.LOADING
        run.save()
    for _ in load(run, ActReach(everything=True), at=at):
        pass
    with system_context(WHY):
        forget(run)
        end(run, at)


def at_once(
    source: Source, kind: str, name: str, columns: str, rows: Iterable[str], at: datetime
) -> None:
    """Load rows of a kind that is loaded as a whole: orders, deliveries, allocations."""
    given = _unless_empty(rows)
    if given is None:
        return
    count_grown()
    table = {"orders": "order_line", "deliveries": "delivery_line"}.get(kind, "allocation")
    with system_context(WHY):
        run = begin(source, kind, name, at)
        run.accepted = send(run, table, columns, given, whole=True)
        where = {"run_id": run.pk, "source_id": source.pk}
        if kind == "orders":
            run.written = load_orders(**where, base=BASE, digits=DIGITS, at=at)
        elif kind == "deliveries":
            run.written = load_deliveries(**where, at=at)
        else:
            run.written = load_allocations(**where, at=at)
        end(run, at)


def _unless_empty(rows: Iterable[str]) -> Iterator[str] | None:
    """Return the rows, or None where there are none: a run of nothing would say nothing."""
    iterator = iter(rows)
    first = next(iterator, None)
    return None if first is None else chain([first], iterator)


def _blocks(rows: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(rows)
    while block := list(islice(iterator, BLOCK)):
        yield block
