"""Whether the customers whom sales name are companies or persons.

The name of a person is sealed and a company's stands open, so a file of sales that names its
customers has to say which of the two they are: one kind for all of them, or a column of its own.
A row that leaves it open speaks of a person: that errs on the side that hides.
"""

from clientela.intake.grammar.choices import CUSTOMER_KIND
from clientela.intake.kinds.fields import Columns, Field

NAME = "customer_kind"
FIELD = Field(
    name=NAME, type="choice", fact="SourceRecord.kind", words=CUSTOMER_KIND,
    synonyms=("customer type", "client type", "buyer type", "debtor type", "customer category", "company or person",
              "客户类型", "客户性质", "客户类别", "购方类型", "tipo de cliente", "tipo cliente", "clase de cliente",
              "tipo de comprador"),
)  # fmt: skip


def unsaid(columns: Columns, rows: int) -> dict[str, list[int]]:
    """Return the rows that name a customer and leave open of which kind, where others say it."""
    kinds = columns.get(NAME) or [None] * rows
    if all(kind is None for kind in kinds):
        return {}
    names = columns.get("customer_name") or [None] * rows
    keys = columns.get("customer_key") or [None] * rows
    rest = zip(kinds, names, keys, strict=True)
    open_ = [n for n, (k, name, key) in enumerate(rest) if k is None and (name or key)]
    return {"customer_kind_not_said": open_}
