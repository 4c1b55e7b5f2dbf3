"""Columns whose name says only of what thing they speak, or only that they name something.

"Producto" may hold codes or names; "Nombre" in a file of sales is the customer's or the
product's. The name cannot tell, the cells can:

* `code_share`: codes have digits, no blanks and no letters beyond ASCII.
* `tied`: where one value of a column comes with one value of another whenever it comes again, the
  two speak of one thing. A customer's name stands with one customer number, and with many goods.
* `company_share`: S.L., Ltd, 有限公司 end names of companies, not of goods.
"""

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass

from clientela.intake.mapping.looks import is_null
from clientela.intake.reading.batch import BadCell, Cell
from clientela.intake.reading.names import key_of
from clientela.intake.reading.workbook import as_text

CLEAR = 0.8  # share of the cells from which on a column holds codes; below the rest, names
TIED, LOOSE = 0.95, 0.8
SOME = 0.25  # share of names with the form of a company that no list of goods has
_LOOKED_AT = 500
_CODE = re.compile(r"(?=[!-~]*\d)[!-~]{1,40}")
_COMPANY = re.compile(
    r"(?:\bs\.?\s?[al]\.?(?:u\.?|\s?de\s?c\.?v\.?)?|\bs\.?\s?de\s?r\.?l\.?.*|\bc\.?b\.?|\bltd\.?|"
    r"\blimited|\bplc|\bllp|\bllc|\binc\.?|\bcorp\.?|\bgmbh|\bag|公司|集团|商行|经营部|事务所|厂)$",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What files speak of: the words for it, and the fields of its code and of its name."""

    words: tuple[str, ...]
    code: str
    names: tuple[str, ...]  # field of the name, by kind


THINGS = (
    Thing(
        code="product_code",
        names=("product_name",),
        words=("product", "item", "article", "goods", "producto", "artículo", "产品", "商品", "货品", "物料", "存货"),
    ),
    Thing(
        code="customer_key",
        names=("customer_name", "name"),
        words=("customer", "client", "account", "debtor", "buyer", "partner", "sold-to party",
               "sold to party", "bill to", "sold to", "cliente", "comprador", "deudor", "tercero", "客户", "买方",
               "购货单位", "往来单位", "会员"),
    ),
)  # fmt: skip
BARE_NAMES = frozenset(
    map(key_of, ("name", "full name", "nombre", "nombre completo", "denominación", "名称", "名字", "全称", "姓名"))
)  # fmt: skip
BARE_CODES = frozenset(map(key_of, ("code", "código", "cod", "编码", "代码")))
_BY_WORD = {key_of(word): thing for thing in THINGS for word in thing.words}


def thing_of(column: str, fields: frozenset[str]) -> tuple[str, str] | None:
    """Return the fields of code and name that a column's word leaves open, where a kind has both."""
    thing = _BY_WORD.get(key_of(column))
    if thing is None or thing.code not in fields:
        return None
    name = next((name for name in thing.names if name in fields), None)
    return None if name is None else (thing.code, name)


def code_share(cells: Sequence[Cell]) -> float | None:
    """Return the share of the filled cells that look like codes, None without any."""
    texts = _texts(cells)
    return sum(bool(_CODE.fullmatch(text)) for text in texts) / len(texts) if texts else None


def company_share(cells: Sequence[Cell]) -> float:
    """Return the share of the different filled cells that end as names of companies do."""
    texts = set(_texts(cells))
    return sum(bool(_COMPANY.search(text)) for text in texts) / len(texts) if texts else 0.0


def tied(column: Sequence[Cell], other: Sequence[Cell]) -> float | None:
    """Return how often a value of `column` that comes again comes with the same value of `other`;
    None where nothing comes again, or where `other` is the same throughout."""
    first: dict[str, str] = {}
    same = again = 0
    pairs = zip(column[:_LOOKED_AT], other[:_LOOKED_AT], strict=False)
    found = [(as_text(a).strip(), as_text(b).strip()) for a, b in pairs]
    found = [(a, b) for a, b in found if a and b]
    for a, b in found:
        if a in first:
            again += 1
            same += first[a] == b
        else:
            first[a] = b
    varied = len({b for _, b in found}) > 1
    return same / again if again and varied else None


def _texts(cells: Sequence[Cell]) -> list[str]:
    some = [c for c in cells[:_LOOKED_AT] if not isinstance(c, BadCell) and not is_null(c)]
    return [text for cell in some if (text := as_text(cell).strip())]


@dataclass(frozen=True, kw_only=True)
class Bare:
    """A column that names or numbers something, and which of two things it may be about."""

    column: str
    customer: str  # field, empty where it is taken or the kind has none
    product: str


def about(
    bare: Bare,
    *,
    beside: AnyMapping[str, str],
    header: Sequence[str],
    samples: AnyMapping[str, Sequence[Cell]],
) -> tuple[str, float] | None:
    """Return the field that a bare column fills and how sure that is.

    :param beside: columns of the other half, by field: of the codes for a name, of the names for
        a code.
    """
    if not bare.customer or not bare.product:
        left = bare.customer or bare.product
        return (left, 0.85) if left else None
    cells = samples.get(bare.column, ())
    ties = {
        field: _tie(samples.get(beside[field], ()), cells)
        for field in (bare.customer, bare.product)
        if field in beside
    }
    best = sorted(ties, key=lambda field: -ties[field])
    if best and ties[best[0]] >= TIED and (len(best) == 1 or ties[best[1]] < LOOSE):
        return best[0], 0.9
    if company_share(cells) >= SOME:
        return bare.customer, 0.85
    at = list(header).index(bare.column)
    near = {*header[max(0, at - 1) : at], *header[at + 1 : at + 2]}
    by_place = [field for field in ties if beside[field] in near]
    if len(by_place) == 1:
        return by_place[0], 0.82
    return bare.customer, 0.6


def _tie(code: Sequence[Cell], name: Sequence[Cell]) -> float:
    """Return how well a code and a name go together; 0 where nothing tells."""
    found = tied(code, name)
    return 0.0 if found is None else found
