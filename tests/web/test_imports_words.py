"""Every code that the intake speaks in has words: reasons, questions, choices, flags, fields."""

import ast
from collections.abc import Iterator

from clientela.intake.grammar.formats import _CANDIDATES, number_rule_name
from clientela.intake.kinds.registry import KINDS
from clientela.intake.models import Run
from clientela.intake.reading.separators import NAMES
from clientela.web import import_words as words
from clientela.web.imports.listing import title_of
from clientela.web.reasons import SENTENCES
from tools.catalogue import SOURCE

# Codes that the database writes, in intake.services.units.
WRITTEN_BY_SQL = {
    "document_incomplete", "document_contradicts_itself", "number_given_twice",
    "key_given_twice", "stored_already", "document_differs", "row_given_again",
}  # fmt: skip


def trees() -> Iterator[ast.Module]:
    for path in (SOURCE / "intake").rglob("*.py"):
        yield ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def given(names: set[str], place: int, keyword: str) -> set[str]:
    """Return the texts given to calls of these names, by position or by keyword."""
    found: set[str] = set()
    for tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in names:
                continue
            values = [k.value for k in node.keywords if k.arg == keyword]
            values += node.args[place : place + 1]
            found |= {text for value in values for text in texts(value)}
    return found


class TestReasons:
    def test_of_files_and_rows_have_a_sentence(self) -> None:
        codes = given({"reason", "refuse"}, 0, "code") | WRITTEN_BY_SQL
        assert len(codes) > 70
        assert sorted(codes - SENTENCES.keys()) == []

    def test_stand_over_many_rows_without_what_differs_among_them(self) -> None:
        assert title_of("required") == "A cell is empty that every row needs."
        assert title_of("of_another_release") == "of_another_release"
        codes = given({"reason", "refuse"}, 0, "code")
        assert all("%(" not in title_of(code) for code in codes)


class TestQuestions:
    def test_are_asked_in_words(self) -> None:
        codes = given({"Question", "Undecided"}, 9, "code") | given({"_constant"}, 1, "code")
        codes |= given({"_question"}, 9, "code")
        assert len(codes) > 20
        assert sorted(codes - words.QUESTIONS.keys()) == []

    def test_offer_rules_in_words(self) -> None:
        rules = {number_rule_name(rule) for rule in _CANDIDATES}
        known = {*rules, "dmy", "mdy", "ymd", *NAMES.values()}
        assert sorted(known - words.CHOICES.keys()) == []

    def test_show_a_line_of_the_file_as_such(self) -> None:
        assert words.choice_word("header_below_title", "3") == "Line 3"
        assert words.choice_word("several_sheets", "Ventas 2026") == "Ventas 2026"


class TestFlags:
    def test_are_explained(self) -> None:
        codes = given({"Noted"}, 1, "code") | {"repeated_line", "date_in_future"}
        for path in (SOURCE / "intake" / "kinds").glob("*.py"):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and function.name.endswith("flags"):
                    dicts = [n for n in ast.walk(function) if isinstance(n, ast.Dict)]
                    codes |= {text for d in dicts for k in d.keys if k for text in texts(k)}
        assert len(codes) > 20
        assert sorted(codes - words.FLAGS.keys()) == []


class TestNames:
    def test_are_there_for_every_kind_and_field(self) -> None:
        assert sorted(KINDS.keys() - words.KINDS.keys()) == []
        fields = {field.name for kind in KINDS.values() for field in kind.fields}
        assert sorted(fields - words.FIELDS.keys()) == []

    def test_are_there_for_every_state(self) -> None:
        assert words.STATES.keys() == set(Run.State.values)
