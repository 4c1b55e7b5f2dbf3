"""Every code that the product uses has words, and every text is there in each language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from clientela.analysis.registry import ANALYSES
from clientela.api import dealings
from clientela.kernel.reasons import Reason
from clientela.records.attributes import ATTRIBUTES
from clientela.security.roles import ACTS, Reach, Role
from clientela.security.services.reading import CLASSES
from clientela.web import import_reasons, words
from clientela.web.analyses.words import NAMES
from clientela.web.customers.file import GROUPS
from clientela.web.imports.listing import title_of
from clientela.web.industries import industry, industry_code
from clientela.web.reading_words import place
from clientela.web.reasons import SENTENCES, sentence, told
from tests.web.policy_table import CUSTOMER_ROUTES, INVOICE_ROUTES
from tools import catalogue

SOURCE = catalogue.SOURCE


def calls(name: str, keyword: str) -> Iterator[tuple[str, Path]]:
    """Yield the text that is given as `keyword` to each call of `name` in the sources."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for given in node.keywords:
                if called == name and given.arg == keyword:
                    value = given.value
                    either = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                    for one in either:
                        if isinstance(one, ast.Constant) and isinstance(one.value, str):
                            yield one.value, path


class TestReasons:
    def test_have_a_sentence_for_every_code_in_the_sources(self) -> None:
        found = {
            code for code, path in calls("Reason", "code") if "intake/grammar" not in str(path)
        }
        assert len(found) > 40
        assert sorted(found - SENTENCES.keys()) == []

    def test_speak_of_acts_and_roles_in_words(self) -> None:
        with translation.override("en"):
            said = sentence(Reason(code="act_not_permitted", params={"act": "grant.approve"}))
            assert said == "Your roles do not allow this: approve roles."
            for name in ANALYSES:
                reason = Reason(code="act_not_permitted", params={"act": f"analysis.{name}"})
                assert sentence(reason) == f"Your roles do not allow this: {NAMES[name]}."
            params = {"role": "auditor", "other": "sales"}
            assert "Auditor and Sales" in sentence(Reason(code="roles_conflict", params=params))

    def test_of_another_release_stand_for_themselves(self) -> None:
        assert told("no_longer_used", {}) == "no_longer_used"
        assert told("filter_unknown", {}) == "filter_unknown"

    def test_of_an_unknown_code_are_an_error(self) -> None:
        with pytest.raises(KeyError):
            sentence(Reason(code="never_written"))


class TestWords:
    def test_name_every_act_role_and_reach(self) -> None:
        assert words.ACTS.keys() >= ACTS.keys()
        assert words.ROLES.keys() == {role.value for role in Role}
        assert words.REACHES.keys() == {reach.value for reach in Reach}

    def test_name_every_event(self) -> None:
        recorded = {act for act, _ in calls("record_event", "act")}
        assert len(recorded) > 20
        assert sorted(recorded - words.EVENTS.keys()) == []

    def test_name_every_object_of_an_event(self) -> None:
        written = re.compile(r'subject ?= ?\("([\w.]+)",')
        sources = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
        objects = {name for source in sources for name in written.findall(source)} | CLASSES.keys()
        assert {"worklist.WorkItem", "security.Grant", "reading"} <= objects
        assert sorted(objects - words.OBJECTS.keys()) == []

    def test_name_every_page_that_shows_customers(self) -> None:
        pages = {name for name, ways in (CUSTOMER_ROUTES | INVOICE_ROUTES).items() if "GET" in ways}
        operations = {f"api:{name}" for name in dir(dealings) if name.startswith("list_")}
        shown = {*pages, *operations, "api:list_customers", "api:get_customer", "home"}
        assert len(operations) > 4
        assert sorted(name for name in shown if place(name) == name) == []

    def test_put_every_attribute_in_one_group_of_the_file(self) -> None:
        grouped = [name for _, names in GROUPS for name in names.split()]
        assert sorted(grouped) == sorted(ATTRIBUTES)


class TestCatalogue:
    @pytest.mark.parametrize("language", catalogue.LANGUAGES)
    def test_translates_every_text(self, language: str) -> None:
        assert [m.id for m in catalogue.missing(catalogue.updated(language))] == []

    @pytest.mark.parametrize("language", catalogue.LANGUAGES)
    def test_keeps_the_parameters_of_every_text(self, language: str) -> None:
        kept = [m for m in catalogue.catalogue(language) if "%(" in str(m.id)]
        assert len(kept) > 30

        def names(text: object) -> set[str]:
            return set(re.findall(r"%\((\w+)\)s", str(text)))

        assert [m.id for m in kept if names(m.id) != names(m.string)] == []

    def test_finds_texts_of_code_and_of_templates(self) -> None:
        found = catalogue.texts()
        assert "Nothing waits for you" in found
        assert "Your session was over. Sign in again." in found
        plural = (
            "%(n)s proposal waits for your approval.",
            "%(n)s proposals wait for your approval.",
        )
        assert plural in found


class TestTerms:
    """One word for one thing: the glossary says which, and what it is not called."""

    OTHERS = {
        "zh_Hans": ["第二因素", "第二重", "两步验证", "账户", "帐户", "帐号", "红字发票", "调整后"],
        "es": ["fichero", "ficheros", "función", "funciones", "origen", "orígenes"],
    }

    @pytest.mark.parametrize("language", catalogue.LANGUAGES)
    def test_are_the_glossarys_and_no_others(self, language: str) -> None:
        others = self.OTHERS[language]
        edge = r"\b" if language == "es" else ""
        pattern = re.compile(f"{edge}(?:{'|'.join(others)}){edge}", re.IGNORECASE)
        said = [str(m.string) for m in catalogue.catalogue(language) if m.id]
        assert len(said) > 800
        assert [text for text in said if pattern.search(text)] == []

    def test_stand_in_the_glossary(self) -> None:
        text = (catalogue.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
        for term in ("| 双重验证 | segundo factor |", "| 账号 | cuenta |", "| 角色 | rol |"):
            assert term in text


class TestShared:
    def test_sentences_of_many_rows_name_nothing_of_one(self) -> None:
        open_ = {code for code, text in import_reasons.ROWS.items() if "%(" in str(text)}
        assert len(open_) > 8
        assert sorted(open_ - import_reasons.SHARED.keys()) == []
        for code in import_reasons.SHARED:
            said = title_of(code)
            assert "%(" not in said
            assert "…" not in said
            assert said != code
        assert told("required", {}) == "A cell is empty that every row needs."


class TestIndustries:
    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "Restaurants and catering"),
            ("zh-hans", "餐饮"),
            ("es", "Restaurantes y catering"),
        ],
    )
    def test_are_words_and_found_by_them(self, language: str, said: str) -> None:
        with translation.override(language):
            assert industry("I56") == said
            assert industry_code(said.upper()) == "I56"
            assert industry("C24").endswith("(C24)")
            assert industry_code(industry("C24")) == "C24"

    def test_of_a_sources_own_stand_as_given(self) -> None:
        for given in ("Hostelería y turismo", "餐饮业", "X99", "I5", ""):
            assert industry(given) == given
        assert industry_code("Bakery") == "Bakery"
