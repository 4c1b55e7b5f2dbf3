"""The pages of the customer file: what they show, find, keep and refuse."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from clientela.audit.models import Event
from clientela.records.models import Customer, RecordVersion
from clientela.security.models import User
from clientela.store.context import system_context
from clientela.store.models import SavedView
from tests.factories import add_customer, add_customers
from tests.web.editing import shown
from tests.web.world import World


def page(world: World, who: str, url: str) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


def address(world: World, name: str, record: str = "own") -> str:
    return reverse(name, args=[world.customers[record].public_id])


class TestList:
    def test_shows_what_is_reached_and_nothing_else(self, world: World) -> None:
        seen = page(world, "sales", "/customers/")
        assert "Name own" in seen
        for other in ("colleague", "archived", "other_branch", "other_region"):
            assert f"Name {other}" not in seen
        assert "Name archived" in page(world, "sales", "/customers/?archived=1")

    def test_can_be_narrowed_to_a_named_account_manager(self, world: World) -> None:
        User.objects.filter(username="colleague").update(full_name="Ana Ruiz")
        url = "/customers/?owner=colleague"
        seen = page(world, "credit_manager", url)
        assert "Name colleague" in seen
        assert "Name own" not in seen
        assert '<option value="colleague" selected>Ana Ruiz</option>' in seen
        choice = seen.partition('name="owner"')[2].partition("</select>")[0]
        assert 'value="sales"' in choice
        assert 'value="stranger"' not in choice  # of no customer in reach
        for nobody in ("stranger", "no-such-user"):  # alike: who there is is not told
            found = page(world, "credit_manager", f"/customers/?owner={nobody}")
            assert "/customers/" + str(world.customers["own"].public_id) not in found
            assert f'<option value="{nobody}" selected>{nobody}</option>' in found
        own = page(world, "sales", "/customers/").partition('name="owner"')[2]
        assert "Ana Ruiz" not in own.partition("</select>")[0]
        client = world.client("credit_manager")
        client.post("/customers/views", {"name": "Of Ana", "query": "owner=colleague"})
        assert SavedView.objects.filter(name="Of Ana", query={"owner": "colleague"}).exists()

    def test_masks_the_name_of_a_person_by_role(self, world: World) -> None:
        assert "Name own" not in page(world, "marketing", "/customers/")
        assert "N*" in page(world, "marketing", "/customers/")

    def test_pages_forth_and_back_over_every_row_once(self, world: World) -> None:
        names = (f"Firm {number:03}" for number in range(120))
        add_customers(world.company, *names, node="madrid", owner="sales")
        client, seen, url = world.client("sales"), [], "/customers/?kind=company"
        for _ in range(3):
            text = client.get(url).content.decode()
            seen.append(re.findall(r">(Firm \d+)<", text))
            forward = re.search(r'rel="next" href="([^"]+)"', text)
            url = "/customers/" + forward.group(1).replace("&amp;", "&") if forward else ""
        assert [len(one) for one in seen] == [50, 50, 20]
        assert sorted(name for one in seen for name in one) == [f"Firm {n:03}" for n in range(120)]
        assert url == ""
        back = re.search(r'rel="prev" href="([^"]+)"', text)
        assert "trail" not in back.group(1)
        again = client.get("/customers/" + back.group(1).replace("&amp;", "&")).content.decode()
        assert re.findall(r">(Firm \d+)<", again) == seen[1]
        first = re.search(r'rel="prev" href="([^"]+)">(?s:.*?)First page', again)
        assert first.group(1) == "?kind=company"

    def test_has_addresses_that_do_not_grow_with_the_pages(self, world: World) -> None:
        names = (f"Firm {number:03}" for number in range(320))
        add_customers(world.company, *names, node="madrid", owner="sales")
        client, lengths, url = world.client("sales"), [], "/customers/?kind=company"
        while url:
            text = client.get(url).content.decode()
            forward = re.search(r'rel="next" href="([^"]+)"', text)
            url = "/customers/" + forward.group(1).replace("&amp;", "&") if forward else ""
            lengths.append(len(url))
        assert len(lengths) == 7
        assert max(lengths) - lengths[1] < 10  # the cursor of this page and of the one before

    def test_takes_no_more_queries_for_more_rows(
        self, world: World, django_assert_max_num_queries: object
    ) -> None:
        names = (f"Firm {number:03}" for number in range(40))
        add_customers(world.company, *names, node="madrid", owner="sales")
        client = world.client("credit_manager")
        with django_assert_max_num_queries(32):
            assert client.get("/customers/").status_code == 200

    @pytest.mark.parametrize(
        "query", ["pk__in=1", "name__icontains=a", "kind=dog", "order=phone", "cursor=abc"]
    )
    def test_refuses_what_it_does_not_know(self, world: World, query: str) -> None:
        assert world.client("sales").get(f"/customers/?{query}").status_code == 422

    def test_answers_a_changed_filter_with_the_rows_alone(self, world: World) -> None:
        headers = {"HX-Request": "true", "HX-Target": "rows"}
        answer = world.client("sales").get("/customers/?kind=person", headers=headers)
        assert "<html" not in answer.content.decode()
        assert "Name own" in answer.content.decode()


class TestSavedViews:
    def test_are_kept_applied_and_forgotten(self, world: World) -> None:
        client = world.client("sales")
        query = "?kind=person&order=-sales&cursor=gone"
        answer = client.post("/customers/views", {"name": "People", "query": query})
        assert answer["Location"] == "/customers/?kind=person&order=-sales"
        kept = SavedView.objects.get(name="People")
        assert kept.query == {"kind": "person", "order": "-sales"}
        assert "People" in client.get("/customers/").content.decode()
        client.post(reverse("customers:delete_view", args=[kept.public_id]))
        assert not SavedView.objects.filter(name="People").exists()

    def test_of_others_are_not_there(self, world: World) -> None:
        other = world.objects["views"]["marketing"]
        url = reverse("customers:delete_view", args=[other])
        assert world.client("sales").post(url).status_code == 404
        assert SavedView.objects.filter(public_id=other).exists()

    @pytest.mark.parametrize(
        "query",
        ["pk=1", "order=evil", "node=nope", "kind=dog", "country=Spain", "columns=a%00b",
         "name=a%00b"],
    )  # fmt: skip
    def test_keep_nothing_that_the_list_cannot_be_opened_with(
        self, world: World, query: str
    ) -> None:
        client = world.client("sales")
        answer = client.post("/customers/views", {"name": "Broken", "query": f"?{query}"})
        assert answer.status_code == 422
        assert not SavedView.objects.filter(name="Broken").exists()
        assert client.get(f"/customers/?{query}").status_code in (400, 422)

    def test_keep_an_order_that_other_roles_may_use(self, world: World) -> None:
        client = world.client("marketing")  # reads no names of persons
        answer = client.post("/customers/views", {"name": "By name", "query": "order=name"})
        assert client.get(answer["Location"]).status_code == 200

    def test_say_that_one_of_the_name_was_replaced(self, world: World) -> None:
        def saved(query: str) -> str:
            body = {"name": " Mine  all ", "query": query}
            return client.post("/customers/views", body, follow=True).content.decode()

        client, replaced = world.client("sales"), "in place of the one that had this name"
        first = saved("kind=person")
        assert "The view was saved." in first
        assert replaced not in first
        assert replaced in saved("kind=company")
        kept = SavedView.objects.get(name="Mine all")
        assert kept.query == {"kind": "company"}
        others = world.client("marketing").post(
            "/customers/views", {"name": "Mine all", "query": ""}, follow=True
        )
        assert replaced not in others.content.decode()


class TestReveal:
    @pytest.mark.parametrize("who", ["sales", "service", "credit_controller", "credit_manager"])
    def test_is_needed_for_a_number_and_not_for_the_name(self, world: World, who: str) -> None:
        text = page(world, who, address(world, "customers:file"))
        assert "Name own" in text
        assert "600123456" not in text
        assert "****3456" in text

    def test_shows_the_value_and_leaves_an_event_without_it(self, world: World) -> None:
        url = address(world, "customers:reveal")
        body = {"key": "phone", "purpose": "data_quality"}
        before = page(world, "data_steward", address(world, "customers:file"))
        assert "+34600123456" not in before
        answer = world.client("data_steward").post(url, body)
        assert "+34600123456" in answer.content.decode()
        assert 'data-mask-after="60"' in answer.content.decode()
        event = Event.objects.get(act="security.field.revealed")
        assert event.fields_read == {"phone": "S2"}
        assert event.purpose == "data_quality"
        assert "600123456" not in str(Event.objects.values())

    def test_asks_for_a_purpose_and_where_needed_a_note(self, world: World) -> None:
        client, url = world.client("auditor"), address(world, "customers:reveal")
        for body in ({"key": "phone"}, {"key": "phone", "purpose": "audit_case"}):
            assert client.post(url, body).status_code == 422
        assert not Event.objects.filter(act="security.field.revealed").exists()
        assert Event.objects.filter(act="web.request.refused").count() == 2

    @pytest.mark.parametrize("tab", ["", "/history"])
    def test_is_said_to_be_not_for_a_role_that_has_none(self, world: World, tab: str) -> None:
        with system_context("where a person lives"):
            add_customer(
                world.company, node="madrid", owner="sales", name="Name own", key="lives",
                kind="person", address="Calle Mayor 1", phone="+34600123457",
            )  # fmt: skip
            customer = Customer.objects.order_by("-id").first()
        said = "not shown to your role"
        text = page(world, "sales", f"/customers/{customer.public_id}{tab}")
        assert "Calle Mayor" not in text
        assert f'<span class="quiet">{said}</span>' in text
        assert "***<" not in text
        assert "600123457" not in text

    def test_is_no_matter_of_looking(self, world: World) -> None:
        url = address(world, "customers:reveal")
        client = world.client("data_steward")
        for address_, way in ((url, "/"), (reverse("preferences"), "/")):
            answer = client.get(address_)
            assert (answer.status_code, answer["Allow"]) == (405, "POST")
            text = answer.content.decode()
            assert "This address takes what a form sends" in text
            assert f'href="{way}"' in text

    def test_with_a_filter_that_there_is_not_leads_to_the_list_without(self, world: World) -> None:
        for path in ("/customers/", "/invoices/", "/payments/"):
            answer = world.client("sales").get(f"{path}?no_such=1")
            assert answer.status_code == 422, path
            assert f'<a class="btn btn-primary" href="{path}">Without filters</a>' in (
                answer.content.decode()
            ), path


class TestEditing:
    def test_states_only_what_was_changed(self, world: World) -> None:
        url = address(world, "customers:edit")
        form = world.client("data_steward").get(url).content.decode()
        assert "+34600123456" not in form  # masked to the steward: not in the form either
        body = {"city": "Toledo", "phone": "", "name": "", "country": "ES", "reason": "call"}
        body |= shown(world.client("data_steward"), url)
        answer = world.client("data_steward").post(url, body)
        assert answer.status_code == 302
        with system_context("a look"):
            said = RecordVersion.objects.order_by("-id").first()
            assert said.attributes == {"city": "Toledo"}
            assert said.reason == "call"
            assert Customer.objects.get(pk=world.customers["own"].pk).name == "Name own"

    def test_removes_a_masked_value_unseen(self, world: World) -> None:
        client, url = world.client("sales"), address(world, "customers:edit")
        assert 'name="remove:phone"' in client.get(url).content.decode()
        body = {"city": "", "phone": "", "name": "Name own", "country": "ES"} | shown(client, url)
        for shown_plain in ("remove:name", "remove:city"):
            assert client.post(url, body | {shown_plain: "1"}).status_code == 422
        both = body | {"remove:phone": "1", "phone": "+34600999888"}
        refused = client.post(url, both)
        assert (refused.status_code, "Leave one of them" in refused.content.decode()) == (422, True)
        client.post(url, body | {"remove:phone": "1"})
        with system_context("a look"):
            assert RecordVersion.objects.order_by("-id").first().attributes == {"phone": None}
        text = page(world, "sales", address(world, "customers:file"))
        assert "Name own" in text
        assert "****3456" not in text

    def test_puts_each_reason_beside_its_field(self, world: World) -> None:
        tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
        body = {"city": "Toledo", "name": "Name own", "country": "ES", "true_from": tomorrow,
                "phone": "+34600123456"}  # fmt: skip
        body |= shown(world.client("sales"), address(world, "customers:edit"))
        answer = world.client("sales").post(address(world, "customers:edit"), body)
        assert answer.status_code == 422
        assert 'id="e-true_from"' in answer.content.decode()
        assert 'value="Toledo"' in answer.content.decode()
        body |= {"true_from": "soon"}
        answer = world.client("sales").post(address(world, "customers:edit"), body)
        assert "This is not a date." in answer.content.decode()

    def test_takes_no_day_before_1900(self, world: World) -> None:
        client, url = world.client("sales"), address(world, "customers:edit")
        body = {"city": "Toledo"} | shown(client, url)
        refused = client.post(url, body | {"true_from": "0001-01-01"})
        assert refused.status_code == 422
        assert "lies before 1900" in refused.content.decode()
        assert client.post(url, body | {"true_from": "1900-01-01"}).status_code == 302

    def test_opens_a_file_of_the_salespersons_own(self, world: World) -> None:
        body = {"kind": "company", "name": "Bodegas Ribera", "node": world.objects["madrid"],
                "founded_on": "1998-04-02"}  # fmt: skip
        answer = world.client("sales").post("/customers/new", body)
        text = page(world, "sales", answer["Location"])
        assert "Bodegas Ribera" in text
        assert "2 Apr 1998" in text

    def test_keeps_what_was_typed_when_a_file_cannot_be_opened(self, world: World) -> None:
        body = {"kind": "company", "name": " ", "city": "Lugo", "node": world.objects["madrid"]}
        answer = world.client("sales").post("/customers/new", body)
        assert answer.status_code == 422
        assert 'value="Lugo"' in answer.content.decode()


class TestFile:
    def test_can_be_read_as_of_another_day(self, world: World) -> None:
        client, url = world.client("sales"), address(world, "customers:file")
        body = {"city": "Toledo", "name": "Name own", "country": "ES", "phone": "+34600123456"}
        edit = address(world, "customers:edit")
        client.post(edit, body | shown(client, edit))
        assert "Toledo" in client.get(url).content.decode()
        yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
        past = client.get(f"{url}?true_on={yesterday}").content.decode()
        assert "Toledo" not in past
        assert "as we know it now" in past

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("known_on=2999-01-01", "Esta fecha es futura."),
            ("true_on=yesterday", "Esto no es una fecha"),
            ("known_on=2026-02-30", "Esto no es una fecha"),
            ("true_on=yesterday&known_on=tomorrow", "Esto no es una fecha"),
        ],
    )
    def test_stands_as_of_now_beside_a_day_that_cannot_be_asked_for(
        self, world: World, query: str, said: str
    ) -> None:
        User.objects.filter(username="sales").update(language="es")
        answer = world.client("sales").get(f"{address(world, 'customers:file')}?{query}")
        text = answer.content.decode()
        assert answer.status_code == 422
        assert text.count(said) == query.count("=")
        assert text.count('aria-invalid="true"') == query.count("=")
        assert "Name own" in text
        assert "España" in text
        for typed in parse_qs(query).values():
            assert f'value="{typed[0]}"' in text
        assert 'class="note note-warning old"' not in text  # nothing claims to be of another day

    @pytest.mark.parametrize(
        "query", ["true_on=0001-01-01", "known_on=0001-01-01", "true_on=9999-12-31"]
    )
    def test_can_be_asked_for_on_the_first_and_the_last_day(self, world: World, query: str) -> None:
        user = world.company.users["sales"]
        for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
            User.objects.filter(pk=user.pk).update(time_zone=zone)
            url = address(world, "customers:file")
            assert world.client("sales").get(f"{url}?{query}").status_code == 200, zone

    def test_history_shows_every_statement(self, world: World) -> None:
        client = world.client("sales")
        body = {"city": "Toledo", "name": "Name own", "country": "ES", "phone": "+34600123456"}
        edit = address(world, "customers:edit")
        client.post(edit, body | shown(client, edit))
        text = client.get(address(world, "customers:history")).content.decode()
        assert "Toledo" in text
        assert "600123456" not in text

    def test_history_is_shown_to_its_end_page_by_page(self, world: World) -> None:
        client, cities = world.client("sales"), {f"City {n}" for n in range(60)}
        for city in sorted(cities):
            change = {"city": city, "name": "Name own", "country": "ES"}
            change |= shown(client, address(world, "customers:edit"))
            assert client.post(address(world, "customers:edit"), change).status_code == 302
        seen, url, pages = [], address(world, "customers:history"), 0
        following = url
        while following:
            page = client.get(following)
            seen += [str(one["value"]) for one in page.context["stated"]]
            more = page.context["rows"].forward
            following = f"{url}?{urlencode(more)}" if more else ""
            pages += 1
        assert pages > 1
        assert [one for one in seen if one in cities] == sorted(cities, reverse=True)
        assert client.get(f"{url}?cursor=forged").status_code == 422

    def test_shows_amounts_only_to_roles_that_see_them(self, world: World) -> None:
        url = reverse("trade:invoice", args=[world.invoices["own"].public_id])
        assert "1,234.50" in page(world, "sales", url)
        assert "1,234.50" not in page(world, "service", url)
        assert "1,234.50" not in page(world, "service", address(world, "customers:invoices"))
        assert "1,234.50" not in page(world, "service", "/invoices/")

    def test_amounts_are_no_filter_for_roles_that_do_not_see_them(self, world: World) -> None:
        assert world.client("service").get("/invoices/?least=1000").status_code == 422
        assert "N-own" in page(world, "sales", "/invoices/?least=1234.50")
        assert "N-own" not in page(world, "sales", "/invoices/?least=1234.51")

    def test_archived_and_reopened_again(self, world: World) -> None:
        client = world.client("sales")
        client.post(address(world, "customers:archive"))
        assert "Name own" not in client.get("/customers/").content.decode()
        client.post(address(world, "customers:reopen"))
        assert "Name own" in client.get("/customers/").content.decode()
