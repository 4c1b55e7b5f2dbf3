"""Garbled text is taken as it came; what it may have said stands beside it, for a person."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from clientela.intake.grammar.repairs import repaired
from clientela.store.context import system_context
from clientela.trade.models import Product
from tests.intake.taking import HEAD, flag, taken

WORDS = ["客户", "北京茶叶有限公司", "Café olé", "señor", "Tés del Sur, S.L.", "Żółta łódź"]


def misread() -> Iterator[tuple[str, str]]:
    """Yield each text and what its UTF-8 says in another encoding, where that reads it whole."""
    for text in WORDS:
        for wrong in ("latin-1", "gb18030"):
            with suppress(UnicodeDecodeError):
                yield text, text.encode().decode(wrong)


class TestRepair:
    @pytest.mark.parametrize(("text", "garbled"), list(misread()))
    def test_brings_back_utf_8_that_was_read_as_something_else(self, text, garbled):
        assert repaired(garbled) == text

    @pytest.mark.parametrize("text", ["客户", "北京茶叶有限公司"])
    def test_brings_back_gbk_that_was_read_as_latin(self, text):
        assert repaired(text.encode("gbk").decode("latin-1")) == text

    @pytest.mark.parametrize(
        "text",
        ["锟斤拷", "caf\ufffd", "確??信息", "烫烫烫", "Café", "Ångström", "客户", "Crème brûlée",
         "São Paulo", "tea", "Łódź"],
    )  # fmt: skip
    def test_says_nothing_of_sound_text_and_of_what_is_lost(self, text):
        assert repaired(text) is None


class TestReport:
    @pytest.fixture
    def given(self, db, tmp_path):
        """Return a function: the flag of a file with these names of products and customers."""
        header = HEAD.replace("Currency", "Currency,Description,Customer Name")

        def give(*names: str) -> dict[str, object]:
            rows = (f'{n},P{n},1,5.00,2026-03-01,C{n},EUR,"{name}","{name}"\n'
                    for n, name in enumerate(names, start=1))  # fmt: skip
            run = taken(tmp_path, header + "".join(rows), settings=["customer_kind=company"])
            assert (run.state, run.accepted) == ("done", len(names))
            return flag(run, "mojibake_suspected")

        return give

    def test_shows_what_the_first_rows_may_have_said_and_changes_nothing(self, given):
        names = ("tea", "瀹㈡埛", "caf\ufffd", "Ã©lan")
        told = given(*names)
        assert (told["rows"], told["columns"]) == (3, {"Description": 3, "Customer Name": 3})
        assert [one for one in told["shown"] if one["column"] == "Description"] == [
            {"row": 2, "column": "Description", "value": "瀹㈡埛", "rows": 1, "suggested": "客户"},
            {"row": 3, "column": "Description", "value": "caf\ufffd", "rows": 1},
            {"row": 4, "column": "Description", "value": "Ã©lan", "rows": 1, "suggested": "élan"},
        ]
        with system_context("a test looks"):
            assert {*names} == {*Product.objects.values_list("name", flat=True)}

    def test_masks_names_of_customers(self, given):
        shown = given("瀹㈡埛")["shown"]
        assert [one for one in shown if one["column"] == "Customer Name"] == [
            {"row": 1, "column": "Customer Name", "value": "***", "rows": 1}
        ]

    def test_shows_the_first_rows_of_many(self, given):
        assert len(given(*(f"Ã©lan {n}" for n in range(25)))["shown"]) == 20
