"""A small demo company, loaded once for the tests that only look at it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from clientela.demo.loading import load_demo
from clientela.demo.sign_ins import SignIn
from clientela.demo.truth import Truth
from clientela.demo.world import World

UNTIL = date(2026, 6, 30)
AT = datetime(2026, 7, 1, 8, tzinfo=UTC)


@dataclass
class Loaded:
    """The world that was loaded, what was planted, and who can sign in."""

    world: World
    truth: dict[str, Any]
    sign_ins: list[SignIn]


def load(customers: int = 200, seed: int = 1, slice_size: int = 0) -> Loaded:
    """Found an installation and load a demo company, in the transaction that is open."""
    from clientela.security.services.founding import found
    from clientela.store.context import system_context

    world = World(customers=customers, seed=seed, until=UNTIL, slice_size=slice_size)
    truth = Truth(world)
    with system_context("founding for tests"):
        found(name="Group", base_currency="", at=AT)
    sign_ins = load_demo(world, at=AT, truth=truth)
    return Loaded(world, truth.as_json(), sign_ins)


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """A demo company of 200 customers that is rolled back when the module ends.

    Its sign-ins have a file of their own: other processes of the run load companies as well.
    """
    from django.db import transaction

    from clientela.demo import sign_ins

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(sign_ins, "FILE", f"demo-sign-ins-{os.getpid()}.json")
        yield load()
        transaction.set_rollback(True)
