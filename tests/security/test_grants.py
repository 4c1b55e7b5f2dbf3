"""Rights are given by two people, conflict with none held, and count from the next request."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from clientela.kernel.reasons import Invalid, NotPermitted
from clientela.security.models import Grant
from clientela.security.roles import CONFLICTS, Role
from clientela.security.services import approve_grant, disable_user, end_grant, propose_grant
from clientela.security.services.grants import GrantRefused
from tests.factories import NOON, give, make_company


@pytest.fixture
def company(db):
    return make_company()


def propose(company, *, by="administrator", to="analyst", role="marketing", node="madrid"):
    return propose_grant(
        access=company.access(by),
        user_id=company.users[to].pk,
        role=role,
        node_id=company.nodes[node].pk,
        valid_from=NOON,
        valid_to=NOON + timedelta(days=90),
        at=NOON,
    )


def codes(error):
    return {reason.code for reason in error.value.reasons}


class TestGrant:
    def test_has_no_effect_before_somebody_else_approves_it(self, company):
        grant = propose(company)
        assert Role.MARKETING not in company.access("analyst").roles
        approve_grant(
            access=company.access("security_officer"), public_id=str(grant.public_id), at=NOON
        )
        assert Role.MARKETING in company.access("analyst").roles

    def test_is_not_proposed_by_who_may_not(self, company):
        with pytest.raises(NotPermitted):
            propose(company, by="security_officer")

    def test_is_not_approved_for_oneself(self, company):
        grant = propose(company, to="security_officer", role="service")
        with pytest.raises(GrantRefused) as refused:
            approve_grant(
                access=company.access("security_officer"), public_id=str(grant.public_id), at=NOON
            )
        assert codes(refused) == {"own_rights_cannot_be_approved"}

    def test_is_not_proposed_when_it_conflicts_with_a_role_held(self, company):
        with pytest.raises(GrantRefused) as refused:
            propose(company, to="auditor", role="sales")
        assert codes(refused) == {"roles_conflict"}
        assert not Grant.objects.filter(user=company.users["auditor"], role="sales").exists()

    def test_is_not_approved_when_it_conflicts_with_a_role_given_since(self, company):
        grant = propose(company, to="executive", role="sales")
        give(company.users["executive"], Role.AUDITOR, company.nodes["madrid"])
        with pytest.raises(GrantRefused) as refused:
            approve_grant(
                access=company.access("security_officer"), public_id=str(grant.public_id), at=NOON
            )
        assert codes(refused) == {"roles_conflict"}

    def test_conflicts_with_a_role_that_begins_in_its_time_and_no_other(self, company):
        later, user = NOON + timedelta(days=60), company.users["executive"]
        Grant.objects.create(
            user=user, role="auditor", node=company.nodes["madrid"], valid_from=later,
            valid_to=later + timedelta(days=9), proposed_by="a", proposed_at=NOON,
            approved_by="b", approved_at=NOON,
        )  # fmt: skip
        with pytest.raises(GrantRefused):
            propose(company, to="executive", role="sales")  # for ninety days
        shorter = propose_grant(
            access=company.access("administrator"), user_id=user.pk, role="sales",
            node_id=company.nodes["madrid"].pk, valid_from=NOON, valid_to=later, at=NOON,
        )  # fmt: skip
        approve_grant(
            access=company.access("security_officer"), public_id=str(shorter.public_id), at=NOON
        )

    @pytest.mark.parametrize("pair", sorted(tuple(sorted(pair)) for pair in CONFLICTS))
    def test_is_refused_by_the_database_for_every_conflicting_pair(self, company, pair):
        user, node = company.users["executive"], company.nodes["madrid"]
        give(user, Role(pair[0]), node)
        with pytest.raises(DatabaseError, match="grant_conflicts"), transaction.atomic():
            give(user, Role(pair[1]), node)

    def test_is_refused_by_the_database_when_one_person_signs_twice(self, company):
        grant = propose(company)
        with pytest.raises(DatabaseError, match="another_than_its_proposer"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(approved_by="administrator", approved_at=NOON)

    def test_lasts_two_years_at_most_and_is_not_given_twice(self, company):
        propose(company)
        with pytest.raises(Invalid):
            propose(company)
        with pytest.raises(Invalid):
            propose_grant(
                access=company.access("administrator"), user_id=company.users["analyst"].pk,
                role="service", node_id=company.nodes["madrid"].pk, valid_from=NOON,
                valid_to=NOON + timedelta(days=800), at=NOON,
            )  # fmt: skip

    def test_ends_at_once(self, company):
        held = Grant.objects.get(user=company.users["marketing"])
        end_grant(access=company.access("security_officer"), public_id=str(held.public_id), at=NOON)
        assert company.access("marketing").roles == frozenset()

    def test_ends_with_its_time(self, company):
        later = NOON + timedelta(days=601)
        assert company.access("sales", at=later).roles == frozenset()


class TestDisabledUser:
    def test_has_no_role_from_that_moment_on(self, company):
        disable_user(
            access=company.access("administrator"), user_id=company.users["sales"].pk, at=NOON
        )
        company.users["sales"].refresh_from_db()
        assert company.access("sales").roles == frozenset()

    def test_is_never_oneself(self, company):
        with pytest.raises(NotPermitted):
            disable_user(
                access=company.access("administrator"),
                user_id=company.users["administrator"].pk,
                at=NOON,
            )
