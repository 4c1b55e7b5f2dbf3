"""Questions about customers, each a pure function from tables to an expression.

    from clientela.analysis import abc, rfm, sales, cohorts, ageing, punctuality, dso

Words: *analysis*, a question with its formula, parameters and columns; *population*, the customers
and documents an answer was taken over; *documents behind a row*, what one row was made from.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clientela.analysis.questions import Question

    abc: Question
    ageing: Question
    cohorts: Question
    dso: Question
    punctuality: Question
    rfm: Question
    sales: Question

__all__ = ["abc", "ageing", "cohorts", "dso", "punctuality", "rfm", "sales"]


def __getattr__(name: str) -> Any:
    """Give an analysis when it is first asked for: a web process that asks none loads no engine."""
    if name in __all__:
        from clientela.analysis.registry import QUESTIONS

        return QUESTIONS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name the analyses, so that a notebook offers them."""
    return list(__all__)
