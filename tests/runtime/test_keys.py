"""The keys of an installation."""

import stat
from pathlib import Path

import pytest

from clientela.runtime import keys, paths
from clientela.runtime.refusals import CannotStart


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLIENTELA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("CLIENTELA_KEY_FILE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


class TestKeys:
    def test_are_32_random_bytes_each_and_stay_the_same(self) -> None:
        first = {name: keys.key(name) for name in keys.NAMES}
        keys._keys.cache_clear()
        assert {name: keys.key(name) for name in keys.NAMES} == first
        assert {len(value) for value in first.values()} == {32}
        assert len(set(first.values())) == len(keys.NAMES)

    def test_lie_outside_the_data_folder_for_the_owner_alone(self) -> None:
        keys.key("kek")
        file = paths.key_file()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not file.is_relative_to(paths.data_dir())
        plain = keys.key("kek").hex()
        held = [f.read_text() for f in paths.data_dir().rglob("*") if f.is_file()]
        assert held
        assert not any(plain in text for text in held)

    def test_give_each_role_a_password_of_its_own(self) -> None:
        roles = ("clientela_app", "clientela_owner", "clientela_reader")
        assert len({keys.password(role) for role in roles}) == 3


class TestKeyFile:
    def test_when_lost_is_told_and_never_drawn_anew(self) -> None:
        keys.key("kek")
        paths.key_file().unlink()
        keys._keys.cache_clear()
        assert refused() == ("key_file_lost",)
        assert not paths.key_file().exists()

    def test_of_another_installation_is_told(self) -> None:
        keys.key("kek")
        text = paths.key_file().read_text()
        paths.key_file().write_text(text.replace(keys.key("kek").hex(), "00" * 32))
        keys._keys.cache_clear()
        assert refused() == ("key_file_of_another_installation",)

    def test_that_others_may_read_is_refused(self) -> None:
        keys.key("kek")
        paths.key_file().chmod(0o640)
        keys._keys.cache_clear()
        assert refused() == ("key_file_open",)

    @pytest.mark.parametrize(
        "content", ["", "[]", "{}", '{"keys": {"kek": "zz"}}', '{"keys": {"kek": "00"}}']
    )
    def test_that_is_damaged_is_told(self, content: str) -> None:
        keys.key("kek")
        paths.key_file().write_text(content)
        keys._keys.cache_clear()
        assert refused() == ("key_file_unreadable",)

    def test_with_a_short_key_is_told(self) -> None:
        keys.key("kek")
        text = paths.key_file().read_text()
        paths.key_file().write_text(text.replace(keys.key("audit").hex(), "00"))
        keys._keys.cache_clear()
        assert refused() == ("key_file_unreadable",)


class TestInstallation:
    def test_keeps_its_id(self) -> None:
        first = paths.installation_id()
        assert len(first) == 32
        assert paths.installation_id() == first

    def test_has_its_socket_where_the_path_is_short_enough(self) -> None:
        assert len(str(paths.socket_dir() / ".s.PGSQL.5432")) < 103


def refused() -> tuple[str, ...]:
    with pytest.raises(CannotStart) as caught:
        keys.key("kek")
    assert str(paths.key_file()) in str(caught.value)
    return caught.value.codes
