"""Administration: rights given by two, secrets shown once, the trail to be searched."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clientela.audit.models import Event
from clientela.audit.services import record_event
from clientela.records.models import Source
from clientela.records.services.sources import make_source
from clientela.security.models import Grant, OrgNode, Token, User
from clientela.security.roles import ACTS
from clientela.store.context import system_context
from clientela.store.models import Parameter
from clientela.trade.models import Invoice
from clientela.web import words
from clientela.worklist.services import open_item
from tests.factories import NOON
from tests.web.world import World

# what a program may never hold, by hand: rights, second factors, settings, and who comes in
PERSONS = {
    "user.write", "organisation.write", "grant.propose", "grant.approve", "grant.end",
    "token.propose", "token.approve", "token.revoke", "factor.propose", "factor.approve",
    "factor.end", "parameter.propose", "parameter.approve", "parameter.end",
}  # fmt: skip


class TestApprovals:
    def test_refused_name_every_right_that_would_do(self, world: World) -> None:
        answer = world.client("auditor").get("/admin/approvals")
        assert answer.status_code == 403
        for act in ("grant.approve", "token.approve", "factor.approve", "parameter.approve"):
            assert str(words.ACTS[act]) in html.unescape(answer.content.decode())


class TestGrants:
    def test_are_proposed_by_one_and_approved_by_another(self, world: World) -> None:
        stranger = world.company.users["stranger"]
        last = (timezone.now() + timedelta(days=90)).date().isoformat()
        body = {"role": "service", "node": "sevilla", "valid_to": last}
        url = reverse("admin:user_grant", args=[stranger.public_id])
        assert world.client("administrator").post(url, body).status_code == 302
        grant = Grant.objects.get(user=stranger, role="service")
        assert grant.approved_at is None
        assert grant.valid_to.date().isoformat() > last  # the last day counts
        officer = world.client("security_officer")
        assert "Stranger" in officer.get("/admin/approvals").content.decode().title()
        officer.post(reverse("admin:approval_grant", args=[grant.public_id]))
        grant.refresh_from_db()
        assert grant.approved_by == "security_officer"

    def test_refused_say_every_reason(self, world: World) -> None:
        grant = Grant.objects.create(
            user=world.company.users["auditor"], role="sales", node=world.company.nodes["madrid"],
            valid_from=timezone.now(), valid_to=timezone.now() + timedelta(days=9),
            proposed_by="administrator", proposed_at=timezone.now(),
        )  # fmt: skip
        url = reverse("admin:approval_grant", args=[grant.public_id])
        answer = world.client("security_officer").post(url)
        assert answer.status_code == 409
        assert "Sales and Auditor" in answer.content.decode()
        grant.refresh_from_db()
        assert grant.approved_at is None
        assert Event.objects.get(act="web.request.refused").reasons[0]["code"] == "roles_conflict"

    @pytest.mark.parametrize(
        "change",
        [
            {"role": "king"},
            {"node": "atlantis"},
            {"valid_to": ""},
            {"valid_to": "x"},
            {"valid_from": "2020-01-31"},
        ],
    )
    def test_need_a_role_a_place_and_an_end(self, world: World, change: dict[str, str]) -> None:
        body = {"role": "service", "node": "sevilla", "valid_to": world.objects["last_day"]}
        url = reverse("admin:user_grant", args=[world.objects["user"]])
        assert world.client("administrator").post(url, body | change).status_code == 422


class TestUsers:
    def test_are_added_without_password_and_right(self, world: World) -> None:
        body = {"username": "Newcomer", "full_name": "New Comer", "language": "es"}
        answer = world.client("administrator").post("/admin/users/new", body)
        user = User.objects.get(username="newcomer")
        assert answer["Location"] == reverse("admin:user", args=[user.public_id])
        assert (user.language, user.has_usable_password()) == ("es", False)
        again = world.client("administrator").post("/admin/users/new", body)
        assert again.status_code == 422
        assert "is taken" in again.content.decode()

    def test_shut_out_and_let_in_again(self, world: World) -> None:
        client, user = world.client("administrator"), world.company.users["colleague"]
        theirs = world.client("colleague")
        assert theirs.get("/customers/").status_code == 200
        client.post(reverse("admin:user_disable", args=[user.public_id]))
        assert theirs.get("/customers/").status_code == 302
        client.post(reverse("admin:user_enable", args=[user.public_id]))
        user.refresh_from_db()
        assert user.is_active

    def test_shut_nobody_out_of_their_own_account(self, world: World) -> None:
        mine = world.company.users["administrator"]
        url = reverse("admin:user_disable", args=[mine.public_id])
        assert world.client("administrator").post(url).status_code == 403
        assert world.client("administrator").get(url).status_code == 403


class TestConfirmation:
    def test_says_what_will_happen_before_anything_does(self, world: World) -> None:
        client, user = world.client("administrator"), world.company.users["colleague"]
        grant = Grant.objects.get(user=user)
        token = Token.objects.get(name="approved")
        for name, key, page, said in (
            ("user_disable", user.public_id, ("user", user.public_id), "every session ends"),
            ("user_grant_end", grant.public_id, ("user", user.public_id), "Madrid · Branch"),
            ("token_revoke", token.public_id, ("tokens",), "cannot be taken back"),
        ):
            url = reverse(f"admin:{name}", args=[key])
            from_page = client.get(reverse(f"admin:{page[0]}", args=page[1:])).content.decode()
            assert f'href="{url}"' in from_page, name
            assert f'action="{url}"' not in from_page, name  # no button that does it at once
            answer = client.get(url)
            text = answer.content.decode()
            assert answer.status_code == 200
            assert said in text
            assert f'href="{reverse(f"admin:{page[0]}", args=page[1:])}"' in text  # the way out
        user.refresh_from_db()
        grant.refresh_from_db()
        token.refresh_from_db()
        assert (user.is_active, grant.ended_at, token.revoked_at) == (True, None, None)
        for name, key in (
            ("user_grant_end", grant),
            ("token_revoke", token),
            ("user_disable", user),
        ):
            assert client.post(reverse(f"admin:{name}", args=[key.public_id])).status_code == 302
        user.refresh_from_db()
        grant.refresh_from_db()
        token.refresh_from_db()
        assert not user.is_active
        assert grant.ended_by == token.revoked_by == "administrator"

    def test_is_not_asked_again_for_what_is_done(self, world: World) -> None:
        client, user = world.client("administrator"), world.company.users["disabled"]
        User.objects.filter(pk=user.pk).update(is_active=False)
        url = reverse("admin:user_disable", args=[user.public_id])
        assert client.get(url)["Location"] == reverse("admin:user", args=[user.public_id])
        Token.objects.filter(name="approved").update(revoked_at=NOON, revoked_by="somebody")
        url = reverse("admin:token_revoke", args=[world.objects["approved_token"]])
        assert client.get(url)["Location"] == "/admin/tokens"

    def test_tells_whose_own_role_it_is(self, world: World) -> None:
        mine = Grant.objects.get(user=world.company.users["administrator"])
        url = reverse("admin:user_grant_end", args=[mine.public_id])
        assert "a role of your own" in world.client("administrator").get(url).content.decode()
        assert (
            "a role of your own" not in world.client("security_officer").get(url).content.decode()
        )


class TestPlaces:
    def test_are_offered_as_their_tree_with_the_kind_of_each(self, world: World) -> None:
        url = reverse("admin:user", args=[world.objects["user"]])
        text = world.client("administrator").get(url).content.decode()
        field = text.partition('name="node"')[2].partition("</select>")[0]
        offered = re.findall(r'<option value="(\w+)">(.*?)</option>', field)
        assert ("group", "Group · Group") in offered
        step = "\u2003"
        assert offered.index(("iberia", f"{step * 2}Iberia · Sales region")) < offered.index(
            ("madrid", f"{step * 3}Madrid · Branch")
        )


def page(world: World, who: str, url: str, form: dict[str, object] | None = None) -> str:
    client = world.client(who)
    answer = client.get(url) if form is None else client.post(url, form, follow=True)
    return html.unescape(answer.content.decode())


class TestTokens:
    def test_are_shown_once_after_approval(self, world: World) -> None:
        client = world.client("administrator")
        url = reverse("admin:token_issue", args=[world.objects["approved_token"]])
        text = client.post(url).content.decode()
        secret = re.search(r'value="(clt_[^"]+)"', text).group(1)
        assert secret not in client.get("/admin/tokens").content.decode()
        assert client.post(url).status_code == 409
        assert secret not in str(Token.objects.values())
        assert secret not in str(Event.objects.values())

    def test_say_which_rights_rest_since_the_account_does_not_have_them(self, world: World) -> None:
        token = Token.objects.get(public_id=world.objects["approved_token"])
        Token.objects.filter(pk=token.pk).update(acts=["customer.read", "user.write"])
        url, rests = "/admin/tokens", "(rests: the account may not)"

        def told() -> list[bool]:
            text = html.unescape(world.client("administrator").get(url).content.decode())
            cell = text.partition(f"<td>{token.name}</td>")[2].split("</td>")[1]
            return [rests in one for one in cell.split(", ")]

        with system_context("a role of the account"):
            Grant.objects.filter(user=token.user).update(ended_at=NOON, ended_by="a")
            assert told() == [True, True]
            at = timezone.now()
            Grant.objects.create(
                user=token.user, role="data_steward", node=OrgNode.objects.get(code="madrid"),
                valid_from=at - timedelta(days=1), valid_to=at + timedelta(days=1),
                proposed_by="a", proposed_at=at, approved_by="b", approved_at=at,
            )  # fmt: skip
        assert told() == [False, True]

    def test_that_rest_are_told_to_who_proposes_and_to_who_approves(self, world: World) -> None:
        body = {"user": world.objects["service"], "name": "idle", "days": "9",
                "acts": ["customer.write"]}  # fmt: skip
        rests = "holds no role that allows this"
        with system_context("an account without a role"):
            Grant.objects.filter(user__kind="service").update(ended_at=NOON, ended_by="a")
        assert rests in page(world, "administrator", "/admin/tokens", body)
        assert "(rests: the account may not)" in page(world, "security_officer", "/admin/approvals")
        url = reverse("admin:token_approve", args=[Token.objects.get(name="idle").public_id])
        assert rests in page(world, "security_officer", url, {})

    def test_are_approved_by_another_than_their_proposer(self, world: World) -> None:
        Token.objects.filter(name="proposed").update(proposed_by="security_officer")
        url = reverse("admin:token_approve", args=[world.objects["proposed_token"]])
        assert world.client("security_officer").post(url).status_code == 409

    def test_are_not_offered_what_persons_alone_may(self, world: World) -> None:
        page = world.client("administrator").get("/admin/tokens").content.decode()
        offered = set(re.findall(r'name="acts"[^>]*value="([a-z_.]+)"', page))
        assert offered == ACTS.keys() - PERSONS
        for act in sorted(PERSONS):
            body = {"user": world.objects["service"], "name": "x", "days": "9",
                    "acts": ["customer.read", act]}  # fmt: skip
            answer = world.client("administrator").post("/admin/tokens", body)
            assert answer.status_code == 422
            assert f"rights: {words.ACTS[act]}." in html.unescape(answer.content.decode())
        assert not Token.objects.filter(name="x").exists()

    def test_of_before_that_name_them_are_not_approved(self, world: World) -> None:
        Token.objects.filter(name="proposed").update(acts=["customer.read", "grant.approve"])
        url = reverse("admin:token_approve", args=[world.objects["proposed_token"]])
        assert world.client("security_officer").post(url).status_code == 409
        assert Token.objects.get(name="proposed").approved_at is None

    def test_may_do_nothing_unknown(self, world: World) -> None:
        body = {"user": world.objects["service"], "name": "x", "acts": "god.mode", "days": "9"}
        assert world.client("administrator").post("/admin/tokens", body).status_code == 422


class TestOrganisation:
    def test_grows_where_a_kind_may_stand(self, world: World) -> None:
        client = world.client("administrator")
        body = {"kind": "branch", "code": "toledo", "name": "Toledo", "parent": "iberia"}
        assert client.post("/admin/organisation", body).status_code == 302
        assert OrgNode.objects.get(code="toledo").parent.code == "iberia"
        for wrong in ({"code": "toledo"}, {"code": "x", "kind": "company"}, {"code": ""},
                      {"code": "bad code!"}, {"parent": "atlantis"}):  # fmt: skip
            assert client.post("/admin/organisation", body | wrong).status_code == 422


class TestSources:
    def test_are_added_and_trusted_by_the_steward_of_their_branch(self, world: World) -> None:
        client = world.client("data_steward")
        body = {"name": "shop", "title": "Web shop", "node": world.objects["madrid"]}
        assert client.post("/admin/sources", body).status_code == 302
        url = reverse("admin:source_trust", args=["shop"])
        assert client.post(url, {"trust": "70"}).status_code == 302
        assert 'value="70"' in client.get("/admin/sources").content.decode()
        assert client.post(url, {"trust": "700"}).status_code == 422
        assert client.post(url, {"trust": "much"}).status_code == 422
        assert not Source.objects.filter(name="").exists()


class TestTrail:
    def test_has_a_second_page(self, world: World) -> None:
        for number in range(60):
            record_event(act="web.request.refused", at=NOON, subject=("GET", f"/{number}"))
        client = world.client("security_officer")
        text = client.get("/admin/events").content.decode()
        following = re.search(r'rel="next" href="([^"]+)"', text)
        assert following is not None
        url = "/admin/events" + following.group(1).replace("&amp;", "&")
        assert client.get(url).status_code == 200

    def test_is_searched_by_person_act_and_customer(self, world: World) -> None:
        own = world.customers["own"]
        body = {"key": "phone", "purpose": "data_quality"}
        world.client("data_steward").post(reverse("customers:reveal", args=[own.public_id]), body)
        auditor = world.client("auditor")

        def rows(query: str) -> str:
            return auditor.get(f"/admin/events?{query}").content.decode()

        assert "phone (contact data of a person)" in rows("act=security.field.revealed")
        assert "data_steward" in rows(f"customer={own.public_id}&actor=data_steward")
        assert "No event fits" in rows("actor=nobody")
        assert "No event fits" in rows("until=2020-01-01")
        assert auditor.get("/admin/events?act__contains=x").status_code == 422
        assert auditor.get("/admin/events?since=soon").status_code == 422


class TestSettings:
    def test_are_shown_with_their_history(self, world: World) -> None:
        for value in (80, 85):
            Parameter.objects.create(
                name="analysis.abc.a_until_percent", value=value, set_by="somebody",
                approved_by="somebody else",
                valid_from=timezone.now() - timedelta(days=value),
            )  # fmt: skip
        page = "/admin/settings/analysis.abc.a_until_percent"
        text = world.client("administrator").get(page).content.decode()
        history = text[text.rindex("<tbody") :]
        assert history.index(">80 %<") < history.index(">85 %<")  # the last one first


class TestWork:
    def test_shows_the_items_of_the_person_and_of_the_roles(self, world: World) -> None:
        now = timezone.now()
        for place in ("madrid", "sevilla"):
            open_item(
                kind="import_questions", subject=("intake.Run", place), role="data_steward",
                node_id=world.company.nodes[place].pk, by="system", at=now,
                params={"file": f"{place}.csv", "questions": "3"},
                due_at=now - timedelta(days=1),
            )  # fmt: skip
        text = world.client("data_steward").get("/work/").content.decode()
        assert "madrid.csv" in text
        assert "sevilla.csv" not in text
        assert "tag-bad" in text  # it is late
        assert "Nothing waits for you" in world.client("sales").get("/work/").content.decode()

    def test_tells_a_person_without_a_role_what_to_do(self, world: World) -> None:
        User.objects.create(username="newcomer", created_at=timezone.now())
        world.company.users["newcomer"] = User.objects.get(username="newcomer")
        answer = world.client("newcomer").get("/")
        assert "You have no role yet" in answer.content.decode()
        assert "An administrator proposes one" in answer.content.decode()

    def test_tells_when_a_role_begins_that_was_approved_ahead(self, world: World) -> None:
        newcomer = User.objects.create(username="newcomer", created_at=timezone.now())
        world.company.users["newcomer"] = newcomer
        begins = datetime(2031, 3, 1, 9, tzinfo=UTC)
        Grant.objects.create(
            user=newcomer, role="sales", node=world.company.nodes["madrid"], valid_from=begins,
            valid_to=begins + timedelta(days=30), proposed_by="a", proposed_at=timezone.now(),
            approved_by="b", approved_at=timezone.now(),
        )  # fmt: skip
        text = world.client("newcomer").get("/").content.decode()
        assert "Your role was approved and begins on 1 Mar 2031, 09:00." in text
        assert "An administrator proposes one" not in text


class TestActsOfTokens:
    def test_are_those_of_the_permission_table(self) -> None:
        assert set(words.ACTS) == set(ACTS)


class TestSettlementOfASource:
    """Whether a source tells of payments can be said otherwise, and its invoices follow."""

    def settle(self, world: World, who: str, settlement: str) -> int:
        url = reverse("admin:source_settlement", args=["till"])
        return world.client(who).post(url, {"settlement": settlement}).status_code

    @pytest.fixture
    def till(self, world: World) -> Source:
        with system_context("a source of the branch"):
            source = make_source(
                name="till", node_id=world.company.nodes["madrid"].pk, at=NOON, by="test"
            )
            Invoice.objects.filter(number="N-own").update(source=source, settlement="unknown")
        return source

    def test_is_followed_by_its_invoices_alone(self, world: World, till: Source) -> None:
        assert self.settle(world, "data_steward", "known") == 302
        with system_context("a test looks"):
            told = set(Invoice.objects.filter(source=till).values_list("settlement", flat=True))
            assert told == {"known"}
            assert Source.objects.get(pk=till.pk).settlement == "known"
            event = Event.objects.get(act="trade.source.settlement_set")
            assert (event.rows, event.before, event.after) == (
                1, {"settlement": "unknown"}, {"settlement": "known"},
            )  # fmt: skip

    def test_is_refused_to_others_and_for_words_that_are_none(
        self, world: World, till: Source
    ) -> None:
        assert self.settle(world, "data_steward", "perhaps") == 422
        for who in ("auditor", "sales", "administrator"):
            assert self.settle(world, who, "known") in (403, 404), who
        with system_context("a test looks"):
            assert Source.objects.get(pk=till.pk).settlement == "unknown"
            assert not Event.objects.filter(act="trade.source.settlement_set").exists()
