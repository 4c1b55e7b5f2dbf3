"""A text whose only characters beyond ASCII are a few signs: UTF-8 where it reads as such."""

import pytest

from clientela.intake.reading.encodings import Decided, decide
from clientela.intake.reading.evidence import gather
from clientela.intake.results import Question
from tests.intake.importing import import_file

HEAD = "Invoice No,Price,Place\n"


def found(text, encoding):
    return decide(gather(iter([(HEAD + text).encode(encoding)])))


class TestTextOfAFewSigns:
    @pytest.mark.parametrize(
        "text",
        ["1,£5.00,London\n2,£6,x\n", "1,¥500,Tokyo\n", '1,"£1,200.50",x\n', "1,-£5,x\n",
         "1,5,45°\n2,3,3m²\n", "1,5,Acme®\n", "1,1\u00a0200,x\n", "1,5.00 £,x\n", "1,5,™\n"],
    )  # fmt: skip
    def test_is_utf_8_without_asking(self, text):
        decided = found(text, "utf-8")
        assert isinstance(decided, Decided)
        assert decided.encoding == "utf-8"

    @pytest.mark.parametrize("text", ["1,£5.00,x\n", "1,5,45°\n", "1,5,Acme®\n"])
    def test_is_what_it_is_in_windows_1252(self, text):
        decided = found(text, "cp1252")
        assert not isinstance(decided, Decided) or decided.encoding == "cp1252"

    @pytest.mark.parametrize("text", ["1,5,3楼\n2,5,4楼\n", "1,5,路\n", "1,½ inch,x\n"])
    def test_that_may_be_utf_8_or_not_is_asked_with_utf_8_among_the_choices(self, text):
        encoding = "utf-8" if text.startswith("1,½") else "gb18030"
        asked = found(text, encoding)
        assert isinstance(asked, Question)
        assert {"utf-8", "gb18030"} <= {choice.value for choice in asked.choices}

    @pytest.mark.parametrize("sign", ["٣", "Ω", "10 kΩ", "é", "½ inch", "·", "§ 3", "Ж", "ñ x"])
    def test_is_suggested_as_utf_8_where_it_is_asked(self, sign):
        asked = found(f"1,5,{sign}\n", "utf-8")
        assert isinstance(asked, Question)
        assert (asked.choices[0].value, asked.params["likely"]) == ("utf-8", "utf-8")
        assert sign in asked.choices[0].preview

    def test_is_suggested_as_another_where_the_names_of_columns_say_so(self):
        head = "开票日期,Price,Place\n".encode("gb18030")
        plain = "路,Price,Place\n1,5,路\n".encode("gb18030")
        asked = decide(gather(iter([plain])), frozenset({"路"}))
        assert isinstance(asked, Question)
        assert asked.choices[0].value == "gb18030"
        named = decide(gather(iter([head + b"1,5,\xc2\xb7\n"])), frozenset({"开票日期"}))
        assert not isinstance(named, Decided) or named.encoding == "gb18030"

    def test_of_two_characters_that_is_no_utf_8_is_still_asked(self):
        asked = found("1,5,联通\n", "gb18030")
        assert isinstance(asked, Question)
        assert asked.choices[0].value == "gb18030"

    @pytest.mark.parametrize("text", ["1,5,联通\n", "1,5,3楼301室\n", "1,5,老王 2楼\n"])
    def test_in_chinese_that_is_no_utf_8_is_never_taken_for_it(self, text):
        decided = found(text, "gb18030")
        assert not isinstance(decided, Decided) or decided.encoding == "gb18030"


def test_a_file_of_sales_in_pounds_comes_in_unasked(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(
        "Invoice No,Product Code,Quantity,Invoice Date,Unit Price,Currency,Customer ID\n"
        + "".join(f"{n},P-1,1,2026-03-04,£{n}.50,GBP,A-1\n" for n in range(1, 9)),
        encoding="utf-8",
    )
    result = import_file(path, kind="sales_lines")
    assert (result.asked, result.totals.accepted) == ([], 8)
    assert sum(result.columns["net_amount"]) == 40
