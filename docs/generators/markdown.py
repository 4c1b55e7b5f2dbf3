"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence

MADE = "<!-- Made by `make docs` from the code: change it there. -->"


def titled(title: str, *paragraphs: str) -> str:
    """Return a page: its title, where it comes from, and its paragraphs."""
    return "\n\n".join([f"# {title}", MADE, *(p.strip() for p in paragraphs if p.strip())]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; None is an empty cell."""
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, rows)]
    return "\n".join(lines)


def code(text: object) -> str:
    """Return text as code, nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def _row(cells: Sequence[object]) -> str:
    shown = ("" if c is None else str(c).replace("|", "\\|").replace("\n", " ") for c in cells)
    return f"| {' | '.join(shown)} |"
