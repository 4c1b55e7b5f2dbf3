"""Bad files as a whole: encodings, structure, dates and numbers of whole columns."""

from collections.abc import Iterator

from tests.corpus import columns
from tests.corpus.case import HEADER, ROWS, Case, text

CHINESE_HEADER = ("发票号", "产品编码", "产品名称", "数量", "开票日期", "单价", "客户编号", "国家")
CHINESE = tuple(
    (f"10{n:02}", "P-1", "绿茶叶批发销售有限公司", "3", "2026-03-04", "12.50", "A-1", "中国")
    for n in range(8)
)
JAPANESE = tuple(
    (f"10{n}", "P", "カタカナとひらがなのお茶", "3", "2026-03-04", "1", "A", "日本")
    for n in range(8)
)
KOREAN = tuple(
    (f"10{n}", "P", "안녕하세요녹차판매회사", "3", "2026-03-04", "1", "A", "Spain")
    for n in range(8)
)
TAIWAN = tuple(
    (f"10{n}", "P", "綠茶葉批發銷售有限公司的產品", "3", "2026-03-04", "1", "A", "Spain")
    for n in range(8)
)
WESTERN = tuple(
    (f"10{n}", "P", "Té “verde” señor año – 5 €", "3", "2026-03-04", "1", "A", "España")
    for n in range(4)
)
SOUND = text(ROWS)


def cases() -> Iterator[Case]:
    """Yield the cases of whole files."""
    yield from _encodings()
    yield from _named_encodings()
    yield from _damaged_encodings()
    yield from _stray_bytes()
    yield from _eastern_encodings()
    yield from _structure()
    yield from _headers()
    yield from _separators()
    yield from _quotes()
    yield from _records()
    yield from _strays()
    yield from _lines()
    yield from _odd_lines()
    yield from _last_lines()
    yield from columns.cases()


def _encodings() -> Iterator[Case]:
    chinese = text(CHINESE, header=CHINESE_HEADER)
    yield Case(id="E01-utf-8", content=SOUND.encode(), accepted=4)
    yield Case(
        id="E02-utf-8-mark",
        content=b"\xef\xbb\xbf" + SOUND.encode(),
        accepted=4,
        noted="byte_order_mark",
    )
    yield Case(id="E17-two-marks", content=b"\xef\xbb\xbf" * 2 + SOUND.encode(), accepted=4)
    yield Case(
        id="E03-gbk",
        content=chinese.encode("gbk"),
        accepted=8,
        noted="encoding_assumed",
        values={"product_name": ["绿茶叶批发销售有限公司"]},
    )
    yield Case(
        id="E04-gb18030",
        content=chinese.replace("绿茶", "𠮷䶮茶").encode("gb18030"),
        accepted=8,
        values={"product_name": ["𠮷䶮茶叶批发销售有限公司"]},
    )


def _named_encodings() -> Iterator[Case]:
    yield Case(id="E05-big5", content=text(TAIWAN).encode("big5"), asked="encoding_unclear")
    yield Case(
        id="E05-big5-answered",
        content=text(TAIWAN).encode("big5"),
        answers={"encoding": "big5hkscs"},
        accepted=8,
        values={"product_name": [TAIWAN[0][2]]},
    )
    yield Case(
        id="E06-utf-16-le",
        content=SOUND.encode("utf-16"),
        accepted=4,
        values={"product_name": ["Tea, green", "Café", "茶叶"]},
    )
    yield Case(id="E06-utf-16-be", content=b"\xfe\xff" + SOUND.encode("utf-16-be"), accepted=4)
    yield Case(
        id="E07-utf-16-unmarked",
        content=SOUND.encode("utf-16-le"),
        asked="encoding_utf_16_unmarked",
    )
    yield Case(
        id="E07-utf-16-answered",
        content=SOUND.encode("utf-16-be"),
        answers={"encoding": "utf-16-be"},
        accepted=4,
    )
    for name, sign in (("digit", "٣"), ("greek", "Ω"), ("accent", "é")):
        content = text([(*ROWS[0][:2], f"Tea {sign}", *ROWS[0][3:])]).encode()
        yield Case(
            id=f"E01-utf-8-one-{name}-answered",
            content=content,
            answers={"encoding": "utf-8"},
            accepted=1,
            values={"product_name": [f"Tea {sign}"]},
        )
    yield Case(id="E08-utf-32", content=SOUND.encode("utf-32"), refused="not_a_table")


def _damaged_encodings() -> Iterator[Case]:
    chinese = text(CHINESE, header=CHINESE_HEADER)
    mixed = chinese.encode() + text(CHINESE[:1], header=None).encode("gbk")
    yield Case(id="E09-gbk-row-in-utf-8", content=mixed, accepted=8, set_aside={"invalid_bytes": 1})
    yield Case(
        id="E10-cut-character",
        content=chinese.encode()[:-3],
        accepted=7,
        set_aside={"invalid_bytes": 1},
    )
    broken = SOUND.encode().replace(b"Tea cup", b"Tea \xff cup")
    yield Case(id="E11-invalid-byte", content=broken, accepted=3, set_aside={"invalid_bytes": 1})
    overlong = SOUND.encode().replace(b"Tea cup", b"Tea \xc0\xaf cup")
    yield Case(id="E22-overlong", content=overlong, accepted=3, set_aside={"invalid_bytes": 1})
    yield Case(id="E13-ascii", content=text(ROWS[3:]).encode("ascii"), accepted=1)
    yield Case(
        id="E14-windows-1252",
        content=text(WESTERN).encode("cp1252"),
        accepted=4,
        noted="encoding_assumed",
        values={"product_name": [WESTERN[0][2]]},
    )
    yield Case(
        id="E14-latin-1",
        content=text(WESTERN)
        .replace("“", '""')
        .replace("”", '""')
        .replace(" – 5 €", "")
        .encode("latin-1"),
        accepted=4,
    )


def _stray_bytes() -> Iterator[Case]:
    """A few broken bytes in a file that is UTF-8 set aside their rows, and ask nothing."""
    one = {"invalid_bytes": 1}
    accented = text([(*r[:2], "Té señor", *r[3:7], "Spain") for r in ROWS]).encode()
    plain = text([(*r[:2], f"Tea {n}", *r[3:]) for n in range(30) for r in ROWS[3:]]).encode()
    for name, broken in (("yen", b"\xa5100"), ("overlong", b"\xc0\xaf"), ("byte", b"\xff")):
        found = accented + plain.split(b"\n", 1)[1].replace(b"Tea 17", b"Tea " + broken)
        noted = {"set_aside": one, "noted": "lines_not_in_encoding"}
        yield Case(id=f"E11-{name}-among-accents", content=found, accepted=33, **noted)
        if name == "byte":
            continue  # ÿ among plain lines is a letter of Windows-1252
        found = plain.replace(b"Tea 17", b"Tea " + broken)
        yield Case(id=f"E11-{name}-among-plain-lines", content=found, accepted=29, **noted)
    western = text(WESTERN[:1]).encode("cp1252") + plain.split(b"\n", 1)[1]
    yield Case(id="E14-one-western-line", content=western, accepted=31, noted="encoding_assumed")


def _eastern_encodings() -> Iterator[Case]:
    yield Case(id="E15-shift-jis", content=text(JAPANESE).encode("cp932"), asked="encoding_unclear")
    yield Case(id="E15-euc-kr", content=text(KOREAN).encode("cp949"), asked="encoding_unclear")
    yield Case(
        id="E15-euc-kr-answered",
        content=text(KOREAN).encode("cp949"),
        answers={"encoding": "cp949"},
        accepted=8,
        values={"product_name": [KOREAN[0][2]]},
    )
    early = text([(*row[:2], "宝百包钢博北边爱新有", *row[3:7], "Spain") for row in CHINESE])
    yield Case(id="E03-gbk-early-pinyin", content=early.encode("gbk"), accepted=8)
    short = text([(*ROWS[3][:2], "联通", *ROWS[3][3:])])
    yield Case(id="E16-short-gbk", content=short.encode("gbk"), asked="encoding_unclear")
    yield Case(
        id="E16-short-gbk-answered",
        content=short.encode("gbk"),
        answers={"encoding": "gb18030"},
        accepted=1,
        values={"product_name": ["联通"]},
    )
    yield Case(
        id="E19-iso-2022",
        content=text(JAPANESE).encode("iso2022_jp"),
        refused="encoding_not_supported",
    )
    hz = short.encode("hz")
    yield Case(id="E19-hz", content=hz, refused="encoding_not_supported")


def _unknown_column() -> Iterator[Case]:
    more = text([(*row, "x") for row in ROWS], header=(*HEADER, "Shoe size"))
    yield Case(id="S06-unknown-column", content=more.encode(), asked="column_unknown")
    yield Case(
        id="S06-unknown-column-left-out",
        content=more.encode(),
        answers={"column:Shoe size": "ignore"},
        accepted=4,
    )


def _structure() -> Iterator[Case]:
    head, *lines = SOUND.splitlines()
    yield Case(id="S01-empty", content=b"", refused="empty_file")
    yield Case(id="S01-only-mark", content=b"\xef\xbb\xbf", refused="empty_file")
    yield Case(id="S01-only-blank-lines", content=b"\n\n  \n", refused="empty_file")
    yield Case(id="S02-header-only", content=f"{head}\n".encode(), refused="no_rows")
    blank = f"{head}\n\n  \n{',' * head.count(',')}\n"
    yield Case(id="S02-header-and-blank-lines", content=blank.encode(), refused="no_rows")
    yield Case(id="S02-header-only-no-break", content=head.encode(), refused="no_rows")
    yield Case(id="S03-no-header", content=text(ROWS, header=None).encode(), asked="header_missing")
    yield Case(
        id="S03-no-header-answered",
        content=text(ROWS, header=None).encode(),
        answers={"header": "none"},
        asked="required_field_unmapped",
    )
    twice = head.replace("Product Code", "invoice no")
    yield Case(
        id="S04-duplicate-header",
        content="\n".join([twice, *lines]).encode(),
        refused="duplicate_header",
    )
    empty = head.replace("Description", "")
    yield Case(
        id="S05-empty-header", content="\n".join([empty, *lines]).encode(), asked="empty_header"
    )
    yield Case(
        id="S05-blank-header",
        content="\n".join([head.replace("Description", "  "), *lines]).encode(),
        asked="empty_header",
    )
    yield from _unknown_column()
    less = text([row[:3] + row[4:] for row in ROWS], header=HEADER[:3] + HEADER[4:])
    yield Case(id="S07-required-missing", content=less.encode(), asked="required_field_unmapped")
    yield Case(
        id="S08-title-above",
        content=f"Sales of March\n\n{SOUND}".encode(),
        asked="header_below_title",
    )


def _headers() -> Iterator[Case]:
    head, *lines = SOUND.splitlines()
    yield Case(
        id="S08-title-answered",
        content=f"Sales of March\n\n{SOUND}".encode(),
        answers={"header": "3"},
        accepted=4,
    )
    starred = (
        head.replace("Invoice No", " *INVOICE_NO ")
        .replace("Quantity", "数量")
        .replace("Unit Price", "Precio unitario")
    )
    yield Case(id="S10-header-forms", content="\n".join([starred, *lines]).encode(), accepted=4)
    yield Case(
        id="S12-trailing-commas",
        content="".join(f"{line},,,\n" for line in [head, *lines]).encode(),
        accepted=4,
    )
    yield Case(
        id="S13-blank-rows",
        content="\n".join([head, lines[0], "", ",,,,,,,", "  ", *lines[1:]]).encode(),
        accepted=4,
    )
    yield Case(
        id="S14-total-chinese",
        content=f"{SOUND}合计,,,16,,,,\n".encode(),
        accepted=4,
        set_aside={"totals_row": 1},
    )
    yield Case(
        id="S14-total-english",
        content=f"{SOUND},Total,,16,,,,\n".encode(),
        accepted=4,
        set_aside={"totals_row": 1},
    )


def _separators() -> Iterator[Case]:
    yield Case(
        id="S15-footnote",
        content=f"{SOUND}Prices without tax\n".encode(),
        accepted=4,
        set_aside={"too_few_cells": 1},
    )
    yield Case(
        id="S15-padded-footnote",
        content=f"{SOUND}Prices without tax,,,,,,,\n".encode(),
        accepted=4,
        set_aside={"required": 1},
    )
    for name, separator in (("semicolon", ";"), ("tab", "\t"), ("bar", "|")):
        yield Case(id=f"S16-{name}", content=text(ROWS, separator=separator).encode(), accepted=4)
        yield Case(
            id=f"S20-sep-{name}",
            content=f"sep={separator}\n{text(ROWS, separator=separator)}".encode(),
            accepted=4,
        )
    comma = text([(*r[:5], r[5].replace(".", ","), *r[6:]) for r in ROWS], separator=";")
    yield Case(id="S16-semicolon-decimal-comma", content=comma.encode(), accepted=4)
    yield from _cut_by_two()
    yield Case(
        id="C13-full-width-commas",
        content=SOUND.replace('"', "").replace("Tea, ", "").replace(",", "，").encode(),
        asked="separator_full_width",
    )
    yield Case(
        id="S40-other-separator",
        content=SOUND.replace('"', "").replace(",", "^").encode(),
        asked="single_column",
    )


def _cut_by_two() -> Iterator[Case]:
    """Every row is cut as evenly by the decimal comma as by the separator; the names are not."""
    amounts = [(f"F{n}", f"2026-03-{n:02}", str(n), f"{n},50") for n in range(1, 13)]
    head = ("Invoice No", "Invoice Date", "Quantity", "Unit Price")
    for name, separator in (("semicolon", ";"), ("tab", "\t"), ("bar", "|")):
        cut = text(amounts, header=head, separator=separator).replace('"', "")
        yield Case(id=f"S16-names-decide-{name}", content=cut.encode(), accepted=12)
    both = text(amounts, header=("Invoice No, serie", *head[1:]), separator=";").replace('"', "")
    yield Case(id="S16-names-cut-by-two", content=both.encode(), asked="separator_unclear")
    bare = text(amounts, header=None, separator=";").replace('"', "")
    yield Case(id="S16-no-names", content=bare.encode(), asked="separator_unclear")


def _quotes() -> Iterator[Case]:
    yield Case(
        id="S23-many-columns",
        content=(
            ",".join(f"c{n}" for n in range(5000)) + "\n" + ",".join("1" * 5000) + "\n"
        ).encode(),
        refused="too_many_columns",
    )
    yield Case(
        id="S39-comments", content=f"# made by hand\n{SOUND}# end\n".encode(), asked="comment_lines"
    )
    yield Case(
        id="S39-comments-skipped",
        content=f"# made by hand\n{SOUND}# end\n".encode(),
        answers={"comments": "skip"},
        accepted=4,
    )
    yield Case(
        id="P01-protected",
        content=text([(*row, "9") for row in ROWS], header=(*HEADER, "Credit Limit")).encode(),
        asked="column_protected",
    )


def _records() -> Iterator[Case]:
    for kind, body in (
        ("mhtml", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>"),
        (
            "xml_spreadsheet",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        ),
        ("json", b'[{"a": 1}]'),
        ("ndjson", b'{"a": 1}\n{"a": 2}\n'),
        ("pdf", b"%PDF-1.7\n"),
        ("jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("exe", b"MZ\x90\x00\x03"),
        ("rar", b"Rar!\x1a\x07\x00"),
        ("7z", b"7z\xbc\xaf\x27\x1c\x00"),
        ("parquet", b"PAR1\x15\x04"),
        ("noise", bytes(range(32)) * 200),
        ("every-byte", bytes(range(256))),  # refused at once, before its encoding is asked for
    ):
        yield Case(id=f"S30-{kind}", content=body, refused="not_a_table")
    yield Case(
        id="S32-xml-spreadsheet-as-xls",
        name="file.xls",
        content=b'\xef\xbb\xbf<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a">',
        refused="not_a_table",
    )
    yield Case(
        id="S33-csv-as-xlsx",
        name="file.xlsx",
        content=SOUND.encode(),
        refused="name_and_content_differ",
    )


def _strays() -> Iterator[Case]:
    """A control character in a short file: one in less than a hundred others."""
    head, *lines = SOUND.splitlines()
    for name, cell, code in (
        ("nul", "T\0a", "nul_character"), ("escape", "\x1b[1mTea", "control_character"),
    ):  # fmt: skip
        yield Case(
            id=f"C01-{name}-in-a-short-file",
            content=f"{head}\n{lines[3].replace('Tea cup', cell)}\n{lines[2]}\n".encode(),
            accepted=1,
            set_aside={code: 1},
        )


def _lines() -> Iterator[Case]:
    head, *lines = SOUND.splitlines()
    yield Case(
        id="S11-short-row",
        content=f"{SOUND}1004,P-1\n".encode(),
        accepted=4,
        set_aside={"too_few_cells": 1},
    )
    yield Case(
        id="S11-long-row",
        content=f"{SOUND}{lines[3]},x\n".encode(),
        accepted=4,
        set_aside={"too_many_cells": 1},
    )
    open_quote = "\n".join([head, lines[0], '1005,P-1,"Tea,1,2026-03-04,1.00,A,Spain', *lines[2:]])
    yield Case(
        id="S17-open-quote",
        content=open_quote.encode(),
        accepted=1,
        set_aside={"quote_not_closed": 3},
    )
    within = SOUND.replace("Tea cup", '"Tea\ncup"')
    yield Case(
        id="S18-break-in-quotes",
        content=within.encode(),
        accepted=4,
        values={"product_name": ["Tea, green", "Café", "茶叶", "Tea cup"]},
    )
    yield Case(id="S19-cr", content=SOUND.replace("\n", "\r").encode(), accepted=4)
    yield Case(id="S19-crlf", content=SOUND.replace("\n", "\r\n").encode(), accepted=4)
    yield Case(id="S19-mixed", content=SOUND.replace("\n", "\r\n", 2).encode(), accepted=4)
    yield Case(
        id="S21-backslash-quote",
        content=SOUND.replace("Tea cup", '"Tea \\"big\\" cup"').encode(),
        accepted=3,
        set_aside={"quote_malformed": 1},
    )


def _odd_lines() -> Iterator[Case]:
    yield Case(
        id="S21-doubled-quote",
        content=SOUND.replace("Tea cup", '"Tea ""big"" cup"').encode(),
        accepted=4,
    )
    yield Case(
        id="S21-text-behind-quote",
        content=SOUND.replace("Tea cup", '"Tea" cup').encode(),
        accepted=3,
        set_aside={"quote_malformed": 1},
    )
    yield Case(
        id="S22-long-cell",
        content=SOUND.replace("Tea cup", "x" * 200_000).encode(),
        accepted=3,
        set_aside={"cell_too_long": 1},
    )
    yield Case(
        id="S22-very-long-cell",
        content=SOUND.replace("Tea cup", "x" * 3_000_000).encode(),
        accepted=3,
        set_aside={"record_too_long": 1},
    )
    yield Case(
        id="S22-long-quoted-cell",
        content=SOUND.replace("Café", '"' + "x\n" * 90_000 + '"').encode(),
        accepted=3,
        set_aside={"cell_too_long": 1},
    )
    yield Case(id="S26-no-last-break", content=SOUND.rstrip("\n").encode(), accepted=4)


def _last_lines() -> Iterator[Case]:
    yield Case(
        id="C14-next-line", content=SOUND.replace("Tea cup", "Tea\x85cup").encode(), accepted=4
    )
