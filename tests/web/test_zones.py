"""Everybody has the day of the own place: what is due, future or "today" follows the zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.services import ahead
from clientela.analysis.services.lately import Wish
from clientela.analysis.services.question import question
from clientela.audit.models import Event
from clientela.kernel.days import day_in, zone_names, zone_of
from clientela.records.models import Customer, RecordVersion
from clientela.security.models import OrgNode, User
from clientela.security.selectors import access_of
from clientela.store.context import system_context
from tests.factories import NOON, give
from tests.web.editing import shown
from tests.web.test_analyses import Trade
from tests.web.world import World

SHANGHAI, MEXICO = "Asia/Shanghai", "America/Mexico_City"
# zone -> an instant at which its day is not the one of UTC, and the day that it is there
MOMENTS = {
    SHANGHAI: (datetime(2026, 3, 31, 23, 30, tzinfo=UTC), date(2026, 4, 1)),
    MEXICO: (datetime(2026, 4, 1, 3, 0, tzinfo=UTC), date(2026, 3, 31)),
}


@pytest.fixture(params=MOMENTS)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Stop the clock at the moment of a zone."""
    at, _ = MOMENTS[request.param]
    monkeypatch.setattr(timezone, "now", lambda: at)
    return request.param


def works_in(world: World, zone: str, name: str = "sales") -> None:
    """Let somebody choose a zone, on the page."""
    answer = world.client(name).post(reverse("own_zone"), {"time_zone": zone})
    assert answer.status_code == 302


class TestTheDay:
    def test_is_that_of_the_zone(self, zone: str) -> None:
        at, day = MOMENTS[zone]
        assert day_in(zone, at) == day
        assert at.date() != day

    def test_is_that_of_utc_where_a_zone_is_not_known(self) -> None:
        for name in ("", "Mars/Olympus", "../etc/passwd", "Asia"):
            assert zone_of(name).key == "UTC", name

    def test_is_known_for_the_zones_of_the_world(self) -> None:
        assert {"UTC", SHANGHAI, MEXICO, "Europe/Madrid"} <= set(zone_names())
        assert max(map(len, zone_names())) <= 40


class TestAReader:
    def access(self, user: User):
        return access_of(User.objects.get(pk=user.pk), at=timezone.now())

    def test_without_a_zone_has_that_of_the_deepest_place_granted(
        self, world: World, zone: str
    ) -> None:
        nodes, sales = world.company.nodes, world.company.users["sales"]
        give(sales, "marketing", nodes["spain"])
        OrgNode.objects.filter(code="spain").update(time_zone="Africa/Ceuta")
        OrgNode.objects.filter(code="madrid").update(time_zone=zone)
        assert self.access(sales).today == MOMENTS[zone][1]

    def test_with_two_places_as_deep_has_the_zone_of_the_first(self, world: World) -> None:
        nodes, sales = world.company.nodes, world.company.users["sales"]
        give(sales, "marketing", nodes["shanghai"])
        OrgNode.objects.filter(code="madrid").update(time_zone="Europe/Madrid")
        OrgNode.objects.filter(code="shanghai").update(time_zone=SHANGHAI)
        assert self.access(sales).time_zone == "Europe/Madrid"

    def test_without_a_place_has_utc(self, world: World) -> None:
        nobody = User.objects.create(username="nobody", created_at=NOON)
        assert self.access(nobody).time_zone == "UTC"

    def test_chooses_a_zone_or_the_branchs_again(self, world: World, zone: str) -> None:
        OrgNode.objects.filter(code="madrid").update(time_zone="Europe/Madrid")
        works_in(world, zone)
        assert self.access(world.company.users["sales"]).time_zone == zone
        event = Event.objects.filter(act="security.user.preferences_changed").latest("id")
        assert event.after["time_zone"] == zone
        text = world.client("sales").get(reverse("own_zone")).content.decode()
        assert f'value="{zone}" selected' in text
        works_in(world, "")
        assert self.access(world.company.users["sales"]).time_zone == "Europe/Madrid"

    def test_is_refused_a_zone_that_there_is_not(self, world: World) -> None:
        answer = world.client("sales").post(reverse("own_zone"), {"time_zone": "Mars/Olympus"})
        assert answer.status_code == 422
        assert "There is no such time zone." in answer.content.decode()
        assert User.objects.get(username="sales").time_zone == ""

    def test_keeps_the_zone_when_the_language_is_changed(self, world: World) -> None:
        works_in(world, SHANGHAI)
        world.client("sales").post(reverse("preferences"), {"language": "es"})
        assert User.objects.get(username="sales").time_zone == SHANGHAI

    def test_reads_times_in_the_zone(self, world: World) -> None:
        own = reverse("customers:history", args=[world.customers["own"].public_id])
        before = world.client("sales").get(own).content.decode()
        works_in(world, SHANGHAI)
        after = world.client("sales").get(own).content.decode()
        assert "13 Feb 2026, 12:00" in before
        assert "13 Feb 2026, 20:00" in after


class TestWhatIsDue:
    def test_is_overdue_from_the_readers_next_day(self, world: World, zone: str) -> None:
        works_in(world, zone)
        client, late = world.client("sales"), zone == SHANGHAI
        own, invoice = world.customers["own"], world.invoices["own"]
        rows = client.get(reverse("customers:invoices", args=[own.public_id])).context["lines"]
        assert [item.days_past_due for _, item in rows] == [1 if late else 0]
        page = client.get(reverse("trade:invoice", args=[invoice.public_id])).content.decode()
        assert ("overdue" in page) is late
        listed = client.get(f"/api/v1/invoices?customer={own.public_id}").json()["items"]
        one = client.get(f"/api/v1/invoices/{invoice.public_id}").json()
        assert [row["days_past_due"] for row in (*listed, one)] == [1 if late else 0] * 2


class TestAFile:
    def corrected(self, world: World, **more: str) -> tuple[int, str]:
        """Correct the city of `own`; return the status and the file as it is then shown."""
        client, own = world.client("sales"), world.customers["own"].public_id
        url = reverse("customers:edit", args=[own])
        answer = client.post(url, {"city": "Toledo", **shown(client, url), **more})
        return answer.status_code, client.get(
            reverse("customers:file", args=[own])
        ).content.decode()

    def test_takes_a_value_from_the_readers_today_on_and_no_later(
        self, world: World, zone: str
    ) -> None:
        works_in(world, zone)
        day = MOMENTS[zone][1]
        status, _ = self.corrected(world, true_from=(day + timedelta(days=1)).isoformat())
        assert status == 422
        status, text = self.corrected(world, true_from=day.isoformat())
        assert (status, "Toledo" in text) == (302, True)

    def test_shows_at_once_what_is_true_from_today(self, world: World, zone: str) -> None:
        works_in(world, zone)
        status, text = self.corrected(world)
        assert (status, "Toledo" in text) == (302, True)
        own = world.customers["own"].public_id
        told = world.client("sales").get(f"/api/v1/customers/{own}").json()["facts"]
        assert {"city": "Toledo"}.items() <= {one["key"]: one["value"] for one in told}.items()
        with system_context("a look"):
            said = RecordVersion.objects.latest("id")
            assert said.true_from == date(2026, 3, 31)
            own = Customer.objects.get(pk=world.customers["own"].pk)
            assert own.city == "Toledo"  # and in lists

    def test_is_opened_on_either_day(self, world: World, zone: str) -> None:
        works_in(world, zone)
        body = {"kind": "company", "name": "Nuevo", "node": "madrid"}
        assert world.client("sales").post(reverse("customers:new"), body).status_code == 302
        with system_context("a look"):
            opened = Customer.objects.get(name="Nuevo")
        assert opened.archived_at is None
        text = world.client("sales").get(reverse("customers:file", args=[opened.public_id]))
        assert "Nuevo" in text.content.decode()

    def test_as_known_on_a_day_is_that_of_the_readers_day(self, world: World, zone: str) -> None:
        works_in(world, zone)
        client, own = world.client("sales"), world.customers["own"].public_id
        url, today = reverse("customers:file", args=[own]), MOMENTS[zone][1]
        assert client.get(url, {"known_on": today.isoformat()}).status_code == 200
        tomorrow = (today + timedelta(days=1)).isoformat()
        assert client.get(url, {"known_on": tomorrow}).status_code == 422

    def test_as_known_on_a_day_ends_with_the_day_in_the_zone(self, world: World) -> None:
        """The source told of the customer on 13 February at 12:00 in UTC: at 01:00 of the 14th
        in Auckland, but on the 13th in Madrid."""
        url = reverse("customers:file", args=[world.customers["own"].public_id])
        for zone, known in (("Europe/Madrid", True), ("Pacific/Auckland", False)):
            works_in(world, zone)
            query = {"known_on": "2026-02-13", "true_on": "2026-03-01"}
            text = world.client("sales").get(url, query).content.decode()
            assert ('class="fact"' in text) is known, zone


class TestAnalyses(Trade):
    def test_end_with_the_readers_today(self, trade, zone: str) -> None:
        with system_context("a zone for a test"):
            User.objects.filter(username="analyst").update(time_zone=zone)
        page = trade.client("analyst").get(reverse("analyses:one", args=["abc"]))
        assert page.status_code == 200
        assert page.context["asked"].as_of == MOMENTS[zone][1]

    def test_are_had_ready_for_the_readers_today(self, trade, zone: str) -> None:
        at, day = MOMENTS[zone]
        with system_context("a zone for a test"):
            User.objects.filter(username="analyst").update(time_zone=zone)
            reader = access_of(User.objects.get(username="analyst"), at=at)
        wish = Wish.of(reader, question("abc", at=at, as_of=day, parameters={}))
        assert wish.as_of is None
        keys = [key for key, _ in ahead.answers([wish], lambda: at)]
        fixed = Wish.of(reader, question("abc", at=at, as_of=at.date(), parameters={}))
        assert fixed.as_of == at.date()
        assert len(keys) == 1
        assert keys != [key for key, _ in ahead.answers([fixed], lambda: at)]


class TestAPlace:
    BODY = {"kind": "branch", "code": "toledo", "name": "Toledo", "parent": "iberia"}

    def add(self, world: World, **more: str):
        return world.client("administrator").post("/admin/organisation", self.BODY | more)

    def test_has_the_zone_that_was_chosen(self, world: World) -> None:
        assert self.add(world, time_zone=SHANGHAI).status_code == 302
        assert OrgNode.objects.get(code="toledo").time_zone == SHANGHAI
        event = Event.objects.get(act="security.org_node.added")
        assert event.after["time_zone"] == SHANGHAI

    def test_has_the_zone_of_its_parent_else(self, world: World) -> None:
        OrgNode.objects.filter(code="iberia").update(time_zone="Europe/Madrid")
        assert self.add(world).status_code == 302
        assert OrgNode.objects.get(code="toledo").time_zone == "Europe/Madrid"

    def test_is_refused_with_a_zone_that_there_is_not(self, world: World) -> None:
        answer = self.add(world, time_zone="Europe/Toledo")
        assert answer.status_code == 422
        assert "There is no such time zone." in answer.content.decode()
        assert not OrgNode.objects.filter(code="toledo").exists()

    @pytest.mark.parametrize("currency", ["", "ZZZ", "eur", "DEM", "EURO"])
    def test_that_is_a_company_needs_a_currency(self, world: World, currency: str) -> None:
        answer = self.add(world, kind="company", parent="group", base_currency=currency)
        assert answer.status_code == 422
        assert "A company needs a currency for its books." in answer.content.decode()
        assert not OrgNode.objects.filter(code="toledo").exists()

    def test_that_is_a_company_has_its_currency(self, world: World) -> None:
        for code in ("EUR", "JPY", "KWD", "CNY", "MXN"):
            more = {"kind": "company", "parent": "group", "base_currency": code}
            assert self.add(world, code=f"of-{code}", **more).status_code == 302
            assert OrgNode.objects.get(code=f"of-{code.lower()}").base_currency == code

    def test_that_is_no_company_has_none(self, world: World) -> None:
        answer = self.add(world, base_currency="EUR")
        assert answer.status_code == 422
        assert "Only a company has a currency of its own" in answer.content.decode()
        assert not OrgNode.objects.filter(code="toledo").exists()
