"""Which encoding a text is in: a mark at its start, else what its bytes can be.

Decided without asking: a byte order mark; UTF-8 that could hardly be anything else; GB18030 where
most characters are everyday ones (GB 2312 level 1 takes lead bytes B0-D7, in order of pinyin);
Windows-1252 where the odd bytes stand alone among ASCII letters, as accents and signs do.
Lines that are no UTF-8 in a file that is: they are set aside one by one.
Asked, with some lines as they read under each choice, the most likely one first: everything else,
and anything on too little evidence. UTF-8 is among the choices wherever nearly all that is not
ASCII is UTF-8, with how much is not.
"""

import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from clientela.intake.reading import limits
from clientela.intake.reading.evidence import Evidence
from clientela.intake.reading.faults import refuse
from clientela.intake.reading.likely import ranked
from clientela.intake.results import Choice, Question

# What an answer may name; utf-16 without a mark included.
ENCODINGS = (
    "utf-8", "gb18030", "big5hkscs", "cp932", "cp949", "cp1252", "cp1250", "cp1251", "utf-16-le",
    "utf-16-be",
)  # fmt: skip
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ESCAPED = re.compile(rb"\x1b\$[@AB)(]")  # ISO-2022-JP, -KR, -CN
_HZ = re.compile(rb"~\{(?:[!-w][!-~])+~\}")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LATIN_IN_UTF8 = re.compile(r"[A-Za-z\s][\u00a1-\u017f\u2010-\u203a\u20ac]")
_WESTERN = re.compile(
    rb"[\x80\x85\x91-\x97\x99\xa1\xa3\xa9-\xab\xae\xb0\xb2-\xb4\xb7\xba\xbb\xbf-\xff]"
)
# A word with letters outside ASCII, with the sign after it that a pair of bytes could end in.
_ODD_WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*[@\[-`{-~]?")
# Money before its amount, a degree or power behind a number, a trade mark behind its word, a
# space that keeps the digits of a number together.
_SIGN_IN_PLACE = re.compile(
    r"(?:(?<![^\s,;|\t\"'(+-])[£¥¤¢] ?\d|(?<=\d)[°²³½¼¾](?![^\W\d_])|(?<=[a-z])[®²³©]|"
    r"(?<=\d)\u00a0(?=\d)|(?<=[£¥$\w])\u00a0(?=\d))"
)
_FEW_ALIKE = 4
_ENOUGH_CHARACTERS = 12
_COMMON_SHARE = 0.75
_SYLLABLES = 0.85
_FEW_BROKEN = 3  # lines of sound UTF-8 for each broken one: those are damaged, not the file
_LINES_A_STRAY = 20
_LINES_SHOWN, _LINE = 3, 200  # lines under each choice, bytes of one
_SOUND = 0.75  # share of the bytes beyond ASCII: of other encodings a third is UTF-8 by chance


@dataclass(frozen=True, kw_only=True)
class Decided:
    """An encoding, how sure (0 to 1), and why as a code."""

    encoding: str
    confidence: float
    why: str


def marked(head: bytes) -> str | None:
    """Return the encoding that a byte order mark names, or None."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def unmarked_wide(found: Evidence) -> bool:
    """True when NUL stands in every other place: UTF-16 without a mark."""
    half = max(1, len(found.head) // 2)
    low, high = sorted((found.nul_even, found.nul_odd))
    return high > half * 0.3 and low < high * 0.2


def decide(found: Evidence, known: AbstractSet[str] = frozenset()) -> Decided | Question:
    """Return the encoding of an unmarked text or the question about it.

    `known` are the names that columns may have, folded: under which encoding they appear tells
    which is the most likely one. Raises FileRefused for encodings that switch by escape sequences.
    """
    if _ESCAPED.search(found.head):
        raise refuse("encoding_not_supported", encoding="iso-2022")
    if found.ascii_only:
        if _HZ.search(found.head):
            raise refuse("encoding_not_supported", encoding="hz")
        return Decided(encoding="utf-8", confidence=1.0, why="ascii_only")
    strong, weak = _utf8_lines(found)
    if strong and strong >= found.invalid_utf8:
        return Decided(encoding="utf-8", confidence=0.99, why="valid_utf_8")
    if not strong and weak and not found.invalid_utf8:
        return Decided(encoding="utf-8", confidence=0.9, why="valid_utf_8")
    if not found.invalid_utf8 and _reads_well(found):
        return Decided(encoding="utf-8", confidence=0.9, why="valid_utf_8")
    # Letters that read as Latin ones in UTF-8 hardly ever do so by chance.
    if (strong + weak) and strong + weak >= _FEW_BROKEN * found.invalid_utf8:
        return Decided(encoding="utf-8", confidence=0.9, why="valid_utf_8")
    # A short line of another encoding may be valid UTF-8 by chance: one in ten says nothing.
    if (strong + weak) * 10 > len(found.odd_lines):
        return _question(found, ("utf-8", "gb18030", "cp1252"), known)
    legacy = _legacy(found, known)
    if isinstance(legacy, Question) and _are_stray(found):
        return Decided(encoding="utf-8", confidence=0.8, why="stray_bytes")
    unsure = isinstance(legacy, Question) and not found.invalid_utf8
    if unsure or (found.invalid_utf8 and damage_of(found.odd_lines).sound >= _SOUND):
        names = [c.value for c in legacy.choices] if isinstance(legacy, Question) else _SHARES
        return _question(found, ("utf-8", *names), known)
    return legacy


@dataclass(frozen=True, kw_only=True)
class Damage:
    """What of lines is no UTF-8: bytes, of so many beyond ASCII, on so many lines."""

    broken: int
    odd: int
    lines: int

    @property
    def sound(self) -> float:
        """The share of the bytes beyond ASCII that are UTF-8."""
        return 1 - self.broken / self.odd if self.odd else 1.0


def damage_of(lines: Iterable[bytes]) -> Damage:
    """Return what of lines is no UTF-8. A character that lost a byte counts with what is left."""
    broken = odd = damaged = 0
    for line in lines:
        odd += sum(map(len, _HIGH_RUN.findall(line)))
        lost = sum("\udc80" <= c <= "\udcff" for c in line.decode("utf-8", "surrogateescape"))
        broken, damaged = broken + lost, damaged + bool(lost)
    return Damage(broken=broken, odd=odd, lines=damaged)


def _reads_well(found: Evidence) -> bool:
    """Tell whether a text that is UTF-8 throughout is so by more than chance: it has several
    different characters of it, or signs where signs stand. `£5` in UTF-8 is 拢5 in GB18030 and Â£5
    in Windows-1252; a text of one of these has other bytes too, but for a word or two."""
    text = "\n".join(line.decode("utf-8", "replace") for line in found.odd_lines)
    odd = [c for c in text if c > "\x7f"]
    return len(set(odd)) >= _FEW_ALIKE or len(_SIGN_IN_PLACE.findall(text)) * 2 > len(odd)


def _are_stray(found: Evidence) -> bool:
    """Tell whether what is not ASCII is a byte or two here and there in a long file: no text in
    another encoding, but lines that were damaged."""
    runs = [_HIGH_RUN.findall(line) for line in found.odd_lines]
    alone = all(len(line) == 1 and len(line[0]) <= 2 for line in runs)
    return alone and len(runs) * _LINES_A_STRAY <= found.line_ends


def _utf8_lines(found: Evidence) -> tuple[int, int]:
    """Return how many odd lines are surely UTF-8, and how many are only Latin letters of it."""
    strong = weak = 0
    for line in found.odd_lines:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        odd = [c for c in text if c > "\x7f"]
        wide = sum(c > "\u07ff" for c in odd)
        if wide >= 1 or len(odd) >= 4:
            strong += 1
        elif _LATIN_IN_UTF8.search(text):
            weak += 1
    return strong, weak


def _legacy(found: Evidence, known: AbstractSet[str]) -> Decided | Question:
    sample = found.odd_lines[:2000]
    high = sum(len(run) for line in sample for run in _HIGH_RUN.findall(line))
    shares = {name: share(sample) for name, share in _SHARES.items()}
    likely = sorted((n for n, s in shares.items() if s >= _COMMON_SHARE), key=lambda n: -shares[n])
    if likely == ["cp1252"]:
        return Decided(encoding="cp1252", confidence=shares["cp1252"], why="single_accents")
    if likely[:1] == ["gb18030"] and high // 2 >= _ENOUGH_CHARACTERS and "cp949" not in likely:
        return Decided(encoding="gb18030", confidence=shares["gb18030"], why="everyday_characters")
    rest = [name for name in sorted(shares, key=lambda n: -shares[n]) if name not in likely]
    return _question(found, (*likely, *rest, "cp1251", "cp1250"), known)


def _question(found: Evidence, names: tuple[str, ...], known: AbstractSet[str]) -> Question:
    header = found.head.replace(b"\r", b"\n").partition(b"\n")[0][:_LINE]
    damage = damage_of(found.odd_lines) if found.invalid_utf8 and "utf-8" in names else None
    names = tuple(
        ranked(
            names, header=header, lines=found.odd_lines[:200], known=known, shares=_SHARES,
            sound=damage.sound if damage else None,
        )
    )  # fmt: skip
    lines = _telling(header, found.odd_lines[:200])
    if damage and (broken := next(filter(_is_broken, found.odd_lines))) not in lines:
        lines[_LINES_SHOWN - 1 :] = [broken]
    choices = tuple(Choice(value=name, preview=preview(lines, name)) for name in names)
    params = {"likely": names[0]}
    if damage:  # of the lines that were looked at; "+" where there may be more
        more = "+" if len(found.odd_lines) >= limits.ODD_LINES else ""
        params |= {"bytes": f"{damage.broken}{more}", "lines": f"{damage.lines}{more}"}
    return Question(id="encoding", code="encoding_unclear", choices=choices, params=params)


def _is_broken(line: bytes) -> bool:
    return damage_of([line]).broken > 0


def _telling(header: bytes, odd: list[bytes]) -> list[bytes]:
    """Return the lines that tell most to the eye: that of the names, and those of most odd bytes."""
    some = [] if header.isascii() else [header]
    rest = sorted(
        dict.fromkeys(line for line in odd if line[:_LINE] != header),
        key=lambda line: -sum(byte > 0x7F for byte in line[:_LINE]),
    )
    return [*some, *rest][:_LINES_SHOWN]


def preview(lines: Iterable[bytes], encoding: str) -> str:
    """Return how lines read under an encoding, up to 60 characters of each."""
    return "\n".join(line[:_LINE].decode(encoding, "replace")[:60] for line in lines)


def wide_question(found: Evidence) -> Question:
    """Return the question which of the two UTF-16 an unmarked text is in."""
    first = "utf-16-le" if found.nul_odd > found.nul_even else "utf-16-be"
    names = (first, *(n for n in ("utf-16-le", "utf-16-be") if n != first))
    text = {name: found.head[:1200].decode(name, "replace").splitlines() for name in names}
    shown = {name: "\n".join(line[:60] for line in text[name][:_LINES_SHOWN]) for name in names}
    choices = tuple(Choice(value=name, preview=shown[name]) for name in names)
    params = {"likely": first}
    return Question(id="encoding", code="encoding_utf_16_unmarked", choices=choices, params=params)


def _decodable(sample: list[bytes], encoding: str) -> float:
    good = 0
    for line in sample:
        try:
            line.decode(encoding)
            good += 1
        except UnicodeDecodeError:
            continue
    return good / len(sample)


def _pairs(sample: list[bytes]) -> list[bytes]:
    return [pair for line in sample for pair in _PAIR.findall(line)]


def _gb18030(sample: list[bytes]) -> float:
    """Share of everyday characters and signs."""
    pairs = _pairs(sample)
    hanzi = sum(0xB0 <= p[0] <= 0xD7 and p[1] >= 0xA1 for p in pairs)
    signs = sum(0xA1 <= p[0] <= 0xA3 and p[1] >= 0xA1 for p in pairs)
    share = (hanzi + signs) / max(1, len(pairs))
    return share * _decodable(sample, "gb18030") if hanzi else 0.0


def _korean(sample: list[bytes]) -> float:
    """Share of syllables. They have the lead bytes of the first half of the everyday Chinese
    characters: nearly all of a Korean text lies there, of a Chinese one 0.8 at the most."""
    pairs = _pairs(sample)
    syllables = sum(0xB0 <= p[0] <= 0xC8 and p[1] >= 0xA1 for p in pairs)
    share = syllables / max(1, len(pairs))
    return share * _decodable(sample, "cp949") if share >= _SYLLABLES else 0.0


def _big5(sample: list[bytes]) -> float:
    pairs = _pairs(sample)
    common = sum(0xA4 <= p[0] <= 0xC6 or p[0] == 0xA1 for p in pairs)
    low_trail = sum(p[1] <= 0x7E for p in pairs)
    if low_trail * 10 < len(pairs):
        return 0.0
    return common / max(1, len(pairs)) * _decodable(sample, "big5hkscs")


def _japanese(sample: list[bytes]) -> float:
    pairs = _pairs(sample)
    kana = sum(p[0] == 0x83 or (p[0] == 0x82 and p[1] >= 0x9F) for p in pairs)
    kanji = sum(0x88 <= p[0] <= 0x97 or p[0] == 0x81 for p in pairs)
    if not pairs or kana * 10 < len(pairs):
        return 0.0
    return (kana + kanji) / len(pairs) * _decodable(sample, "cp932")


def _western(sample: list[bytes]) -> float:
    """Share of odd bytes that stand alone and are letters or signs of western Europe."""
    runs = [run for line in sample for run in _HIGH_RUN.findall(line)]
    alone = sum(
        len(run) for run in runs if len(run) <= 2 and len(_WESTERN.findall(run)) == len(run)
    )
    single = sum(len(run) == 1 for run in runs)
    words = [word for line in sample for word in _ODD_WORD.findall(line)]
    if single * 10 < len(runs) * 8 or sum(map(_of_single_bytes, words)) * 2 < len(words):
        return 0.0
    return alone / sum(map(len, runs)) * _decodable(sample, "cp1252")


def _of_single_bytes(word: bytes) -> bool:
    """Tell whether a word is hardly of characters of two bytes, of which the second may be ASCII:
    few of its letters are accented (Ávila), or the last is (José). ÔK is 乿 in Big5."""
    return word[-1] > 0x7F or sum(byte > 0x7F for byte in word) * 3 <= len(word)


# Korean before Chinese: all of it looks Chinese too, of which hardly any looks Korean.
_SHARES: dict[str, Callable[[list[bytes]], float]] = {
    "cp949": _korean,
    "gb18030": _gb18030,
    "big5hkscs": _big5,
    "cp932": _japanese,
    "cp1252": _western,
}
