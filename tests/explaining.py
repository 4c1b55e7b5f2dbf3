"""Every statement that the server runs, explained as it ran, those of triggers included.

The server's own module for that (`auto_explain`) says each plan to the session that ran it, with
the rows that each step of it took.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from clientela.runtime import database
from tests import server

_SAID = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
}
_DROPPED = (
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
)


@dataclass(frozen=True)
class Ran:
    """A statement, and how many rows the steps of its plan gave on or threw away in all."""

    text: str
    rows: int
    plan: dict[str, Any]


def superuser() -> "psycopg.Connection[Any]":
    """Connect to the current database as one who may count tables, and change what was counted."""
    name = connection.settings_dict["NAME"]
    return psycopg.connect(database.urls(name).superuser, autocommit=True)


@contextmanager
def explained() -> Iterator[list[Ran]]:
    """Collect what the current database runs for this process inside the block."""
    found: list[Ran] = []
    name = sql.Identifier(connection.settings_dict["NAME"])
    with server.admin() as admin:
        for setting, value in _SAID.items():
            text = sql.SQL("alter database {} set {} = {}")
            admin.execute(text.format(name, sql.SQL(setting), sql.Literal(value)))
    connection.close()
    connection.ensure_connection()
    connection.connection.add_notice_handler(lambda said: _take(said.message_primary or "", found))
    try:
        yield found
    finally:
        connection.close()
        with server.admin() as admin:
            for setting in _SAID:
                text = sql.SQL("alter database {} reset {}")
                admin.execute(text.format(name, sql.SQL(setting)))


def _take(said: str, found: list[Ran]) -> None:
    _, marked, text = said.partition(" plan:\n")
    if marked:
        told = json.loads(text)
        found.append(Ran(told["Query Text"], _rows(told["Plan"]), told["Plan"]))


def _rows(plan: dict[str, Any]) -> int:
    each = plan["Actual Rows"] + sum(plan.get(name, 0) for name in _DROPPED)
    below = sum(_rows(part) for part in plan.get("Plans", ()))
    return below + int(each * plan["Actual Loops"])
