"""Many rows at once: COPY into a staging table of the transaction, then one statement.

PostgreSQL refuses COPY FROM on a table with row security, so rows go to a temporary table
first, which nobody else sees and which is gone when the block ends, and from there by
one INSERT … SELECT, under the policies like any other write.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql
from psycopg.types.json import JsonbLoader


@contextmanager
def staged(
    name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
) -> Iterator[sql.Identifier]:
    """Copy `rows` into a temporary table `name` for the length of the block.

    :param columns: name -> PostgreSQL type, in the order of each row's values.
    """
    table = sql.Identifier(name)
    made = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))  # types are our own text
        for column, kind in columns.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("create temp table {} ({}) on commit drop").format(table, made))
        with cursor.copy(sql.SQL("copy {} from stdin").format(table)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("analyze {}").format(table))
        yield table
        cursor.execute(sql.SQL("drop table {}").format(table))


def reserve_ids(table: str, count: int) -> list[int]:
    """Return `count` fresh ids of a table, so that rows can refer to each other unwritten."""
    if count == 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """select nextval(s.name) from (
                   select pg_get_serial_sequence(%s, 'id')::regclass as name offset 0
               ) s cross join generate_series(1, %s)""",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def fetch(query: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run one query and return its rows, JSON as Python values."""
    with connection.cursor() as cursor:
        # Django has JSON arrive as text, for its own field to decode.
        cursor.adapters.register_loader("jsonb", JsonbLoader)
        cursor.execute(query, params)
        return list(cursor.fetchall())


def execute(query: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return int(cursor.rowcount)
