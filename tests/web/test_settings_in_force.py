"""The settings in force: each with its value and its origin, and no secret among them."""

import json

import pytest
from typer.testing import CliRunner

from clientela.cli.company_settings import app
from clientela.runtime import in_force as module
from clientela.runtime.in_force import in_force
from clientela.runtime.variables import VARIABLES
from clientela.web.admin.setting_words import SETTINGS
from tests.web.world import World

OWN = "postgresql://root:hidden-word@db.example:6543/shop?sslkey=also-hidden"


class TestInForce:
    def test_names_every_variable_that_is_read(self) -> None:
        assert [one.name for one in in_force()] == [one.name for one in VARIABLES]
        assert SETTINGS.keys() == {one.name for one in VARIABLES}

    def test_tells_where_each_comes_from(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLIENTELA_QUERY_MEMORY", "2GB")
        monkeypatch.delenv("CLIENTELA_PUBLIC_URL", raising=False)
        monkeypatch.delenv("CLIENTELA_WAREHOUSE", raising=False)
        found = {one.name: (one.value, one.origin) for one in in_force()}
        assert found["CLIENTELA_QUERY_MEMORY"] == ("2GB", "environment")
        assert found["CLIENTELA_WAREHOUSE"] == ("", "default")
        monkeypatch.setattr(module.address, "_kept", lambda: "http://shop.example")
        found = {one.name: (one.value, one.origin) for one in in_force()}
        assert found["CLIENTELA_PUBLIC_URL"] == ("http://shop.example", "file")

    def test_tells_of_a_server_where_it_is_and_no_sign_in(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", OWN)
        monkeypatch.delenv("CLIENTELA_DATABASE", raising=False)
        values = {one.name: one.value for one in in_force()}
        assert values["DATABASE_URL"] == "db.example:6543/shop"
        assert "hidden" not in json.dumps(values)


class TestCommand:
    def test_prints_them_and_no_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", OWN)
        told = json.loads(CliRunner().invoke(app, ["--format", "json"]).stdout)["settings"]
        assert [one["name"] for one in told] == [one.name for one in VARIABLES]
        shown = CliRunner().invoke(app, [])
        assert "CLIENTELA_DATA_DIR" in shown.stdout
        assert "hidden" not in shown.stdout + json.dumps(told)


class TestPage:
    def test_shows_those_of_the_server_read_only(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLIENTELA_HOSTS", "shop.example")
        text = world.client("administrator").get("/admin/settings").content.decode()
        for one in VARIABLES:
            assert f"<code>{one.name}</code>" in text
        assert "shop.example" in text
        assert "ABC classes" in text
        server = text.partition("Of this server")[2].partition("</main>")[0]
        assert "<input" not in server
        assert "<form" not in server
