"""Classes over the whole company, kept on the customer's row and in its history.

They are worked out anew when the copy has changed, when other limits have come into force and when
a day is over: a year back from another day is another year. Where documents lack a rate they stay as
they were: over the rest alone they would be short.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clientela.analysis.expressions.spec import Analysis
from clientela.analysis.services.amounts import lacking_of
from clientela.analysis.services.company import analysis_in_force, parameters_of, values_set
from clientela.analysis.services.copy import copy_folder, fold_copy, open_session, refresh_copy
from clientela.analysis.services.tables import in_one_currency
from clientela.audit.services import record_event
from clientela.records.results import CustomerClasses
from clientela.records.rules import ABC_CLASSES
from clientela.records.selectors import classes_wait_for, last_class_run
from clientela.records.services import hold_classes_back, keep_classes
from clientela.store.context import system_context
from clientela.tables.customers import CUSTOMERS
from clientela.tables.purchases import PURCHASES
from clientela.warehouse.refresh import Refresh, RefreshRunning
from clientela.warehouse.snapshots import numbers

SCHEMES = ("abc", "rfm")


def bring_up_to_date(*, at: datetime, full: bool = False) -> tuple[Refresh | None, int]:
    """Refresh the copy and, when it or the limits changed, the classes; return what was done.

    Another process at it already is as good: then None is answered.
    """
    try:
        done = refresh_copy(full=full)
    except RefreshRunning:
        return None, 0
    aged = is_by_other_limits(at=at) or is_of_an_earlier_day(at=at)
    anew = done.changed or (aged and numbers(copy_folder()))
    changed = classify(as_of=at.date(), at=at) if anew else 0
    fold_copy()
    return done, changed


def is_by_other_limits(*, at: datetime) -> bool:
    """Tell whether the classes were worked out by other limits than those in force."""
    last = last_class_run()
    return last is None or last.parameters != limits_of(schemes_in_force(at))


def is_of_an_earlier_day(*, at: datetime) -> bool:
    """Tell whether a day has ended since the classes were worked out, and no rate is waited for."""
    last = last_class_run()
    return last is not None and last.as_of < at.date() and not classes_wait_for()


def schemes_in_force(at: datetime) -> dict[str, Analysis]:
    """Return the analyses that give classes, with the company's limits at an instant."""
    values = values_set(at)
    return {name: analysis_in_force(name, values) for name in SCHEMES}


def limits_of(schemes: Mapping[str, Analysis]) -> dict[str, dict[str, Any]]:
    """Return scheme -> name -> value, as it is kept with the classes."""
    return {name: parameters_of(analysis) for name, analysis in schemes.items()}


def classify(*, as_of: date, at: datetime) -> int:
    """Compute ABC class and segment of every customer and keep what changed; return how many."""
    schemes = schemes_in_force(at)
    with open_session() as session:
        found = {c.name: session.table(c) for c in (PURCHASES, CUSTOMERS)}
        opened = in_one_currency(session, found)
        snapshot = session.snapshot or 0
        if lacking := lacking_of(opened.converted, as_of=as_of):
            _hold_back(lacking, as_of=as_of, snapshot=snapshot, at=at)
            return 0
        tables, purchases = opened.tables, opened.tables[PURCHASES.name]
        abc, rfm = (_rows(session, schemes[name], tables, as_of) for name in SCHEMES)
        last = session.rows(
            purchases.filter(
                purchases.is_purchase
                & purchases.customer_id.notnull()
                & (purchases.purchased_on <= as_of)
            )
            .group_by("customer_id")
            .agg(last_on=purchases.purchased_on.max())
        )
    classes = _classes(abc, rfm, last)
    with transaction.atomic(), system_context("classes are computed over the whole company"):
        limits = limits_of(schemes)
        changed = keep_classes(
            classes, as_of=as_of, snapshot=snapshot, parameters=limits, at=at,
            currency=opened.currency,
        )  # fmt: skip
        record_event(
            act="analysis.customers.classified",
            at=at,
            rows=changed,
            after={
                "as_of": as_of.isoformat(),
                "snapshot": snapshot,
                "customers": len(classes),
                "currency": opened.currency,
                "parameters": limits,
            },
        )
    return changed


def _hold_back(lacking: Mapping[str, int], *, as_of: date, snapshot: int, at: datetime) -> None:
    """Leave the classes as they are: over what has a rate alone they would be wrong."""
    with transaction.atomic(), system_context("classes are computed over the whole company"):
        if hold_classes_back(lacking, as_of=as_of, snapshot=snapshot, at=at):
            record_event(
                act="analysis.classes.held_back",
                at=at,
                after={"as_of": as_of.isoformat(), "documents_without_rate": dict(lacking)},
            )


def _classes(
    abc: Mapping[int, Mapping[str, Any]],
    rfm: Mapping[int, Mapping[str, Any]],
    last: Iterable[Mapping[str, Any]],
) -> list[CustomerClasses]:
    last_on = {row["customer_id"]: row["last_on"] for row in last}
    return [
        CustomerClasses(
            customer_id=customer,
            abc=_letter(abc.get(customer)),
            segment=(rfm.get(customer) or {}).get("segment"),
            net_sales_base_minor=(abc.get(customer) or {}).get("net_sales_minor"),
            last_purchase_on=last_on.get(customer),
        )
        for customer in sorted(abc.keys() | rfm.keys())
    ]


def _rows(
    session: Any, analysis: Analysis, tables: Mapping[str, Any], as_of: date
) -> dict[int, dict[str, Any]]:
    needed = {c.name: tables[c.name] for c in analysis.reads}
    found = session.rows(analysis.rows(needed, analysis.period(as_of)))
    return {row["customer_id"]: row for row in found}


def _letter(row: Mapping[str, Any] | None) -> str | None:
    value = row["class"] if row else None
    return value if value in ABC_CLASSES else None
