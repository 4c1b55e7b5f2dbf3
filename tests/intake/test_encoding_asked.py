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
