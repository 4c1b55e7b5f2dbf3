"""A host that is none of ours: a plain refusal, and no address made from it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.web.world import World

FOREIGN = "evil.example"
PATHS = (
    "/",
    "/account/sign-in",
    "/customers/",
    "/healthz",
    f"/account/password/set/{'1' * 32}-a/",
    "/nothing",
)


class TestForeignHost:
    @pytest.mark.parametrize("who", [None, "sales"])
    @pytest.mark.parametrize("path", PATHS)
    def test_is_answered_with_a_plain_refusal(
        self, world: World, who: str | None, path: str
    ) -> None:
        answer = world.client(who).get(path, headers={"host": FOREIGN})
        assert answer.status_code == 400
        text = answer.content.decode()
        assert "That request could not be read" in text
        assert FOREIGN not in text + str(answer.headers)
        assert "Traceback" not in text

    @pytest.mark.parametrize(
        ("language", "said"), [("es", "No se pudo leer la petición"), ("zh-hans", "无法读取该请求")]
    )
    def test_is_refused_in_the_readers_language(self, language: str, said: str) -> None:
        answer = Client().get("/", headers={"host": FOREIGN, "accept-language": language})
        assert answer.status_code == 400
        assert said in answer.content.decode()

    def test_is_in_no_link_to_set_a_password(self, world: World) -> None:
        url = reverse("admin:user_link", args=[world.company.users["colleague"].public_id])
        client = world.client("administrator")
        assert client.post(url, headers={"host": FOREIGN}).status_code == 400
        text = client.post(url, headers={"host": "localhost:9"}).content.decode()
        assert f"{settings.PUBLIC_URL}/account/password/set/" in text
        assert "localhost:9" not in text


class TestNul:
    """A NUL that is typed into an address is refused, not looked for."""

    @pytest.mark.parametrize(
        "path", ["/customers/%00/", "/customers/?name=%00", "/invoices/?least=%00&x", "/%00"]
    )
    def test_is_refused_on_pages(self, world: World, path: str) -> None:
        answer = world.client("sales").get(path)
        assert answer.status_code == 400

    @pytest.mark.parametrize("path", ["customers/%00", "analyses/abc?source=%00", "imports/%00"])
    def test_is_refused_by_the_api(self, world: World, path: str) -> None:
        answer = world.client("data_steward").get(f"/api/v1/{path}")
        assert answer.status_code == 400
        assert answer.json()["reasons"][0]["code"] == "request_not_understood"
