"""States of a database that many tests begin with: made once in a process, given as they were made.

`undone` gives one in a transaction that is rolled back, `copied` a database of the test's own with
the columnar copy that belongs to it. What was made is handed out as a copy of its objects.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from typing import Any, TypeVar

from tests import server

T = TypeVar("T")
_made: dict[str, Any] = {}


@contextmanager
def undone(state: str, build: Callable[[], T], blocker: Any) -> Iterator[T]:
    """Give what `build` made, for a test that commits nothing: what it writes is rolled back."""
    from django.db import connection, transaction

    with server.django_on(_database(state, build, blocker, at_once=True), blocker):
        outer = transaction.atomic()
        outer._from_testcase = True  # as in Django's own: a durable block may stand inside
        with outer:
            yield deepcopy(_made[state])
            if not connection.needs_rollback and connection.is_usable():
                connection.check_constraints()
            transaction.set_rollback(True)


@contextmanager
def copied(state: str, build: Callable[[], T], blocker: Any) -> Iterator[T]:
    """Give what `build` made in a database of the test's own, where it may commit."""
    from clientela.analysis.services.copy import copy_folder

    kept = _database(state, build, blocker, at_once=False)
    with server.django_on(kept, blocker):
        columnar = copy_folder()
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    server.clone(name, template=kept)
    try:
        with server.django_on(name, blocker):
            if columnar.exists():
                shutil.copytree(columnar, copy_folder(), dirs_exist_ok=True)
            yield deepcopy(_made[state])
            shutil.rmtree(copy_folder(), ignore_errors=True)
    finally:
        server.drop(name)


def _database(state: str, build: Callable[[], Any], blocker: Any, *, at_once: bool) -> str:
    """Return the name of the database in which the state is, made now where it is not.

    :param at_once: in one transaction; else in as many as it takes, as the columnar copy needs.
    """
    name = f"kept_{state}_{os.environ['CLIENTELA_DATABASE'].removeprefix('test_')}"
    if state not in _made:
        from django.db import transaction

        server.clone(name)
        whole = transaction.atomic() if at_once else nullcontext()
        with server.django_on(name, blocker), whole:
            _made[state] = build()
    return name
