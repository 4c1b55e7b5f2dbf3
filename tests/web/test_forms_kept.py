"""A refused form of administration comes back whole: what was typed, the reason, the way on."""

import re

from django.http import HttpResponse
from django.urls import reverse

from clientela.audit.models import Event
from clientela.security.models import Grant
from tests.web.world import World


def the_page(answer: HttpResponse, *, status: int, field: str) -> str:
    """Return a page that came back: with its navigation, and the wrong field described."""
    assert answer.status_code == status
    text = answer.content.decode()
    assert 'id="side"' in text
    given = re.search(rf'<(?:input|select)[^>]*name="{field}"[^>]*>', text).group(0)
    assert 'aria-invalid="true"' in given
    described = re.search(r'aria-describedby="(e-\w+)', text).group(1)
    assert re.search(rf'class="wrong" id="{described}">[^<]+<', text)
    assert "autofocus" in given
    return text


class TestToken:
    def test_keeps_its_ticks_and_days(self, world: World) -> None:
        body = {"user": world.objects["service"], "name": "till", "days": "4000",
                "acts": ["customer.read", "trade.read"]}  # fmt: skip
        answer = world.client("administrator").post("/admin/tokens", body)
        text = the_page(answer, status=422, field="days")
        assert len(re.findall(r'name="acts" value="[^"]+" checked', text)) == 2
        assert 'value="till"' in text
        assert 'value="4000"' in text
        assert f'value="{world.objects["service"]}" selected' in text

    def test_of_nobody_is_refused_beside_its_field(self, world: World) -> None:
        body = {"user": "999999", "name": "x", "days": "9", "acts": "customer.read"}
        answer = world.client("administrator").post("/admin/tokens", body)
        the_page(answer, status=422, field="user")

    def test_that_may_nothing_says_so_at_the_ticks(self, world: World) -> None:
        body = {"user": world.objects["service"], "name": "x", "days": "9"}
        answer = world.client("administrator").post("/admin/tokens", body)
        the_page(answer, status=422, field="acts")


class TestGrant:
    def test_keeps_role_place_and_days(self, world: World) -> None:
        body = {"role": "service", "node": "sevilla", "valid_from": "2026-12-01", "valid_to": "x"}
        url = reverse("admin:user_grant", args=[world.objects["user"]])
        text = the_page(world.client("administrator").post(url, body), status=422, field="valid_to")
        assert '<option value="service" selected>' in text
        assert '<option value="sevilla" selected>' in text
        assert 'value="2026-12-01"' in text
        assert Event.objects.get(act="web.request.refused").reasons[0]["code"] == "value_not_a_date"

    def test_of_a_role_that_conflicts_is_refused_when_it_is_proposed(self, world: World) -> None:
        auditor = world.company.users["auditor"]
        body = {"role": "sales", "node": "madrid", "valid_to": world.objects["last_day"]}
        url = reverse("admin:user_grant", args=[auditor.public_id])
        text = the_page(world.client("administrator").post(url, body), status=409, field="role")
        assert "Sales and Auditor" in text
        assert not Grant.objects.filter(user=auditor, role="sales").exists()
        assert Event.objects.get(act="web.request.refused").reasons[0]["code"] == "roles_conflict"

    def test_ends_before_the_last_day_that_there_is(self, world: World) -> None:
        body = {"role": "service", "node": "sevilla", "valid_to": "9999-12-31"}
        url = reverse("admin:user_grant", args=[world.objects["user"]])
        the_page(world.client("administrator").post(url, body), status=422, field="valid_to")


class TestOthers:
    def test_keep_what_was_typed(self, world: World) -> None:
        administrator, steward = world.client("administrator"), world.client("data_steward")
        place = {"kind": "company", "code": "toledo", "name": "Toledo", "parent": "iberia",
                 "country": "ES"}  # fmt: skip
        text = the_page(administrator.post("/admin/organisation", place), status=422, field="kind")
        for kept in ('value="toledo"', 'value="Toledo"', '"iberia" selected', '"ES" selected'):
            assert kept in text
        source = {"name": "two words", "title": "Web shop", "node": world.objects["madrid"],
                  "settlement": "known", "origin": "a shop", "legal_basis": "contract"}  # fmt: skip
        text = the_page(steward.post("/admin/sources", source), status=422, field="name")
        for kept in ("two words", "Web shop", "a shop", "contract"):
            assert f'value="{kept}"' in text
        assert '"known" selected' in text
        user = {"username": "two words", "full_name": "New Comer", "language": "es",
                "kind": "service"}  # fmt: skip
        text = the_page(administrator.post("/admin/users/new", user), status=422, field="username")
        for kept in (
            'value="two words"',
            'value="New Comer"',
            '"es" selected',
            '"service" selected',
        ):
            assert kept in text

    def test_keep_a_trust_that_cannot_be(self, world: World) -> None:
        steward = world.client("data_steward")
        steward.post("/admin/sources", {"name": "shop", "node": world.objects["madrid"]})
        answer = steward.post(reverse("admin:source_trust", args=["shop"]), {"trust": "700"})
        text = the_page(answer, status=422, field="trust")
        assert 'name="trust" min="0" max="100" value="700"' in text
        assert "from 0 to 100" in text

    def test_that_are_not_possible_now_keep_the_navigation(self, world: World) -> None:
        url = reverse("admin:token_issue", args=[world.objects["proposed_token"]])
        answer = world.client("administrator").post(url)
        assert answer.status_code == 409
        text = answer.content.decode()
        assert 'id="side"' in text
        assert f'href="{reverse("admin:tokens")}"' in text
