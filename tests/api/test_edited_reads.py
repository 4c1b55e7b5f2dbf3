"""Who was edited since an import came is found by what was typed, or by the import if it is small.

Counted on the page and at the command, beside many records that it is no concern of.
"""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from clientela.cli import runs as commands
from clientela.cli.main import app
from clientela.intake.models import Run
from clientela.records.models import Source
from clientela.records.services.sources import DESK, make_source
from clientela.store.bulk import execute, fetch
from clientela.store.context import system_context
from tests.explaining import explained
from tests.factories import NOON
from tests.web.many import rows_read
from tests.web.world import make_world

LARGE, SMALL, EDITED, TYPED_BEFORE = 30_000, 10, 50, 20_000
MOST = 3_000  # rows: 50 edited customers, and what hangs on them

_CUSTOMERS = """
insert into records_customer (public_id, kind, stage, org_node_id, name, sort_key, facts, provenance,
    first_known_on)
select gen_random_uuid(), 'company', 'customer', %(node)s, 'Firm ' || n, 'firm ' || n, '{}', '{}',
    date '2025-01-01' from generate_series(1, %(count)s) n"""
# A record of the source and one of the desk, both of the same customer.
_RECORDS = """
insert into records_sourcerecord (source_id, key, kind, created_at)
select %(source)s, %(source)s || '-' || id, 'company', now() from records_customer
where name like 'Firm %%'"""
_LINKS = """
insert into records_link (source_record_id, customer_id, linked_at, linked_by, ended_by)
select id, split_part(key, '-', 2)::bigint, now(), 'test', '' from records_sourcerecord
where source_id = %(source)s and key like %(source)s || '-%%'"""
_VERSIONS = """
insert into records_recordversion (source_record_id, run_id, true_from, known_at, attributes, digest,
    author, reason)
select r.id, %(run)s, '2026-05-04', %(at)s, '{}', '', 'test', '' from records_sourcerecord r
where r.source_id = %(source)s and r.key like %(source)s || '-%%' order by r.id desc limit %(limit)s"""


@pytest.fixture
def imports(fresh_database):
    """A large import and a small one of the same customers; many were edited before, some since."""
    world = make_world()
    with system_context("many versions for a test"):
        node = world.company.nodes["madrid"]
        desk = make_source(name=DESK, node_id=node.pk, at=NOON, by="test")
        erp = Source.objects.get(name="erp")
        runs = {
            name: Run.objects.create(
                source=erp, org_node=node, file_name=f"{name}.csv", sha256=name * 8, size=1,
                file_path="", state="done", kind="customers", loaded=1, started_by="t",
                started_at=NOON, finished_at=NOON, read=0,
            )
            for name in ("large", "small")
        }  # fmt: skip
        execute(_CUSTOMERS, {"node": node.pk, "count": LARGE})
        for source in (erp, desk):
            execute(_RECORDS, {"source": source.pk})
            execute(_LINKS, {"source": source.pk})
        early, late = NOON - timedelta(days=1), NOON + timedelta(hours=1)
        for source, run, at, limit in (
            (desk, None, early, TYPED_BEFORE),
            (erp, runs["large"].pk, NOON, LARGE),
            (erp, runs["small"].pk, NOON, SMALL),
            (desk, None, late, EDITED),
        ):
            execute(_VERSIONS, {"source": source.pk, "run": run, "at": at, "limit": limit})
        tables = ("recordversion", "sourcerecord", "link", "customer")
        counted = {f"records_{table}": ["id", "run_id", "source_record_id"] for table in tables}
        execute("select scope.count_grown(%s::jsonb)", [json.dumps(counted)])
        assert fetch("select count(*) from records_recordversion")[0][0] > LARGE + TYPED_BEFORE
    return world, runs


@pytest.mark.slow
@pytest.mark.parametrize(("name", "count"), [("large", EDITED), ("small", SMALL)])
class TestWhoWasEditedSince:
    def test_is_told_on_the_page_by_few_rows(self, imports, name, count):
        world, runs = imports
        client = world.client("data_steward")
        with rows_read() as found:
            page = client.get(reverse("imports:take_back", args=[runs[name].public_id]))
        assert page.status_code == 200
        assert str(count) in page.content.decode()
        assert len(page.context["edited"].shown) == min(count, 50)
        assert page.context["edited"].count == count
        rows, query = max(found)
        assert rows < MOST, query

    def test_is_told_by_the_command_by_few_rows(self, imports, name, count):
        _, runs = imports
        app.add_typer(commands.app, name="imports")
        with explained() as ran:
            words = ("imports", "take-back", str(runs[name].public_id), "--reason", "wrong")
            who = {"CLIENTELA_USER": "data_steward"}
            CliRunner().invoke(
                app, words, env=who
            )  # nobody is there to be asked: it shows and ends
        (asked,) = [one for one in ran if "records_link m" in one.text]
        assert asked.plan["Actual Rows"] == count
        assert asked.rows < MOST
