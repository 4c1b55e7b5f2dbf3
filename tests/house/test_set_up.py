"""The script behind the commands."""

import re
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the script takes for its checkout."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "input").write_text("1")
    return tmp_path


def do(checkout: Path, *, present: bool = True, status: int = 0) -> int:
    """Take a step that leaves a line in a file; return how often it was taken so far."""
    log = checkout / "log"
    code = f"open({str(log)!r}, 'a').write('x'); raise SystemExit({status})"
    dev.step("try", [checkout / "input"], present, [sys.executable, "-c", code])
    return len(log.read_text())


class TestStep:
    def test_is_taken_once_for_the_same_inputs(self, checkout: Path) -> None:
        assert do(checkout) == 1
        assert do(checkout) == 1

    def test_is_taken_again_when_an_input_changes(self, checkout: Path) -> None:
        do(checkout)
        (checkout / "input").write_text("2")
        assert do(checkout) == 2

    def test_is_taken_again_when_its_result_is_gone(self, checkout: Path) -> None:
        do(checkout)
        assert do(checkout, present=False) == 2

    def test_that_failed_ends_the_command_and_is_taken_again(self, checkout: Path) -> None:
        with pytest.raises(SystemExit) as ended:
            do(checkout, status=3)
        assert ended.value.code == 3
        assert do(checkout) == 2


class TestMissingThings:
    def test_venv_is_named_with_what_to_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        with pytest.raises(SystemExit, match=r"ensurepip is missing\.\n.*apt install python3-venv"):
            dev.have_venv(may_install=False)

    def test_a_browser_is_named_with_what_to_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLIENTELA_BROWSER", "/nonexistent/chromium")
        monkeypatch.setattr(dev, "apt", lambda *packages: False)
        with pytest.raises(SystemExit, match="apt install chromium"):
            dev.have_browser()

    def test_python_is_named_when_too_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.version_info", (3, 9, 0))
        monkeypatch.setattr("shutil.which", lambda name: None)
        with pytest.raises(SystemExit, match=r"Python 3\.11 or later is needed"):
            dev.have_python()


class TestCommands:
    def test_are_the_same_in_the_makefile(self) -> None:
        targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert targets is not None
        assert set(targets.group(1).split()) == set(dev.COMMANDS)

    def test_of_continuous_integration_is_the_readmes(self) -> None:
        assert "    make test\n" in (ROOT / "README.md").read_text()
        assert "dev.py test" in (ROOT / ".ci" / "run").read_text()

    def test_that_are_unknown_end_with_the_status_of_misuse(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert dev.main(["nonsense"]) == 2
        said = capsys.readouterr().out
        assert [name for name in dev.COMMANDS if f"\n  {name} " not in said] == []
