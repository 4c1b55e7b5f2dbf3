"""What a person sees of an error that nobody foresaw, and what the log holds of it."""

import sys

import pytest

from clientela.cli import main, unexpected
from clientela.cli.output import progress, stage
from clientela.runtime import paths


def broken() -> None:
    raise KeyError("customer\nDETAIL: Key (name)=(María López)")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIENTELA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["clientela", "analyse", "abc", "--as", "maria"])
    return tmp_path


class TestUnforeseenError:
    def test_ends_with_a_sentence_and_exit_1(self, folder, capsys):
        assert unexpected.ended(broken) == 1
        shown = capsys.readouterr().err
        assert "KeyError" in shown
        assert str(paths.log_dir() / "commands.log") in shown.replace("\n", "")
        assert "clientela --traceback" in shown
        assert "Traceback" not in shown
        assert "López" not in shown

    def test_stands_whole_in_a_log_for_this_account_alone(self, folder, capsys):
        unexpected.ended(broken)
        log = paths.log_dir() / "commands.log"
        text = log.read_text(encoding="utf-8")
        assert "Traceback" in text
        assert " analyse\n" in text
        assert "maria" not in text.splitlines()[0]

    def test_is_shown_whole_where_somebody_asks_for_it(self, folder, capsys, monkeypatch):
        monkeypatch.setattr(sys, "argv", ["clientela", "--traceback", "analyse"])
        assert unexpected.ended(broken) == 1
        assert "Traceback" in capsys.readouterr().err

    def test_is_told_also_where_the_log_cannot_be_written(self, folder, capsys, monkeypatch):
        def refuse():
            raise PermissionError("read-only")

        monkeypatch.setattr(paths, "log_dir", refuse)
        assert unexpected.ended(broken) == 1
        assert "KeyError" in capsys.readouterr().err

    def test_of_a_command_ends_the_program_with_1(self, folder, capsys, monkeypatch):
        monkeypatch.setattr(main, "named", broken_lookup)
        with pytest.raises(SystemExit) as ended:
            main.main()
        assert ended.value.code == 1
        assert "RuntimeError: lost" in capsys.readouterr().err


def broken_lookup(name: str) -> None:
    raise RuntimeError("lost")


class TestStagesWithoutATerminal:
    def test_have_a_line_each_at_their_begin_and_end(self, capsys):
        with progress(lines=True) as bars:
            for done in (0, 500, 2_000):
                bars("customers", done, 2_000)
        assert capsys.readouterr().err.splitlines() == ["customers: 2,000", "customers: done"]

    def test_are_silent_for_commands_that_answer_at_once(self, capsys):
        with progress() as bars:
            bars("loading", 1, 2)
        assert capsys.readouterr().err == ""

    def test_are_said_before_the_first_row(self, capsys):
        stage("database: making it ready")
        assert capsys.readouterr().err == "database: making it ready\n"


class TestWordThatIsNoText:
    def test_ends_the_command_as_misused(self, folder, capsys, monkeypatch):
        monkeypatch.setattr(sys, "argv", ["clientela", "import", "a.csv", "--source", "a\udcff"])
        with pytest.raises(SystemExit) as ended:
            main.main()
        assert ended.value.code == 2
        assert "no text in UTF-8: a\ufffd" in capsys.readouterr().err

    def test_may_name_a_file(self, tmp_path):
        (tmp_path / "cu\udcffst.csv").write_text("A\n1\n")
        main._demand_text(["import", str(tmp_path / "cu\udcffst.csv")])
