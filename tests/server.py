"""The PostgreSQL server of a test run: one private cluster, shared by all its processes.

The first process that needs it starts it, in the folder of the run. Every process that
uses it holds a shared lock on one file for as long as it lives; a guardian waits for the
exclusive lock, gets it when the last of them has ended, however it ended, and then stops
the server and removes the folder.
"""

import fcntl
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from clientela.runtime import cluster, database, launch, roles, sandbox
from clientela.runtime.locks import exclusive
from clientela.settings.setup import prepare_database

TEMPLATE = "clientela_template"
RIGHTS = """
    select held.privilege_type, pg_get_userbyid(held.grantee)
    from pg_database, aclexplode(datacl) held
    where datname = %s and held.grantee <> 0"""
ROOT = Path(__file__).resolve().parent.parent


@cache
def ensure() -> None:
    """Have the server run; once in a process."""
    folder = sandbox.enter()
    users = os.open(folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)  # held open to the end of this process
    with exclusive(folder / "making", seconds=300):
        if cluster.status().answer is launch.Answer.UP:
            return
        cluster.start(durable=False)
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-m", "tests.guardian", str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt of the test run is none of its business
            check=True,
        )


@cache
def ensure_template() -> str:
    """Have the template database, made by the product's own set-up, and return its name."""
    ensure()
    with exclusive(sandbox.enter() / "making", seconds=300):
        with admin() as connection:
            known = connection.execute(
                "select datistemplate from pg_database where datname = %s", [TEMPLATE]
            ).fetchone()
        if known != (True,):
            _make_template()
    return TEMPLATE


def clone(name: str, *, template: str = "") -> None:
    """Make a database like the template, or like another, in place of one of the same name.

    Files are copied: the server's log of what is in them is no use to a test, and takes longer.
    """
    template = template or ensure_template()
    drop(name)
    with admin() as connection:
        text = "create database {} template {} owner {} strategy file_copy"
        connection.execute(
            sql.SQL(text).format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(roles.OWNER)
            )
        )
        _copy_rights(connection, name)


def drop(name: str) -> None:
    """Remove a database and whoever is connected to it."""
    with admin() as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


@contextmanager
def empty_database() -> Iterator[str]:
    """Make a database with nothing in it, and give the superuser's URL for it."""
    ensure()
    name = f"empty_{uuid.uuid4().hex[:12]}"
    with admin() as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        yield database.urls(name).superuser
    finally:
        drop(name)


@contextmanager
def django_on(name: str, blocker: Any) -> Iterator[None]:
    """Have Django, and processes that are started meanwhile, work on another database."""
    from django.db import connections

    former = os.environ["CLIENTELA_DATABASE"]
    with blocker.unblock():
        settings = connections["default"].settings_dict
        connections.close_all()
        try:
            os.environ["CLIENTELA_DATABASE"] = settings["NAME"] = name
            yield
        finally:
            connections.close_all()
            os.environ["CLIENTELA_DATABASE"] = settings["NAME"] = former


@contextmanager
def admin() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Connect to the server as its superuser, outside any database of tests."""
    with psycopg.connect(database.urls("postgres").superuser, autocommit=True) as connection:
        yield connection


def _make_template() -> None:
    drop(TEMPLATE)
    urls = database.urls(TEMPLATE)
    roles.ensure(urls.superuser, app_url=urls.app)
    prepare_database(urls)
    with admin() as connection:
        # Nobody connects to it from now on, or cloning would have to wait for them.
        text = "alter database {} with is_template true allow_connections false"
        connection.execute(sql.SQL(text).format(sql.Identifier(TEMPLATE)))


def _copy_rights(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Let the same roles do the same in the copy; PostgreSQL does not copy that."""
    target = sql.Identifier(name)
    connection.execute(sql.SQL("revoke all on database {} from public").format(target))
    rights = connection.execute(RIGHTS, [TEMPLATE]).fetchall()
    for right, role in rights:
        grant = sql.SQL("grant {} on database {} to {}")
        connection.execute(grant.format(sql.SQL(str(right)), target, sql.Identifier(str(role))))
