"""Making a database ready: migrations by its owner, then what each role may touch.

Called by `clientela up`, by `clientela migrate` and for the template that tests clone. The
application's role owns nothing, deletes only where a row is nobody's record (sessions,
cache, views), and cannot change what is append-only; the reader sees the columns that
the contract views need and no personal one.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from clientela.runtime.database import Urls

APPEND_ONLY = (
    "audit_event", "audit_seal", "audit_checkpoint", "records_recordversion",
    "records_retraction", "records_trustrule", "records_classification",
)  # fmt: skip
DELETABLE = (
    "account_emailaddress", "account_emailconfirmation", "django_session",
    "mfa_authenticator", "procrastinate_events", "procrastinate_jobs",
    "procrastinate_periodic_defers", "procrastinate_workers", "records_comingfact", "store_cache",
    "store_idempotencykey", "store_savedview", "usersessions_usersession",
)  # fmt: skip
SCHEMAS = ("public", "scope", "ledger", "staging")
MY_TURN = "select pg_try_advisory_lock(hashtextextended('clientela migrations', 0))"
WAIT_SECONDS = 0.2
# Those of an extension are its owner's to grant; most stand open to everybody.
OWN_ROUTINES = """
select p.oid::regprocedure::text from pg_proc p
where p.pronamespace = any (%s::regnamespace[])
and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
    and d.objid = p.oid and d.deptype = 'e')
"""
# What the contract views read: never a name, never anything of class S2 or S4.
READABLE = {
    "records_customer": "id kind stage org_node_id owner_id country region city industry sex "
    "age_band income_band household_size first_known_on archived_at merged_into_id txid",
    "security_orgnode": "id parent_id kind name txid",
    "trade_product": "id category_1 category_2 category_3 launched_on txid",
    "trade_order": "id customer_id org_node_id owner_id sold_by_id source_id ordered_on currency "
    "net_minor net_base_minor state voided_at txid",
    "trade_invoice": "id customer_id org_node_id owner_id sold_by_id source_id kind settlement "
    "issued_on due_on delay_is_ours currency net_minor gross_minor net_base_minor "
    "gross_base_minor cost_base_minor voided_at txid",
    "trade_invoiceline": "id invoice_id customer_id org_node_id owner_id sold_by_id source_id "
    "kind issued_on product_id quantity currency net_minor net_base_minor cost_base_minor "
    "voided_at txid",
    "trade_payment": "id customer_id org_node_id owner_id source_id received_on currency "
    "amount_minor amount_base_minor voided_at txid",
    "trade_allocation": "id invoice_id payment_id credit_note_id customer_id org_node_id owner_id "
    "allocated_on currency amount_minor amount_base_minor delay_is_ours voided_at txid",
    "trade_exchangerate": "id currency base on_day rate replaced_at txid",
}


class SetUpFailed(RuntimeError):
    """The database could not be brought to this version; the note holds all that was said."""


def prepare_database(urls: Urls) -> None:
    """Migrate as the owner and grant to each role what it needs. May be run again, and by
    several at once: whoever comes second waits, and finds it done.

    Raises SetUpFailed with what the migration said.
    """
    with psycopg.connect(urls.owner, autocommit=True) as turn:  # the lock goes with it
        # Asked for again and again: an index that is built concurrently waits for whoever waits.
        while turn.execute(MY_TURN).fetchone() != (True,):
            time.sleep(WAIT_SECONDS)
        if not _is_current(urls):
            _migrate(urls)
        with psycopg.connect(urls.owner) as connection:
            _grant_to_app(connection)
            _grant_to_reader(connection)


def _is_current(urls: Urls) -> bool:
    """Tell whether every migration was applied: most starts, which need no process for it."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    with psycopg.connect(urls.owner) as connection:
        if len(_existing(connection, ("django_migrations", "store_cache"))) < 2:
            return False
        applied = connection.execute("select app, name from django_migrations").fetchall()
    return known.keys() <= set(applied)


def _migrate(urls: Urls) -> None:
    """Bring the database to this version as the owner, in a process that has no other role."""
    name = psycopg.conninfo.conninfo_to_dict(urls.owner)["dbname"]
    environment = {
        **os.environ,
        "CLIENTELA_DATABASE_ROLE": "owner",
        "CLIENTELA_DATABASE": str(name),
    }
    environment.setdefault("DJANGO_SETTINGS_MODULE", "clientela.settings.base")
    source = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [source, os.environ.get("PYTHONPATH", "")])
    )
    done = subprocess.run(
        [sys.executable, "-m", "clientela.settings.migrating"],
        env=environment, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = done.stderr.strip()
        failed = SetUpFailed(f"migrate: {said.rpartition(chr(10))[2]}")
        failed.add_note(said)  # for the log of commands
        raise failed


def _grant_to_app(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    database = sql.Identifier(connection.info.dbname)
    # Bulk writes stage their rows in temporary tables (store.bulk). The one function of ours
    # that runs with another's rights (staging.count_rows) has its search path pinned, so a
    # table of that name could mislead nobody but its maker.
    connection.execute(sql.SQL("grant temporary on database {} to clientela_app").format(database))
    for schema in SCHEMAS:
        name = sql.Identifier(schema)
        for text in (
            "grant usage on schema {} to clientela_app",
            "grant select, insert, update on all tables in schema {} to clientela_app",
            "grant usage on all sequences in schema {} to clientela_app",
        ):
            connection.execute(sql.SQL(text).format(name))
    for routine in connection.execute(OWN_ROUTINES, [list(SCHEMAS)]).fetchall():
        connection.execute(f"grant execute on routine {routine[0]} to clientela_app".encode())
    for table in APPEND_ONLY:
        text = "revoke update, delete, truncate on {} from clientela_app"
        connection.execute(sql.SQL(text).format(sql.Identifier(table)))
    connection.execute("grant delete on all tables in schema staging to clientela_app")
    for table in _existing(connection, DELETABLE):
        text = "grant delete on {} to clientela_app"
        connection.execute(sql.SQL(text).format(sql.Identifier(table)))


def _grant_to_reader(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for text in (
        "grant usage on schema public, warehouse, scope to clientela_reader",
        "grant select on all tables in schema warehouse to clientela_reader",
        "grant select on scope.tombstone to clientela_reader",
        "grant select on all tables in schema warehouse to clientela_app",
    ):
        connection.execute(sql.SQL(text))  # our own text
    for table, columns in READABLE.items():
        grant = sql.SQL("grant select ({}) on {} to clientela_reader").format(
            sql.SQL(", ").join(map(sql.Identifier, columns.split())), sql.Identifier(table)
        )
        connection.execute(grant)


def _existing(
    connection: psycopg.Connection[tuple[object, ...]], tables: tuple[str, ...]
) -> list[str]:
    query = "select tablename from pg_tables where schemaname = 'public' and tablename = any (%s)"
    return [str(row[0]) for row in connection.execute(query, [list(tables)])]
