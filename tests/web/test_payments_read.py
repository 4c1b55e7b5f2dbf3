"""Lists of payments read about a page of rows of hundreds of thousands, by index.

Counted, not timed: each query is explained as the application's role. Few payments are not applied,
fewer wait, and few are of nobody known; those of a run lie among those of many.
"""

import json
import re
from datetime import date

import pytest

from clientela.intake.models import Run
from clientela.records.models import Source
from clientela.security.selectors import context_of
from clientela.store.bulk import execute, fetch
from clientela.store.context import database_context, system_context
from clientela.trade.selectors.payments import PaymentFilters, payers_of_unapplied
from tests.factories import NOON
from tests.web.many import rows_read
from tests.web.world import World, make_world

PAYMENTS, RUNS = 240_000, 8
MOST = 1_500

_PAYMENTS = """
insert into trade_payment (public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, sold_by_id, currency, digest, recorded_at, void_reason, received_on, method, amount,
    amount_minor, amount_base_minor, invoice_number, run_id, applied_minor, standing)
select gen_random_uuid(), %(source)s, 'M' || n,
    case when n %% 33 <> 1 then i.account_id end, case when n %% 33 <> 1 then i.customer_id end,
    case when n %% 33 <> 1 then i.org_node_id else (%(nodes)s::bigint[])[1 + n / 33 %% 4] end,
    case when n %% 33 <> 1 then i.owner_id end,
    case when n %% 33 <> 1 then i.sold_by_id else (%(nodes)s::bigint[])[1 + n / 33 %% 4] end,
    case when n %% 50000 = 0 then 'JPY' else 'EUR' end, '', now(), '',
    date '2020-01-01' + n %% 2000, 'transfer', 10, 1000, 1000, 'X' || n,
    (%(runs)s::bigint[])[1 + n / 30001],
    case when n %% 33 = 0 then 0 else 1000 end,
    case when n %% 33000 = 0 then 'over' when n %% 33 = 0 then 'waits' else 'applied' end
from generate_series(1, %(count)s) n
join trade_invoice i on i.id = (%(like)s::bigint[])[1 + n %% 2]"""


@pytest.fixture
def many(fresh_database: object) -> tuple[World, list[Run]]:
    world = make_world()
    with system_context("many payments for a test"):
        source = Source.objects.get(name="erp")
        runs = [
            Run.objects.create(
                source=source, org_node=world.company.nodes["madrid"], file_name=f"{n}.csv",
                sha256=str(n) * 64, size=1, file_path="", state="done", kind="payments", loaded=1,
                started_by="t", started_at=NOON, finished_at=NOON,
            )
            for n in range(RUNS)
        ]  # fmt: skip
        names = ("madrid", "sevilla", "shanghai", "hangzhou")
        params = {
            "source": source.pk, "nodes": [world.company.nodes[n].pk for n in names],
            "runs": [run.pk for run in runs], "count": PAYMENTS,
            "like": [world.invoices[name].pk for name in ("own", "other_branch")],
        }  # fmt: skip
        execute(_PAYMENTS, params)
        (number,) = fetch("select count(*) from trade_payment")[0]
        assert number >= 200_000
    columns = [row[0] for row in fetch(
        """select attname from pg_attribute where attrelid = 'trade_payment'::regclass
           and attnum > 0 and not attisdropped and attname <> 'txid'"""
    )]  # fmt: skip
    execute("select scope.count_grown(%s::jsonb)", [json.dumps({"trade_payment": columns})])
    return world, runs


def _pages(world: World) -> dict[str, str]:
    own = world.customers["own"].public_id
    return {
        "all": "/payments/",
        "not applied": "/payments/?state=unapplied",
        "those that wait": "/payments/?state=waits",
        "those of more than is open": "/payments/?state=over",
        "applied": "/payments/?state=applied",
        "of nobody": "/payments/?state=no_customer",
        "of a time": "/payments/?received_from=2021-01-01&received_to=2021-01-31",
        "of a rare currency": "/payments/?currency=JPY",
        "of a currency": "/payments/?currency=EUR",
        "of a source": "/payments/?source=erp",
        "a number": "/payments/?number=M77",
        "an invoice's number": "/payments/?invoice=X78",
        "of a customer": f"/payments/?customer={own}",
        "of a customer, not applied":
            f"/payments/?customer={own}&state=unapplied",
        "as the ageing leads to them":
            f"/payments/?customer={own}&state=unapplied"
            "&source=erp&currency=EUR&received_to=2026-11-30",
        "of nobody, as the ageing leads to them":
            "/payments/?state=no_customer&source=erp&currency=EUR&received_to=2026-11-30",
    }  # fmt: skip


def _pages_of_run(run: Run) -> dict[str, str]:
    return {
        "of a run": f"/payments/?run={run.public_id}",
        "of a run, waiting": f"/payments/?run={run.public_id}&state=waits",
        "of a run, over": f"/payments/?run={run.public_id}&state=over",
        "of a run, of nobody": f"/payments/?run={run.public_id}&state=no_customer",
        "the run": f"/imports/{run.public_id}",
    }


@pytest.mark.slow
def test_reads_a_page_and_no_table(many: tuple[World, list[Run]]) -> None:
    world, runs = many
    pages, of_run = _pages(world), _pages_of_run(runs[-1])
    too_much = []
    for who in ("data_steward", "auditor", "credit_manager", "boss"):
        client = world.client(who)
        asked = pages | (of_run if who in ("data_steward", "auditor") else {})
        for name, url in asked.items():
            with rows_read() as found:
                answer = client.get(url)
            assert answer.status_code == 200, (who, name)
            rows, query = max(found)
            if rows > MOST:
                too_much.append(f"{who}, {name}: {rows} rows: … {query[-500:]}")
    assert not too_much, "\n".join(too_much)


@pytest.mark.slow
def test_the_twentieth_page_reads_no_more_than_the_second(many: tuple[World, list[Run]]) -> None:
    world, runs = many
    client = world.client("data_steward")
    lists = ("/payments/", "/payments/?state=applied", f"/payments/?run={runs[0].public_id}")
    for url in lists:
        read, following = [], url
        for _ in range(20):
            with rows_read() as found:
                text = client.get(following).content.decode()
            read.append(max(found)[0])
            (more,) = re.findall(r'rel="next" href="([^"]+)"', text)
            following = "/payments/" + more.replace("&amp;", "&")
        assert read[-1] <= read[1] * 2, (url, read)


@pytest.mark.slow
def test_whose_payments_are_not_applied_is_told_by_a_row_of_each(
    many: tuple[World, list[Run]],
) -> None:
    world, _ = many
    own, far = (world.customers[name].pk for name in ("own", "other_branch"))
    with system_context("a fifth of nobody's wait"):
        execute(
            """update trade_payment set standing = 'waits', applied_minor = 0
               where customer_id is null and id %% 5 = 0""", {},
        )  # fmt: skip
    near = {(own, "EUR"), (None, "EUR")}
    for who in ("data_steward", "auditor", "boss"):
        pairs = near | ({(far, "EUR")} if who == "boss" else set())
        for filters in (
            PaymentFilters(received_to=date(2026, 11, 30)),
            PaymentFilters(source="erp", received_to=date(2026, 11, 30)),
        ):
            access = world.company.access(who)
            with database_context(context_of(access)), rows_read() as found:
                told = payers_of_unapplied(access, pairs, filters)
            assert told == pairs, who
            rows, query = max(found)
            assert rows <= MOST, f"{who}: {rows} rows: {query[-400:]}"
