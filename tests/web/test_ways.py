"""The choice of a language comes back to a page that can be read, in the chosen language."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from clientela.security.models import User
from clientela.web.ways import SENT, can_be_read, following
from tests.web.test_matrix import routes
from tests.web.world import World


def switch(client: Client, page: str, language: str = "es") -> object:
    """Choose a language in the menu of a page, and follow to where that leads."""
    here = html.unescape(re.search(r'name="next" value="([^"]*)"', page).group(1))
    body = {"language": language, "next": here}
    return client.post(reverse("preferences"), body, follow=True)


class TestLanguage:
    def test_of_an_answer_to_a_post_leads_back_to_the_page_before(self, world: World) -> None:
        client = world.client("administrator")
        before = reverse("admin:user", args=[world.objects["user"]])
        shown = client.post(
            reverse("admin:user_link", args=[world.objects["user"]]),
            headers={"referer": f"http://testserver{before}?a=1"},
        )
        answer = switch(client, shown.content.decode())
        assert answer.redirect_chain == [(f"{before}?a=1", 302)]
        assert answer.status_code == 200
        assert answer["Content-Language"] == "es"

    @pytest.mark.parametrize("came", ["", "https://evil.example/customers/", "<itself>"])
    def test_leads_to_the_list_of_the_section_where_the_page_before_is_not_known(
        self, world: World, came: str
    ) -> None:
        client = world.client("administrator")
        url = reverse("admin:token_issue", args=[world.objects["approved_token"]])
        headers = {"referer": came.replace("<itself>", f"http://testserver{url}")} if came else {}
        answer = switch(client, client.post(url, headers=headers).content.decode())
        assert answer.redirect_chain == [(reverse("admin:tokens"), 302)]
        assert (answer.status_code, answer["Content-Language"]) == (200, "es")

    def test_of_a_refused_post_leads_back_as_well(self, world: World) -> None:
        client = world.client("administrator")
        url = reverse("admin:token_issue", args=[world.objects["proposed_token"]])
        shown = client.post(url)
        assert shown.status_code == 409
        answer = switch(client, shown.content.decode(), "zh-hans")
        assert (answer.status_code, answer["Content-Language"]) == (200, "zh-hans")

    def test_is_not_sent_to_an_address_that_only_takes_posts(self, world: World) -> None:
        client = world.client("sales")
        body = {"language": "es", "next": reverse("customers:save_view")}
        answer = client.post(reverse("preferences"), body)
        assert answer["Location"] == reverse("customers:list")
        assert following("https://evil.example/") == "/"

    def test_is_the_browsers_until_the_user_chooses(self, world: World) -> None:
        User.objects.filter(username="sales").update(language="")
        client = world.client("sales")
        spanish = {"accept-language": "es"}
        assert client.get("/customers/", headers=spanish)["Content-Language"] == "es"
        client.post(reverse("preferences"), {"language": "zh-hans", "next": "/"})
        assert client.get("/customers/", headers=spanish)["Content-Language"] == "zh-hans"

    def test_chosen_before_sign_in_holds_after_it(self, world: World) -> None:
        user = world.company.users["marketing"]
        user.set_password("a long enough password")
        user.authenticator_set.all().delete()
        user.language = ""
        user.save()
        client = Client(headers={"accept-language": "zh-CN"})
        client.post(reverse("preferences"), {"language": "es", "next": "/account/sign-in"})
        wrong = client.post(reverse("account_login"), {"login": "marketing", "password": "no"})
        assert wrong["Content-Language"] == "es"
        assert "El nombre de usuario o la contraseña" in wrong.content.decode()
        body = {"login": "marketing", "password": "a long enough password"}
        client.post(reverse("account_login"), body)
        assert client.get("/customers/")["Content-Language"] == "es"


class TestWays:
    def test_know_every_address_that_answers_no_get(self, world: World) -> None:
        from tests.web import policy_table as table

        rules = table.CUSTOMER_ROUTES | table.REVEAL | table.INVOICE_ROUTES | table.PLAIN_ROUTES
        sent = {name for name, one in routes().items() if getattr(one.callback, SENT, False)}
        assert sent == {name for name, methods in rules.items() if "GET" not in methods}

    def test_read_no_address_that_is_not_there(self) -> None:
        assert can_be_read("/customers/?name=x")
        assert not can_be_read("/no/such/page")
        assert not can_be_read(reverse("customers:save_view"))
