"""tables.md: every table contract, and what an analysis answers, from `clientela.tables`."""

from clientela.analysis.expressions.spec import Analysis
from clientela.analysis.registry import ANALYSES
from clientela.tables.contract import Column, TableContract
from clientela.tables.registry import CONTRACTS
from docs.generators.markdown import code, table, titled

INTRODUCTION = """
What an analysis may read. Each table has a view of the same name in the schema `warehouse` and a
copy in the columnar store; a notebook may bring tables of its own that fit, and is told where they
do not: a null that is not allowed, another word or form than is said here, two rows where there is
to be one. Amounts are whole minor units. Classes: S0 public, S1 internal, S2 contact data of a
person, S3 commercial secret; a reader whose classes do not reach a column does not have it. The
second part says what each analysis answers from them.
"""


def page() -> str:
    """Return the page."""
    contracts = [_contract(one) for one in CONTRACTS.values()]
    answers = [_analysis(one) for one in ANALYSES.values()]
    return titled("Tables", INTRODUCTION, *contracts, "# Analyses", *answers)


def _contract(contract: TableContract) -> str:
    rows = [_column(name, column) for name, column in contract.columns.items()]
    grain = ", ".join(map(code, contract.one_row_per))
    month = f" The copy is parted by the month of {code(contract.day)}." if contract.day else ""
    head = f"## {contract.name}\n\n{contract.meaning} One row per {grain}.{month}\n\n"
    return head + table(["column", "type", "meaning", "unit", "class", "null"], rows)


def _column(name: str, column: Column) -> list[object]:
    words = f" {_allowed(column)}." if column.allowed else ""
    null = "" if column.required else "allowed"
    meaning = column.meaning + words
    return [code(name), column.type, meaning, column.unit, column.field_class, null]


def _allowed(column: Column) -> str:
    if column.values:
        return f"One of {', '.join(map(code, column.values))}"
    return column.allowed[0].upper() + column.allowed[1:]


def _analysis(analysis: Analysis) -> str:
    reads = ", ".join(code(contract.name) for contract in analysis.reads)
    months = "all history" if analysis.months is None else f"{analysis.months} months"
    period = (
        "A balance: what stands at the end of `as_of`, without a `from`."
        if analysis.is_balance
        else f"Period unless another is asked for: {months} that end with `as_of`."
    )
    head = (
        f"## {analysis.name}\n\n{analysis.question}\n\nFormula: {analysis.formula}. Reads {reads}. "
        f"{period}\n\n"
    )
    rows = [[code(f.name), f.type, f.meaning, f.unit, f.field_class] for f in analysis.figures]
    return head + table(["column", "type", "meaning", "unit", "class"], rows)
