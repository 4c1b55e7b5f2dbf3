"""The documents as a reader meets them: headings, links, and what stands in them as code."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST = ("README.md", "CONTRIBUTING.md", "SECURITY.md")


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document: the anchors of its headings, where its links lead, its pieces of code."""

    anchors: frozenset[str]
    links: tuple[str, ...]
    pieces: tuple[str, ...] = field(repr=False)  # inline code, whole
    lines: tuple[str, ...] = field(repr=False)  # of code blocks, continued ones joined
    text: str = field(repr=False)


def places() -> list[Path]:
    """Return every document: those at the top, and all under docs."""
    return [*(ROOT / name for name in FIRST), *sorted((ROOT / "docs").rglob("*.md"))]


@cache
def read(place: Path) -> Document:
    """Return what stands in a document."""
    text = place.read_text(encoding="utf-8")
    blocks = MarkdownIt("commonmark").enable("table").parse(text)
    tokens = list(_flat(blocks))
    code = [t.content for t in blocks if t.type in ("fence", "code_block")]
    links = [t.attrs.get("href", t.attrs.get("src")) for t in tokens if t.type in _LEADING]
    return Document(
        anchors=frozenset(_anchors(blocks)),
        links=tuple(str(link) for link in links),
        pieces=tuple(" ".join(t.content.split()) for t in tokens if t.type == "code_inline"),
        lines=tuple(line for piece in code for line in _joined(piece)),
        text=text,
    )


_LEADING = ("link_open", "image")


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def _joined(code: str) -> list[str]:
    return re.sub(r"\\\n\s*", " ", code).splitlines()


def _anchors(blocks: list[Token]) -> Iterator[str]:
    """Yield the anchor of each heading as the usual viewers make it."""
    seen = Counter[str]()
    for opened, inline in pairwise(blocks):
        if opened.type != "heading_open":
            continue
        words = "".join(t.content for t in inline.children or [])
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        yield anchor if not seen[anchor] else f"{anchor}-{seen[anchor]}"
        seen[anchor] += 1
