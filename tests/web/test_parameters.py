"""What figures are worked out with: proposed by one person, approved by another, never changed."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.services import proposing
from clientela.analysis.services.company import held, values_set
from clientela.analysis.services.proposing import (
    ProposalRefused,
    approve_parameter,
    digest,
    end_proposal,
    propose_parameter,
)
from clientela.audit.context import Actor, acting
from clientela.audit.models import Event
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Refused
from clientela.security.models import OrgNode
from clientela.store.models import Parameter, ParameterProposal
from tests.web.world import World

A, B, MONTHS = (f"analysis.abc.{name}" for name in ("a_until_percent", "b_until_percent", "months"))
PAGE = "/admin/settings/analysis.abc.a_until_percent"


def propose(world: World, value: Any = 80, *, name: str = A, by: str = "administrator",
            from_on: date | None = None, at: datetime | None = None) -> ParameterProposal:  # fmt: skip
    now = at or timezone.now()
    access = world.company.access(by, now)
    return propose_parameter(access=access, name=name, value=value, from_on=from_on, at=now)


def approve(world: World, made: ParameterProposal, *, by: str = "security_officer",
            at: datetime | None = None, shown: str | None = None) -> ParameterProposal:  # fmt: skip
    now = at or timezone.now()
    access = world.company.access(by, now)
    return approve_parameter(access=access, public_id=str(made.public_id), shown=shown, at=now)


def codes(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in error.value.reasons]


class TestProposal:
    def test_changes_nothing_before_another_approves_it(self, world: World) -> None:
        made = propose(world)
        assert values_set(timezone.now()) == {}
        approve(world, made)
        assert values_set(timezone.now()) == {A: 80}
        row = Parameter.objects.get(name=A)
        assert (row.set_by, row.approved_by) == ("administrator", "security_officer")

    @pytest.mark.parametrize(
        ("value", "code"),
        [("high", "value_not_a_number"), ("١٢", "value_not_a_number"),
         ("1_2", "value_not_a_number"), ("80.5", "value_not_a_number"),
         ("", "value_not_a_number"), ("0", "value_out_of_range"), ("100", "value_out_of_range"),
         ("95", "parameter_not_under"), ("85", "parameter_holds_already")],
    )  # fmt: skip
    def test_of_no_good_value_is_refused(self, world: World, value: str, code: str) -> None:
        with pytest.raises(Invalid) as refused:
            propose(world, value)
        assert codes(refused) == [code]
        assert not ParameterProposal.objects.filter(name=A).exists()

    def test_of_an_unknown_name_is_not_there(self, world: World) -> None:
        for name in ("analysis.abc.by", "demo", "analysis.cohorts.class_months", ""):
            with pytest.raises(NotInScope):
                propose(world, 12, name=name)

    def test_stands_once_for_each_name(self, world: World) -> None:
        made = propose(world)
        with pytest.raises(Invalid) as refused:
            propose(world, 70)
        assert codes(refused) == ["parameter_was_proposed_already"]
        propose(world, 90, name=B)
        later = made.expires_at
        assert propose(world, 70, at=later).value == 70

    def test_is_made_and_approved_by_the_offices_alone(self, world: World) -> None:
        for who in ("security_officer", "auditor", "credit_manager", "analyst", "executive"):
            with pytest.raises(NotPermitted):
                propose(world, by=who)
        made = propose(world)
        for who in ("administrator", "auditor", "credit_manager", "data_steward"):
            with pytest.raises(NotPermitted):
                approve(world, made, by=who)
        assert values_set(timezone.now()) == {}

    def test_begins_with_a_coming_day_of_the_company(self, world: World) -> None:
        OrgNode.objects.filter(kind="group").update(time_zone="Asia/Shanghai")
        now = datetime(2026, 5, 4, 17, tzinfo=ZoneInfo("UTC"))  # the fifth in Shanghai
        for wrong in (date(2026, 5, 4), date(2026, 5, 5), date(2027, 5, 8)):
            with pytest.raises(Invalid) as refused:
                propose(world, from_on=wrong, at=now)
            assert codes(refused) == ["parameter_day_not_to_come"]
        made = propose(world, from_on=date(2026, 5, 6), at=now)
        begin = datetime(2026, 5, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert (made.valid_from, made.expires_at) == (begin, begin)
        approve(world, made, at=now)
        assert values_set(begin - timedelta(microseconds=1)) == {}
        assert values_set(begin) == {A: 80}


class TestApproval:
    def test_by_who_proposed_is_refused(self, world: World) -> None:
        made = ParameterProposal.objects.create(
            name=A, value=80, replaces=85, proposed_by="security_officer", proposed_through="page",
            proposed_at=timezone.now(), expires_at=timezone.now() + timedelta(days=7),
        )  # fmt: skip
        with pytest.raises(ProposalRefused) as refused:
            approve(world, made)
        assert codes(refused) == ["proposer_cannot_approve"]
        with pytest.raises(DatabaseError, match="another_than_who_proposed"), transaction.atomic():
            ParameterProposal.objects.filter(pk=made.pk).update(
                approved_by="security_officer", approved_at=timezone.now()
            )
        with pytest.raises(DatabaseError, match="set_by_two"), transaction.atomic():
            Parameter.objects.create(
                name=A, value=80, valid_from=timezone.now(), set_by="x", approved_by="x"
            )

    def test_of_both_at_the_command_line_is_refused(self, world: World) -> None:
        line = Actor(user_id=None, name="administrator", channel="cli")
        with acting(line):
            made = propose(world)
            with pytest.raises(ProposalRefused) as refused:
                approve(world, made)
        assert codes(refused) == ["one_of_two_signs_in"]
        approve(world, made)
        with acting(Actor(user_id=None, name="administrator", channel="page")):
            other = propose(world, 60)
        with acting(line):
            approve(world, other)
        assert values_set(timezone.now()) == {A: 60}

    def test_after_a_week_is_refused(self, world: World) -> None:
        made = propose(world)
        with pytest.raises(ProposalRefused) as refused:
            approve(world, made, at=made.proposed_at + timedelta(days=7))
        assert codes(refused) == ["parameter_proposal_is_over"]
        approve(world, made, at=made.proposed_at + timedelta(days=7, microseconds=-1))

    def test_is_of_what_was_shown(self, world: World) -> None:
        made, other = propose(world), propose(world, 24, name=MONTHS)
        for shown in ("", digest(other), digest(made)[:-1]):
            with pytest.raises(ProposalRefused) as refused:
                approve(world, made, shown=shown)
            assert codes(refused) == ["parameter_is_not_as_shown"]
        approve(world, made, shown=digest(made))

    def test_is_bound_to_a_value_that_nobody_can_change(self, world: World) -> None:
        rows = ParameterProposal.objects.filter(pk=propose(world).pk)
        for change in ({"value": 1}, {"replaces": 1}, {"proposed_by": "x"}, {"name": B},
                       {"expires_at": timezone.now() + timedelta(days=700)}):  # fmt: skip
            with pytest.raises(DatabaseError, match="stays_as_it_was_made"), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()

    def test_twice_tells_who_comes_second(self, world: World) -> None:
        made = propose(world)
        approve(world, made)
        for again in (lambda: approve(world, made), lambda: end(world, made, reason="late")):
            with pytest.raises(ProposalRefused) as refused:
                again()
            assert codes(refused) == ["parameter_proposal_is_decided"]
        assert Parameter.objects.filter(name=A).count() == 1
        with pytest.raises(DatabaseError, match="decided_once"), transaction.atomic():
            ParameterProposal.objects.filter(pk=made.pk).update(approved_by="x")

    def test_of_what_goes_against_another_by_now_is_refused(self, world: World) -> None:
        lower, upper = propose(world, 94), propose(world, 90, name=B)
        approve(world, lower)
        with pytest.raises(ProposalRefused) as refused:
            approve(world, upper)
        assert codes(refused) == ["parameter_not_over"]

    def test_of_what_replaces_another_value_by_now_is_refused(self, world: World) -> None:
        now = timezone.now()
        made = propose(world, at=now)
        Parameter.objects.create(
            name=A, value=60, valid_from=now, set_by="one", approved_by="another"
        )
        with pytest.raises(ProposalRefused) as refused:
            approve(world, made, at=now + timedelta(minutes=1))
        assert codes(refused) == ["parameter_was_changed_since"]

    def test_is_a_new_row_and_so_is_the_way_back(self, world: World) -> None:
        approve(world, propose(world, 80))
        between = timezone.now()
        approve(world, propose(world, 85))
        assert values_set(between) == {A: 80}
        assert values_set(timezone.now()) == {A: 85}
        rows = Parameter.objects.filter(name=A)
        assert sorted(rows.values_list("value", flat=True)) == [80, 85]
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(value=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()

    def test_corrects_what_is_to_come_before_it_holds(self, world: World) -> None:
        now = timezone.now()
        day = now.date() + timedelta(days=40)
        for value in (70, 85):  # and back to the default
            approve(world, propose(world, value, from_on=day))
        then = now + timedelta(days=60)
        assert values_set(then) == {A: 85}
        assert values_set(now) == {}
        access = world.company.access("administrator", now)
        (coming,) = [one.coming for one in held(access, at=now) if one.coming]
        assert (coming.name, coming.value) == (A, 85)
        with pytest.raises(Invalid) as refused:
            propose(world, 85, from_on=day)
        assert codes(refused) == ["parameter_holds_already"]

    def test_asks_for_the_classes_anew_where_it_holds_at_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        class Task:
            def defer(self) -> None:
                asked.append("refresh")

        monkeypatch.setattr(proposing.app, "configure_task", lambda *_, **__: Task())
        tomorrow = timezone.now().date() + timedelta(days=2)
        approve(world, propose(world, 24, name=MONTHS, from_on=tomorrow))
        assert asked == []
        approve(world, propose(world))
        assert asked == ["refresh"]


def end(world: World, made: ParameterProposal, *, by: str = "security_officer",
        reason: str = "") -> ParameterProposal:  # fmt: skip
    now = timezone.now()
    access = world.company.access(by, now)
    return end_proposal(access=access, public_id=str(made.public_id), reason=reason, at=now)


class TestEnd:
    def test_is_declined_with_a_reason_or_withdrawn(self, world: World) -> None:
        for by, reason, act in (("security_officer", "not yet", "declined"),
                                ("administrator", "", "withdrawn")):  # fmt: skip
            made = propose(world)
            end(world, made, by=by, reason=reason)
            with pytest.raises(ProposalRefused):
                approve(world, made)
            assert Event.objects.get(act=f"analysis.parameter.{act}").after["reason"] == reason

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 401, "a\x07b"])
    def test_without_a_reason_is_refused(self, world: World, reason: str) -> None:
        made = propose(world)
        with pytest.raises(Invalid) as refused:
            end(world, made, reason=reason)
        assert codes(refused) == ["proposal_needs_a_reason"]
        with pytest.raises(NotPermitted):
            end(world, made, by="auditor", reason="because")

    def test_leaves_events_of_every_step(self, world: World) -> None:
        approve(world, propose(world))
        acts = Event.objects.filter(act__startswith="analysis.parameter.").order_by("recorded_at")
        assert [(e.act.rpartition(".")[2], e.before, e.after[A]) for e in acts] == [
            ("proposed", {A: 85}, 80), ("approved", {A: 85}, 80),
        ]  # fmt: skip


class TestPages:
    def test_lead_from_a_proposal_to_a_value_in_force(self, world: World) -> None:
        admin, officer = world.client("administrator"), world.client("security_officer")
        assert "As delivered" in admin.get(PAGE).content.decode()
        assert admin.post(PAGE, {"value": "80", "valid_from": ""}).status_code == 302
        made = ParameterProposal.objects.get(name=A)
        waits = admin.get(PAGE).content.decode()
        assert "Waits for approval" in waits
        assert "Withdraw" in waits
        assert ">Approve<" not in waits
        for page in (PAGE, "/admin/settings", reverse("admin:approvals")):
            text = officer.get(page).content.decode()
            assert digest(made) in text
            assert "80 %" in text
        way = reverse("admin:approval_parameter", args=[made.public_id])
        assert officer.post(way, {"digest": "forged"}).status_code == 409
        assert officer.post(way, {}).status_code == 409
        assert values_set(timezone.now()) == {}
        assert officer.post(way, {"digest": digest(made)}).status_code == 302
        text = admin.get(PAGE).content.decode()
        assert "80 %" in text[text.rindex("<tbody") :]
        assert "security_officer" in text[text.rindex("<tbody") :]

    def test_give_a_value_that_is_none_back_beside_its_field(self, world: World) -> None:
        admin = world.client("administrator")
        for value, said in (("96", "has to be under Class B until (%), which is 95"),
                            ("many", "not a number"), ("100", "between 1 and 99")):  # fmt: skip
            answer = admin.post(PAGE, {"value": value, "valid_from": ""})
            assert answer.status_code == 422
            assert said in answer.content.decode()
            assert f'value="{value}"' in answer.content.decode()
        answer = admin.post(PAGE, {"value": "80", "valid_from": "2020-01-01"})
        assert "Choose a day to come" in answer.content.decode()

    def test_offer_no_form_to_who_may_not_propose(self, world: World) -> None:
        for who in ("auditor", "security_officer"):
            text = world.client(who).get(PAGE).content.decode()
            assert "Propose a value" not in text
            assert world.client(who).post(PAGE, {"value": "80"}).status_code == 403
        assert world.client("auditor").get("/admin/settings/analysis.abc.by").status_code == 404
