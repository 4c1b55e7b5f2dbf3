"""`describe`: one pass over a file, then what it is, or what has to be asked, or why not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from clientela.intake.reading.describe_html import describe_html
from clientela.intake.reading.describe_text import describe_text
from clientela.intake.reading.describe_workbook import describe_workbook
from clientela.intake.reading.description import Description, Layout
from clientela.intake.reading.evidence import sha256_of
from clientela.intake.reading.faults import FileRefused
from clientela.intake.reading.streams import container_of


def describe(
    path: Path,
    *,
    name: str | None = None,
    answers: Mapping[str, str] | None = None,
    known_names: frozenset[str] = frozenset(),
) -> Description:
    """Return the description of a file; it never raises for what the file holds.

    `name` is the name the sender gave, where the file is stored under another. `answers` are
    given by question id. `known_names` are folded column names that some field goes by: they
    tell a header from a row of words. Refusals are in the description, as reasons.
    """
    empty = Description(
        name=name or path.name,
        sha256=sha256_of(path),
        size=path.stat().st_size,
        layout=Layout(container="text"),
    )
    try:
        container = container_of(path, name=empty.name)
        draft = replace(empty, layout=Layout(container=container))
        if container == "html":
            return describe_html(path, draft, answers or {}, known_names)
        if draft.layout.is_workbook:
            return describe_workbook(path, draft, answers or {}, known_names)
        return describe_text(path, draft, answers or {}, known_names)
    except FileRefused as refused:
        return replace(empty, refusals=refused.reasons)
