"""A company with many customers and documents, and how many rows a page reads of them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

from clientela.campaigns.models import PromotionTarget
from clientela.contacts.models import Contact
from clientela.contracts.models import Contract
from clientela.feedback.models import Case, SurveyInvitation
from clientela.records.models import Customer, Link, SourceRecord
from clientela.store.bulk import execute, fetch
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.web.world import World

CUSTOMERS, INVOICES_EACH, DEALINGS = 6_000, 6, 4_000
LARGE = ("records_", "trade_", "intake_", "audit_", "contacts_", "feedback_", "campaigns_",
         "contracts_")  # fmt: skip
# What is multiplied from its one row of "N-own": table -> column of its day, and what it is of.
_DEALINGS = {
    "contacts_contact": ("at", {}),
    "feedback_case": ("received_at", {}),
    "feedback_surveyinvitation": ("invited_on", {"survey_id": "feedback_survey"}),
    "campaigns_promotiontarget": ("begins_on", {"promotion_id": "campaigns_promotion"}),
    "contracts_contract": ("valid_from", {}),
}

_CUSTOMERS = """
insert into records_customer (public_id, kind, stage, org_node_id, owner_id, name, sort_key, country,
    facts, provenance, first_known_on)
select gen_random_uuid(), 'company', 'customer', (%(nodes)s::bigint[])[1 + n %% 4],
    case when n %% 40 = 0 then %(owner)s::bigint end, 'Firm ' || n, 'firm ' || n, 'ES', '{}', '{}',
    date '2025-01-01' + n %% 300
from generate_series(1, %(count)s) n"""
_RECORDS = """
insert into records_sourcerecord (source_id, key, kind, created_at)
select %(source)s, 'many' || c.id, 'company', now() from records_customer c
where c.name like 'Firm %%'"""
_LINKS = """
insert into records_link (source_record_id, customer_id, linked_at, linked_by, ended_by)
select r.id, substr(r.key, 5)::bigint, now(), 'test', '' from records_sourcerecord r
where r.key like 'many%%'"""
_INVOICES = """
insert into trade_invoice (public_id, source_id, number, account_id, customer_id, org_node_id, owner_id,
    sold_by_id, currency, digest, recorded_at, void_reason, kind, settlement, issued_on, net, tax,
    net_minor, gross_minor, net_base_minor, gross_base_minor, delay_is_ours, lines_count)
select gen_random_uuid(), r.source_id, 'M' || r.id || '-' || n, r.id, c.id, c.org_node_id, c.owner_id,
    c.org_node_id, 'EUR', '', now(), '',
    case when (r.id + n) %% 997 = 0 then 'adjustment' else 'invoice' end, 'known',
    date '2025-01-01' + (r.id + n * 53)::int %% 400, 10, 0, a.minor, a.minor, a.minor, a.minor, false, 0
from records_link l join records_sourcerecord r on r.id = l.source_record_id
join records_customer c on c.id = l.customer_id cross join generate_series(1, %(each)s) n
cross join lateral (select case when (r.id + n) %% 1009 = 0 then 9000000 else 1000 end as minor) a
where r.key like 'many%%'"""

_COPY = """
insert into {table} select r.* from {table} t cross join generate_series(1, %(count)s) n
cross join lateral jsonb_populate_record(t, to_jsonb(t) || jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('{table}', 'id')), 'public_id', gen_random_uuid(),
    {changed})) r
where {where}"""


def add_many(world: World) -> str:
    """Add customers of every branch with documents; return the public id of one of `sales`."""
    nodes = [world.company.nodes[n].pk for n in ("madrid", "sevilla", "shanghai", "hangzhou")]
    with system_context("many rows for a test"):
        (source,) = fetch("select min(id) from records_source where name = 'erp'")[0]
        params = {
            "nodes": nodes, "owner": world.company.users["sales"].pk, "count": CUSTOMERS,
            "source": source, "each": INVOICES_EACH,
        }  # fmt: skip
        for statement in (_CUSTOMERS, _RECORDS, _LINKS, _INVOICES):
            execute(statement, params)
        (one,) = fetch(
            """select public_id from records_customer where owner_id = %(owner)s
               and name like 'Firm %%' limit 1""",
            params,
        )[0]
    _count()
    return str(one)


def add_dealings(world: World) -> str:
    """Give one customer of `sales` thousands of contacts, cases, surveys, promotions, contracts.

    Each of its rows is copied with another number and day; a survey and a promotion, which
    an account has once, are copied with it. Returns the customer's public id.
    """
    own = world.customers["own"]
    with system_context("many dealings for a test"):
        for table, (day, parents) in _DEALINGS.items():
            params = {"count": DEALINGS, "customer": own.pk}
            changed = {"number": "'M' || n", day: f"t.{day} - n %% 400 * interval '1 day'"}
            for column, parent in parents.items():
                execute(
                    _COPY.format(table=parent, changed="'code', 'M' || n", where="true"), params
                )
                changed[column] = (
                    f"(select id from {parent} where code = 'M' || n and voided_at is null"
                    " and source_id = t.source_id)"
                )
            said = ", ".join(f"'{name}', {value}" for name, value in changed.items())
            where = "t.customer_id = %(customer)s"
            execute(_COPY.format(table=table, changed=said, where=where), params)
    _count(Contact, Case, SurveyInvitation, PromotionTarget, Contract)
    return str(own.public_id)


def _count(*models: type[Model]) -> None:
    """Have the tables analysed, every column, as the server does by itself in time."""
    counted = {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields]
        for model in models or (Customer, Link, SourceRecord, Invoice)
    }
    execute("select scope.count_grown(%s::jsonb)", [json.dumps(counted)])


@contextmanager
def rows_read() -> Iterator[list[tuple[int, str]]]:
    """Collect, for each query inside, how many rows of large tables it read, and its text.

    Each is run by EXPLAIN ANALYZE first, as the application's role and in the very context
    of the request, so that what is counted is what row security lets the planner do.
    """
    found: list[tuple[int, str]] = []

    def explained(
        run: Callable[..., Any], query: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if query.lstrip("( \n").lower().startswith("select") and not many:
            run(f"explain (analyze, timing off, format json) {query}", params, many, context)
            (answer,) = context["cursor"].fetchone()
            plan = json.loads(answer) if isinstance(answer, str) else answer
            found.append((_read(plan[0]["Plan"]), query))
        return run(query, params, many, context)

    with connection.execute_wrapper(explained):
        yield found


def _read(plan: dict[str, Any]) -> int:
    """Return the rows that a plan took from large tables, those it threw away included."""
    below = sum(_read(part) for part in plan.get("Plans", ()))
    if not plan.get("Relation Name", "").startswith(LARGE):
        return below
    dropped = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return below + int((plan["Actual Rows"] + dropped) * plan["Actual Loops"])
