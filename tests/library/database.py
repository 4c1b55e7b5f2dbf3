"""A database with the contracts' views over plain tables, for tests of the refresh.

Each table has a column `txid` as the product's have: set when a row is made, and by trigger when
it changes. A row that is deleted leaves a tombstone.
"""

from typing import Any

import psycopg
from psycopg import sql

from clientela.tables.contract import TableContract
from clientela.tables.registry import PULLED

TYPES = {"int64": "bigint", "string": "text", "date": "date", "boolean": "boolean"}

PREPARE = """
CREATE SCHEMA held;
CREATE SCHEMA warehouse;
CREATE TABLE held.tombstones (
    contract text, row_key bigint, txid xid8 DEFAULT pg_current_xact_id()
);
CREATE VIEW warehouse.tombstones AS SELECT contract, row_key, txid FROM held.tombstones;
CREATE FUNCTION held.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.txid := pg_current_xact_id(); RETURN NEW; END $$;
CREATE FUNCTION held.bury() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO held.tombstones (contract, row_key) VALUES (%L, ($1).%I)',
                   TG_TABLE_NAME, TG_ARGV[0]) USING OLD;
    RETURN OLD;
END $$;
"""


def connect(dsn: str) -> "psycopg.Connection[Any]":
    """Open a connection that commits each statement."""
    return psycopg.connect(dsn, autocommit=True)


def prepare(dsn: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Make tables, triggers and views of every contract that is pulled, and fill them."""
    with connect(dsn) as connection:
        connection.execute(PREPARE)
        for contract in PULLED:
            _make(connection, contract)
            insert(connection, contract, rows.get(contract.name, []))


def insert(
    connection: "psycopg.Connection[Any]", contract: TableContract, rows: list[dict[str, Any]]
) -> None:
    """Copy rows into the contract's table."""
    columns = sql.SQL(", ").join(map(sql.Identifier, contract.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(_held(contract), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[name] for name in contract.columns])


def _held(contract: TableContract) -> sql.Identifier:
    return sql.Identifier("held", contract.name)


def _make(connection: "psycopg.Connection[Any]", contract: TableContract) -> None:
    key = contract.one_row_per[0]
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(TYPES[column.type]))
        for name, column in contract.columns.items()
    )
    for statement in (
        "CREATE TABLE {t} ({columns}, txid xid8 DEFAULT pg_current_xact_id(), PRIMARY KEY ({key}))",
        "CREATE INDEX ON {t} (txid)",
        "CREATE TRIGGER touch BEFORE UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION held.touch()",
        "CREATE TRIGGER bury AFTER DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION held.bury({k})",
        "CREATE VIEW {view} AS SELECT * FROM {t}",
    ):
        connection.execute(
            sql.SQL(statement).format(
                t=_held(contract),
                columns=columns,
                key=sql.Identifier(key),
                k=sql.Literal(key),
                view=sql.Identifier("warehouse", contract.name),
            )
        )
