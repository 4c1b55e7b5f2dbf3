"""A manager reads how often the own team did what, and no event of it."""

from datetime import timedelta
from typing import Any

import pytest

from clientela.audit.context import Actor, acting
from clientela.audit.services import record_event
from clientela.kernel.reasons import NotPermitted, Reason
from clientela.security.models import User
from clientela.security.roles import Role
from clientela.security.team import counts, team_of
from clientela.store.context import system_context
from tests.factories import NOON, Company, give, make_company

DAY = timedelta(days=1)


@pytest.fixture
def company(db: None) -> Any:
    company = make_company()
    with system_context("the test sees everything"):
        yield company


def did(company: Company, who: str, act: str, *, at: Any = NOON, refused: bool = False) -> None:
    actor = Actor(user_id=company.users[who].pk, name=who, channel="page")
    reasons = [Reason(code="not_permitted")] if refused else []
    with acting(actor):
        record_event(act=act, at=at, refused=reasons)


def names(company: Company, manager: str) -> set[str]:
    ids = team_of(company.access(manager))
    return set(User.objects.filter(pk__in=ids).values_list("username", flat=True))


class TestTeam:
    def test_is_who_works_in_reach_alone_and_checks_nobody(self, company: Company) -> None:
        madrid = {"sales", "colleague", "credit_controller", "marketing", "service", "analyst",
                  "data_steward", "executive"}  # fmt: skip
        assert names(company, "credit_manager") == madrid
        assert names(company, "boss") == madrid | {"credit_manager"}  # of the region
        give(company.users["colleague"], Role.SALES, company.nodes["shanghai"])
        assert names(company, "credit_manager") == madrid - {"colleague"}

    def test_is_read_by_a_credit_manager_alone(self, company: Company) -> None:
        for role in set(Role) - {Role.CREDIT_MANAGER}:
            with pytest.raises(NotPermitted):
                team_of(company.access(role.value))


class TestCounts:
    def test_are_of_the_team_in_the_time_asked_for(self, company: Company) -> None:
        for who in ("sales", "sales", "colleague", "credit_manager", "auditor", "stranger"):
            did(company, who, "security.field.revealed")
        did(company, "sales", "web.request.refused", refused=True)
        did(company, "sales", "records.customer.corrected", at=NOON - DAY)
        did(company, "sales", "records.customer.corrected", at=NOON + DAY)
        told = counts(company.access("credit_manager"), since=NOON, until=NOON + DAY)
        assert [(one.act, one.done, one.refused, one.persons) for one in told] == [
            ("security.field.revealed", 3, 0, 2),
            ("web.request.refused", 0, 1, 1),
        ]
        told = counts(company.access("credit_manager"), since=NOON - DAY, until=NOON)
        assert [(one.act, one.done) for one in told] == [("records.customer.corrected", 1)]

    def test_are_none_where_nobody_works(self, company: Company) -> None:
        give(company.users["boss"], Role.CREDIT_MANAGER, company.nodes["huadong"])
        did(company, "boss", "security.field.revealed")
        assert counts(company.access("boss"), since=NOON, until=NOON + DAY) == []
