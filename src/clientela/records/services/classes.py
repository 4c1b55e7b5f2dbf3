"""Classes that analyses give to customers: on the row, and in its history when they change."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clientela.records.models import ClassRun
from clientela.records.results import CustomerClasses
from clientela.store.bulk import execute, staged

_COLUMNS = {
    "customer_id": "bigint", "abc": "text", "segment": "text", "sales": "bigint",
    "last_on": "date",
}  # fmt: skip

# Joined by the customers that are named, each by its key: a plan that many rows do not change.
_GONE = """
create temp table unclassed on commit drop as
select c.id from records_customer c
where (c.abc_class, c.rfm_segment, c.net_sales_base_minor, c.last_purchase_on)
    is distinct from (null, null, null, null)
  and not exists (select from classed n where n.customer_id = c.id)"""
_NONE = "insert into classed (customer_id) select id from unclassed"

_HISTORY = """
insert into records_classification (customer_id, scheme, value, as_of, snapshot, parameters,
    recorded_at)
select c.id, s.scheme, coalesce(s.value, ''), %(as_of)s, %(snapshot)s,
    coalesce(%(parameters)s::jsonb -> s.scheme, '{}'), %(at)s
from classed n join records_customer c on c.id = n.customer_id
cross join lateral (values ('abc', n.abc, c.abc_class), ('rfm', n.segment, c.rfm_segment))
    s (scheme, value, before)
where s.value is distinct from s.before"""

_ROWS = """
update records_customer c set abc_class = n.abc, rfm_segment = n.segment,
    net_sales_base_minor = n.sales, last_purchase_on = n.last_on, classified_on = %(as_of)s
from classed n where n.customer_id = c.id
  and (c.abc_class, c.rfm_segment, c.net_sales_base_minor, c.last_purchase_on)
      is distinct from (n.abc, n.segment, n.sales, n.last_on)"""


@transaction.atomic
def keep_classes(
    classes: Sequence[CustomerClasses],
    *,
    as_of: date,
    snapshot: int,
    parameters: Mapping[str, Mapping[str, Any]],
    at: datetime,
    currency: str = "",
) -> int:
    """Write the classes that differ; return how many customers changed.

    A customer that is not among them, or of whom they tell nothing, has none any more: it never
    bought, or its documents, or all that told of it, were taken back.

    :param parameters: scheme -> name -> value, with which the classes were worked out.
    :param currency: of the net sales; empty: the group's.
    """
    rows = (
        (c.customer_id, c.abc, c.segment, c.net_sales_base_minor, c.last_purchase_on)
        for c in classes
        if c.tells_something
    )
    limits = {scheme: dict(values) for scheme, values in parameters.items()}
    params = {"as_of": as_of, "snapshot": snapshot, "at": at, "parameters": json.dumps(limits)}
    ClassRun.objects.create(
        as_of=as_of, snapshot=snapshot, parameters=limits, customers=len(classes),
        currency=currency, recorded_at=at,
    )  # fmt: skip
    with staged("classed", _COLUMNS, rows):
        execute(_GONE)  # apart, since a table that grows while it is looked through is slow
        execute(_NONE)
        execute("drop table unclassed")
        execute("analyze classed")
        execute(_HISTORY, params)
        return execute(_ROWS, params)


@transaction.atomic
def hold_classes_back(
    lacking: Mapping[str, int], *, as_of: date, snapshot: int, at: datetime
) -> bool:
    """Note that classes wait for rates and stay as they are; tell whether that is news.

    :param lacking: currency -> documents without a rate.
    """
    newest = ClassRun.objects.order_by("-recorded_at", "-id").first()
    if newest is not None and newest.waits_for == dict(lacking):
        return False
    ClassRun.objects.create(
        as_of=as_of, snapshot=snapshot, parameters={}, customers=0, waits_for=dict(lacking),
        recorded_at=at,
    )  # fmt: skip
    return True
