"""How the cells of a workbook show their numbers: in per cent, or with the sign of a currency.

A cell that holds 0.21 and shows 21% is 21% to whoever filled the sheet, and so it is read.
"""

import re

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*>")
_CELLS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_ONE = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_ID = re.compile(rb'\bnumFmtId="(\d{1,6})"')
_CODE = re.compile(rb'\bformatCode="([^"]*)"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_IN_PERCENT = frozenset((9, 10))  # formats that every workbook has (ECMA-376, 18.8.30)
_MONEY = re.compile(r"\[\$([^\]-]{1,8})[^\]]*\]|\"([€$£¥₩₹])\"|([€$£¥₩₹])")


def styles_in_percent(styles: bytes) -> frozenset[int]:
    """Return the styles of cells, by their place in `xl/styles.xml`, that show a per cent."""
    shown = {n: code for n, code in _codes(styles).items() if "%" in _LITERAL.sub("", code)}
    wanted = _IN_PERCENT | shown.keys()
    return frozenset(place for place, n in enumerate(_of_styles(styles)) if n in wanted)


def money_of_styles(styles: bytes) -> dict[int, str]:
    """Return the sign of the currency that each style of cells shows, of those that show one."""
    signs = {}
    for n, code in _codes(styles).items():
        if found := _MONEY.search(code):
            signs[n] = next(sign for sign in found.groups() if sign)
    return {place: signs[n] for place, n in enumerate(_of_styles(styles)) if n in signs}


def style_of(marks: bytes) -> int:
    """Return the style that the tag of a cell names."""
    found = _STYLE.search(marks)
    return int(found[1]) if found else 0


def _codes(styles: bytes) -> dict[int, str]:
    found = {}
    for tag in _FORMAT.findall(styles):
        number, code = _ID.search(tag), _CODE.search(tag)
        if number and code:
            text = code[1].decode("utf-8", "replace")
            found[int(number[1])] = text.replace("&quot;", '"').replace("&amp;", "&")
    return found


def _of_styles(styles: bytes) -> list[int]:
    """Return the format of each style."""
    cells = _CELLS.search(styles)
    tags = _ONE.findall(cells[0]) if cells else []
    return [int(found[1]) if (found := _ID.search(tag)) else 0 for tag in tags]
