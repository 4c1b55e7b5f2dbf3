"""Where the encoding of a text cannot be told, a person chooses by eye: the likely one first.

Each text is written in a known encoding here; under the suggestion its lines have to read as they
were written, and under every other choice they read otherwise.
"""

import pytest

from clientela.intake.kinds.registry import known_names
from clientela.intake.reading.describe import describe
from tests.corpus.case import HEADER, text
from tests.corpus.files import JAPANESE, KOREAN, TAIWAN

POLISH = tuple((f"10{n}", "P", "Żółta łódź dla Łukasza", "3", "2026-03-04", "1", "A", "PL")
               for n in range(4))  # fmt: skip
RUSSIAN = tuple((f"10{n}", "P", "Чай зелёный листовой", "3", "2026-03-04", "1", "A", "RU")
                for n in range(4))  # fmt: skip
SHORT = (("1001", "P", "联通", "3", "2026-03-04", "1", "A", "CN"),)
CHINESE_HEADER = ("发票号", "产品编码", "产品名称", "数量", "开票日期", "单价", "客户编号", "国家")
ODD = (("1001", "P", "囍", "3", "2026-03-04", "1", "A", "ES"),)  # no everyday character
# Names of which every byte could be Korean as well: that they are names tells.
NAMES = ("编号", "Product Code", "Description", "Quantity", "日期", "金额", "Note", "Country")
PLAIN = (("1001", "P", "tea", "3", "2026-03-04", "1", "A", "ES"),)
TEXTS = {
    "names-that-look-korean": (NAMES, PLAIN, "gb18030"),
    "big5": (HEADER, TAIWAN, "big5hkscs"),
    "shift-jis": (HEADER, JAPANESE, "cp932"),
    "korean": (HEADER, KOREAN, "cp949"),
    "short-gbk": (HEADER, SHORT, "gb18030"),
    "names-in-gbk": (CHINESE_HEADER, ODD, "gb18030"),
    "polish": (HEADER, POLISH, "cp1250"),
    "russian": (HEADER, RUSSIAN, "cp1251"),
}


def asked(path, header, rows, encoding):
    path.write_bytes(text(rows, header=header).encode(encoding))
    found = describe(path, answers={}, known_names=known_names())
    (question,) = found.questions
    return question


@pytest.mark.parametrize("name", TEXTS)
def test_the_likely_encoding_stands_first_with_lines_to_choose_by(tmp_path, name):
    header, rows, encoding = TEXTS[name]
    question = asked(tmp_path / "file.csv", header, rows, encoding)
    assert (question.id, question.code) == ("encoding", "encoding_unclear")
    assert (question.params["likely"], question.choices[0].value) == (encoding, encoding)
    shown = {choice.value: choice.preview.split("\n") for choice in question.choices}
    written = text(rows, header=header).splitlines()
    assert all(line in {w[:60] for w in written} for line in shown[encoding])
    assert len(shown[encoding]) == min(3, len({w for w in written if not w.isascii()}))
    others = [lines for value, lines in shown.items() if value != encoding]
    assert others
    assert all(lines != shown[encoding] for lines in others)


def test_utf_16_without_a_mark_is_shown_line_by_line(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(text(TAIWAN, header=HEADER).encode("utf-16-be"))
    (question,) = describe(path, answers={}, known_names=known_names()).questions
    assert (question.params["likely"], question.choices[0].value) == ("utf-16-be", "utf-16-be")
    assert question.choices[0].preview.split("\n")[0] == ",".join(HEADER)[:60]


def test_programs_are_told_the_suggestion_and_the_lines_which_a_run_does_not_keep(tmp_path):
    question = asked(tmp_path / "file.csv", HEADER, JAPANESE, "cp932")
    told = question.as_json()
    assert told["suggested"] == "cp932"
    assert "カタカナとひらがな" in told["previews"]["cp932"]
    assert "previews" not in question.kept()
    assert "カタカナ" not in str(question.kept())


class TestUtf8ButForAFewBytes:
    """500 rows and a damaged one; what UTF-8 reads of them, no chance of another encoding would."""

    @pytest.mark.parametrize("name", ["Ávila", "Ñ1", "拢5", "Üß"])
    @pytest.mark.parametrize("broken", [b"Caf\xff", b"\xc3(", "茶叶".encode()[:-1], b"\xe9"])
    def test_offers_utf_8_first_or_takes_it(self, tmp_path, name, broken):
        found = described(tmp_path, [name.encode()] * 500, broken)
        if found.layout.encoding is None:
            (question,) = found.questions
            assert (question.choices[0].value, question.params["likely"]) == ("utf-8", "utf-8")
            told = question.as_json()["damaged"]
            assert told == {"bytes": str(lost(broken)), "lines": "1"}
            assert name in question.choices[0].preview
            assert "\ufffd" in question.choices[0].preview
        else:
            assert found.layout.encoding == "utf-8"
            assert found.notes[-1].code == "lines_not_in_encoding"

    def test_offers_it_where_every_name_was_cut_within_a_character(self, tmp_path):
        names = [f"{'上海春和超市饮料'[: n % 5 + 3]}茶".encode()[:-1] for n in range(200)]
        (question,) = described(tmp_path, names, b"tea").questions
        assert question.choices[0].value == "utf-8"
        assert question.params["lines"] == "200"

    def test_offers_it_where_the_names_of_columns_are_what_is_damaged(self, tmp_path):
        found = described(tmp_path, ["Ávila".encode()] * 500, b"tea", head=b"Name\xff")
        (question,) = found.questions
        assert "utf-8" in [choice.value for choice in question.choices]

    @pytest.mark.parametrize(
        "encoding", ["gb18030", "big5hkscs", "cp949", "cp932", "cp1252", "cp1251"]
    )
    def test_takes_no_text_of_another_encoding_for_it(self, tmp_path, encoding):
        words = {"gb18030": "上海通达茶叶", "big5hkscs": "台北烏龍茶", "cp949": "녹차 선물", "cp932": "お茶とカップ",
                 "cp1252": "Ávila José", "cp1251": "Чай зелёный"}  # fmt: skip
        found = described(tmp_path, [words[encoding].encode(encoding)] * 500, b"\xff")
        values = [choice.value for question in found.questions for choice in question.choices]
        assert found.layout.encoding != "utf-8"
        assert "utf-8" not in values


def described(folder, names, broken, head=b"Name"):
    path = folder / "file.csv"
    rows = [b"Customer ID," + head + b",Customer Type,Country"]
    rows += [b"K%d,%b,company,ES" % (n, name) for n, name in enumerate(names)]
    rows.insert(len(rows) // 2, b"X1," + broken + b",company,ES")
    path.write_bytes(b"\n".join(rows) + b"\n")
    return describe(path, answers={}, known_names=known_names())


def lost(text):
    """Return how many bytes of a text no decoder of UTF-8 takes."""
    return sum(0xDC80 <= ord(c) <= 0xDCFF for c in text.decode("utf-8", "surrogateescape"))
