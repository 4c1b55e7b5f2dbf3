"""Tables of web pages under the name of a workbook, as programs of companies export them, with
what may be wrong with them."""

from collections.abc import Iterator, Sequence
from html import escape

from tests.corpus.case import HEADER, ROWS, Case

META = '<meta http-equiv="Content-Type" content="text/html; charset={0}">'
READ = {"product_name": ["Tea, green", "Café", "茶叶"], "customer_key": ["A-1", "A-1", "A-2"]}


def table(
    rows: Sequence[Sequence[str]] = ROWS, *, header: Sequence[str] = HEADER, cell: str = "td"
) -> str:
    """Return rows as a table, each cell escaped."""
    lines = (
        "".join(f"<{cell}>{escape(value)}</{cell}>" for value in row) for row in [header, *rows]
    )
    return "<table border=1>" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>"


def page(body: str, *, charset: str = "", head: str = "") -> str:
    """Return a page around a body."""
    meta = META.format(charset) if charset else ""
    return f"<html><head>{meta}{head}</head><body>{body}</body></html>"


def _case(id_: str, content: str | bytes, **expected: object) -> Case:
    body = content.encode() if isinstance(content, str) else content
    return Case(id=id_, name="file.xls", content=body, **{"accepted": 4, **expected})  # type: ignore[arg-type]


def cases() -> Iterator[Case]:
    """Yield every case of a page."""
    yield from _sound()
    yield from _encodings()
    yield from _asked()
    yield from _hostile()


def _sound() -> Iterator[Case]:
    yield _case("S31-html-as-xls", page(table(), charset="utf-8"), values=READ)
    yield _case("S31-header-cells", page(table(cell="th"), charset="utf-8"), values=READ)
    yield _case("S31-bare-table", b"\xef\xbb\xbf" + table().encode(), values=READ)
    yield _case("S31-xhtml", '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
                + page(table(), charset="utf-8"), values=READ)  # fmt: skip
    yield Case(id="S31-html-as-csv", content=page(table(), charset="utf-8").encode(), accepted=4)
    nothing_closed = table().replace("</td>", "").replace("</tr>", "").replace("</table>", "")
    yield _case("S31-nothing-closed", page(nothing_closed, charset="utf-8"), values=READ)
    marked = table().replace("Tea, green", " <b>Tea,</b>\n <font color=red>green</font>&nbsp;")
    yield _case("S31-marks-in-cells", page(marked, charset="utf-8"), values=READ)
    named = table().replace("Café", "Caf&eacute;").replace("茶叶", "&#33590;&#x53f6;")
    yield _case("S31-references", page(named), values=READ)
    empty = table().replace("<td>A-3</td>", "<td>&nbsp;</td>")
    yield _case("S31-only-a-space", page(empty, charset="utf-8"), flagged={"anonymous_sale": 1})
    odd = "<!--[if gte mso 9]><xml><x:ExcelWorkbook></x:ExcelWorkbook></xml><![endif]-->"
    tail = (
        "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td></td></tr><![endif]>"
    )
    written = page(table().replace("</table>", tail + "</table>"), charset="utf-8", head=odd)
    yield _case("S31-as-a-spreadsheet-writes-it", written, values=READ)
    layout = f"<table><tr><td></td></tr><tr><td>{table()}</td></tr></table>"
    yield _case("S31-table-within-a-layout", page(layout, charset="utf-8"), values=READ)
    styled = page(table(), charset="utf-8", head="<style>td{a:b}</style><script>'<table>'</script>")
    yield _case("S31-styles-and-scripts", styled, values=READ)


def _encodings() -> Iterator[Case]:
    for said, codec in (("gb2312", "gb18030"), ("GBK", "gb18030"), ("gb18030", "gb18030"),
                        ("big5", "big5hkscs")):  # fmt: skip
        rows = [
            (*row[:2], row[2].replace("é", "e").replace("叶", "")[:3], *row[3:]) for row in ROWS
        ]
        content = page(table(rows), charset=said).encode(codec)
        yield _case(f"S31-declared-{said}", content, noted="encoding_declared")
    yield _case("S31-utf-16", page(table(), charset="utf-16").encode("utf-16"), values=READ)
    yield _case("S31-not-as-declared", page(table(), charset="gb2312"), asked="encoding_unclear")
    yield _case("S31-not-as-declared-answered", page(table(), charset="gb2312"),
                answers={"encoding": "utf-8"}, values=READ)  # fmt: skip
    latin = page(table().replace("茶叶", "Té"), charset="iso-8859-1").encode("cp1252")
    yield _case("S31-declared-latin", latin)


def _asked() -> Iterator[Case]:
    both = page(table() + table(ROWS[:2]), charset="utf-8")
    yield _case("S31-two-tables", both, asked="several_sheets")
    yield _case("S31-second-table", both, answers={"sheet": "table 2"}, accepted=2)
    wide = table().replace("<td>1001</td>", "<td rowspan=2>1001</td>", 1)
    wide = wide.replace("<tr><td>1001</td>", "<tr>", 1)
    spanned = page(wide, charset="utf-8")
    yield _case("S31-spanning-cell", spanned, asked="merged_cells")
    yield _case("S31-spanning-cell-answered", spanned, answers={"merged": "first_cell"},
                accepted=3, set_aside={"required": 1})  # fmt: skip
    out_of_sight = table().replace("<tr><td>1003", '<tr style="display: none"><td>1003')
    hidden = page(out_of_sight, charset="utf-8")
    yield _case("S31-hidden-row", hidden, asked="hidden_rows")
    yield _case("S31-hidden-row-left", hidden, answers={"hidden_rows": "skip"}, accepted=3)


def _hostile() -> Iterator[Case]:
    yield _case("S31-no-table", page("<p>Your session has ended.</p>"), refused="not_a_table")
    yield _case("S31-nested-deep", page("<table><tr><td>" * 5_000), refused="html_nested")
    yield _case("S31-many-tables", page("<table></table>" * 5_000), refused="html_tables")
    across = "".join('<td colspan="99999">x</td>' for _ in range(2_000))
    yield _case("S31-wide", page(f"<table><tr>{across}"), refused="too_many_columns")
    down = page(table().replace("<td>1003</td>", '<td rowspan="65000">1003</td>'), charset="utf-8")
    yield _case("S31-rowspan-beyond-the-end", down, answers={"merged": "first_cell"})
    yield _case(
        "S31-endless-mark", "<html><table><tr><td " + "a" * 3_000_000, refused="not_a_table"
    )
    yield _case("S31-marks-without-an-end", page("<a '" * 500_000), refused="not_a_table")
    laughs = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    named = table().replace("Tea, green", "&b;&x;")
    yield _case("S31-entities", laughs + page(named, charset="utf-8"),
                values={"product_name": ["&b;&x;"]})  # fmt: skip
    long = page(table().replace("Tea cup", "x" * 2_000_000), charset="utf-8")
    yield _case("S31-huge-cell", long, accepted=3, set_aside={"too_long": 1})
    odd = page("<![foo[><?x ?>" + table().replace("Tea cup", "1 < 2 <3"), charset="utf-8")
    yield _case("S31-marks-that-are-none", odd, values=READ)
    yield _case("S31-endless-comment", "<html><!--" + "a" * 3_000_000, refused="html_unreadable")
    half = page(table(), charset="utf-8").encode().replace("Café".encode(), b"Caf\xc3")
    yield _case("S31-half-a-character", half, accepted=3, set_aside={"lone_surrogate": 1})
    script = table().replace("Tea cup", "<script>alert(1)</script><img src=http://x/>Tea cup")
    yield _case("S31-script-in-a-cell", page(script, charset="utf-8"), values=READ)
