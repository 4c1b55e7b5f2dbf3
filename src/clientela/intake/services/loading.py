"""From staging into the books: accounts and products first, then units by the batch."""

from collections.abc import Iterator
from datetime import datetime

from clientela.intake.models import Run
from clientela.intake.services.at_rest import row_seal
from clientela.intake.services.first_currency import group_currency
from clientela.intake.services.locking import running
from clientela.intake.services.meanwhile import leave_out_customers, leave_out_what_came
from clientela.intake.services.opening import gather_accounts, open_accounts
from clientela.intake.services.stagers import STAGERS
from clientela.intake.services.units import BOOKS
from clientela.intake.services.unreached import probes_noted
from clientela.kernel.money import exponent_of
from clientela.records.results import Statement
from clientela.records.services import state
from clientela.security.permits import ActReach
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.store.statistics import count_grown
from clientela.trade.services import load_documents, load_payments, load_products

UNITS = 5_000  # a transaction

_CUSTOMERS = """
select u.seq, s.unit, s.kind, s.true_from, s.attributes, s.sealed, s.raw, s.row_no
from staging.unit u
join lateral (select * from staging.customer c where c.run_id = u.run_id and c.unit = u.unit
              order by c.row_no limit 1) s on true
where u.run_id = %s and u.outcome = 'load' and u.seq > %s and u.seq <= %s order by u.seq"""


def load(run: Run, reach: ActReach, *, at: datetime) -> Iterator[int]:
    """Load the rest of a run; yield how many units are behind it after each transaction.

    :param reach: the customers of whom whoever imports may say anything.
    """
    table = STAGERS[run.kind].table
    if table == "sales_line":
        yield from _accounts(run, reach, at=at)
    if table in ("sales_line", "product"):
        with system_context("loading products of an import"), running(run, writing=True):
            products = load_products(
                run_id=run.pk, source_id=run.into.pk, from_lines=table == "sales_line"
            )
            _wrote(run, {"products": products})
    while run.loaded < run.to_load:
        count_grown()
        with system_context("loading units of an import"), running(run, writing=True):
            upto = min(run.loaded + UNITS, run.to_load)
            with probes_noted(run, reach, at=at):
                written = _load_batch(run, table, reach, upto, at)
            _wrote(run, written)
            run.loaded = upto
            run.save(update_fields=["loaded", "written", "state"])
        yield run.loaded


def _accounts(run: Run, reach: ActReach, *, at: datetime) -> Iterator[int]:
    with system_context("gathering the accounts that an import names"), running(run):
        gather_accounts(run)
    last, behind = "", False
    while not behind:
        count_grown()
        with system_context("opening accounts of an import"), running(run, writing=True):
            with probes_noted(run, reach, at=at):
                last, written = open_accounts(run, reach, after=last, at=at)
            _wrote(run, written)
        behind = not last
        yield 0


def _load_batch(run: Run, table: str, reach: ActReach, upto: int, at: datetime) -> dict[str, int]:
    if table in BOOKS:
        leave_out_what_came(run, table, upto)
    if table == "sales_line":
        base, digits = _currencies(run)
        return load_documents(
            run_id=run.pk, source_id=run.into.pk, settlement=run.into.settlement, base=base,
            digits=digits, after=run.loaded, upto=upto, at=at,
        )  # fmt: skip
    if table == "payment":
        base, digits = _currencies(run)
        return load_payments(
            run_id=run.pk, source_id=run.into.pk, base=base, digits=digits, after=run.loaded,
            upto=upto, at=at,
        )  # fmt: skip
    if table == "customer":
        leave_out_customers(run, reach, upto)
        return _customers(run, upto, at)
    return {}


def _customers(run: Run, upto: int, at: datetime) -> dict[str, int]:
    seal = row_seal(run)
    said = [
        Statement(
            key=key,
            kind=kind,
            attributes=seal.attributes(row_no, shown, sealed),
            true_from=true_from,
            raw={"row": seal.opened(row_no, "raw", bytes(raw)).decode("utf-8", "replace")},
            ref=seq,
        )
        for seq, key, kind, true_from, shown, sealed, raw, row_no in fetch(
            _CUSTOMERS, [run.pk, run.loaded, upto]
        )
    ]
    answers = state(said, source_id=run.into.pk, author=run.started_by, at=at, run_id=run.pk)
    new = sum(answer.outcome == "new" for answer in answers)
    changed = sum(answer.outcome == "changed" for answer in answers)
    return {"customers": new, "versions": new + changed}


def _currencies(run: Run) -> tuple[str, dict[str, int]]:
    """Return the group's currency, and the decimals of every currency that occurs."""
    table = STAGERS[run.kind].table
    rows = fetch(f"select distinct currency from staging.{table} where run_id = %s", [run.pk])  # noqa: S608
    found = sorted(row[0] for row in rows)
    base = group_currency(run, table)
    return base, {c: exponent_of(c) for c in {*found, base}}


def _wrote(run: Run, rows: dict[str, int]) -> None:
    for table, count in rows.items():
        if count:
            run.written[table] = run.written.get(table, 0) + count
    run.state = Run.State.LOADING
    run.save(update_fields=["written", "state"])
