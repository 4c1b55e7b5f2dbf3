"""The address that links begin with."""

import pytest

from clientela.runtime import address


@pytest.fixture(autouse=True)
def of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIENTELA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("CLIENTELA_PUBLIC_URL", raising=False)


class TestAddress:
    def test_is_the_setting_where_there_is_one(self, monkeypatch):
        address.keep("127.0.0.1", 9000)
        monkeypatch.setenv("CLIENTELA_PUBLIC_URL", "https://clientela.example/")
        assert address.public() == "https://clientela.example"

    def test_is_else_where_the_pages_were_served_last(self):
        assert address.public() == address.UNLESS_TOLD
        address.keep("127.0.0.1", 9000)
        assert address.public() == "http://localhost:9000"
        address.keep("fd00::7", 8000)
        assert address.public() == "http://[fd00::7]:8000"
