"""The description of a text: encoding, separator, header, samples from the whole of it."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from clientela.intake.reading import encodings, headers, limits, separators
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.contents import refuse_binary
from clientela.intake.reading.cut_off import CUT, is_cut
from clientela.intake.reading.description import Description
from clientela.intake.reading.evidence import Evidence, gather
from clientela.intake.reading.faults import reason, refuse
from clientela.intake.reading.headers import Header, Line
from clientela.intake.reading.lines import decoded
from clientela.intake.reading.streams import decoding_of, head_of, text_chunks
from clientela.intake.results import Choice, Question

_HEAD_RECORDS = 200


def describe_text(
    path: Path, draft: Description, answers: Mapping[str, str], known: frozenset[str]
) -> Description:
    """Return the description of a text, as far as answers and evidence go.

    Each step needs the one before: without an encoding there are no lines, without a separator
    no cells. Raises FileRefused.
    """
    head = head_of(path, draft.layout.container)
    draft, found, question = _with_encoding(path, draft, head, answers, known)
    if question or found is None:
        return replace(draft, questions=(question,) if question else ())
    encoding = decoding_of(draft.layout.encoding or "utf-8")
    refuse_binary(found.head)
    block = decoded(_whole_lines(found), encoding, 1)
    texts = [text.lstrip("\ufeff") if n == 0 else text for n, text in enumerate(block.texts)]
    if not any(text.strip() for text in texts):
        raise refuse("empty_file")
    draft, texts_from, question = _with_separator(draft, texts, answers)
    if question:
        return replace(draft, questions=(question,))
    draft, question = _with_comments(draft, texts, answers)
    lines = _head_records(texts, texts_from, draft)
    draft, asked = with_header(draft, lines, answers, known)
    asked = [question, *asked] if question else asked
    if not draft.layout.header:
        return replace(draft, questions=tuple(asked))
    samples = _samples(draft, lines, found, encoding)
    estimate = found.line_ends + (not found.ends_with_break) - draft.layout.data_line + 1
    if is_cut(found.last_line.decode(encoding, "replace"), draft.layout):
        draft = replace(draft, notes=(*draft.notes, reason(CUT)))
    if not samples and (estimate <= 0 or _has_no_record(draft, found, texts)):
        raise refuse("no_rows")
    return replace(draft, samples=samples, rows_estimate=max(0, estimate), questions=tuple(asked))


def _has_no_record(draft: Description, found: Evidence, texts: list[str]) -> bool:
    """Tell whether the file is known to its end and has nothing but blank lines below the header."""
    empty = f' \t\r\n"{draft.layout.separator or ""}'
    below = texts[draft.layout.data_line - 1 :]
    return found.size <= len(found.head) and not any(text.strip(empty) for text in below)


def _with_encoding(
    path: Path,
    draft: Description,
    head: bytes,
    answers: Mapping[str, str],
    known: frozenset[str],
) -> tuple[Description, Evidence | None, Question | None]:
    given = answers.get("encoding")
    chosen = given if given in encodings.ENCODINGS else None
    mark = encodings.marked(head)
    container = draft.layout.container
    found = gather(text_chunks(path, container, mark or chosen or "utf-8"))
    notes = list(draft.notes)
    if mark:
        chosen = mark
        notes.append(reason("byte_order_mark", encoding=mark))
    elif chosen is None and encodings.unmarked_wide(found):
        return draft, None, encodings.wide_question(found)
    elif chosen is None:
        decided = encodings.decide(found, known)
        if isinstance(decided, Question):
            refuse_binary(found.head)  # nobody is asked in which encoding no text is
            return draft, None, decided
        chosen = decided.encoding
        if chosen != "utf-8":
            share = format(decided.confidence, ".2f")
            notes.append(reason("encoding_assumed", encoding=chosen, share=share, why=decided.why))
        elif found.invalid_utf8:
            notes.append(reason("lines_not_in_encoding", encoding=chosen, lines=found.invalid_utf8))
    layout = replace(draft.layout, encoding=chosen)
    return replace(draft, layout=layout, notes=tuple(notes)), found, None


def _whole_lines(found: Evidence) -> bytes:
    if found.size <= len(found.head):
        return found.head
    return found.head[: found.head.rfind(b"\n") + 1] or found.head


def _with_separator(
    draft: Description, texts: list[str], answers: Mapping[str, str]
) -> tuple[Description, int, Question | None]:
    """Return the draft with its separator and the index of the first line after `sep=`."""
    declared = separators.declared(texts[0])
    start = 1 if declared else 0
    chosen = separators.answered(answers.get("separator", "")) or declared
    chosen = chosen or separators.of_rejected(texts[start])
    if chosen is None:
        body = [t for t in texts[start : start + _HEAD_RECORDS] if t.strip() and t[:1] != "#"]
        decided = separators.decide(body)
        if isinstance(decided, Question):
            return draft, start, decided
        chosen = decided.separator
    return replace(draft, layout=replace(draft.layout, separator=chosen)), start, None


def _with_comments(
    draft: Description, texts: list[str], answers: Mapping[str, str]
) -> tuple[Description, Question | None]:
    if not any(text.startswith("#") for text in texts):
        return draft, None
    answer = answers.get("comments")
    skipped = replace(draft, layout=replace(draft.layout, skip_comments=answer != "keep"))
    if answer in ("skip", "keep"):
        return skipped, None
    line = next(text for text in texts if text.startswith("#"))
    choices = (Choice(value="skip", preview=line[:60]), Choice(value="keep"))
    return skipped, Question(id="comments", code="comment_lines", choices=choices)


def _head_records(texts: list[str], start: int, draft: Description) -> list[Line]:
    """Return the records of the head with their lines. Reading stops at a broken quote."""
    separator = draft.layout.separator or ","
    kept = [
        (number, text)
        for number, text in enumerate(texts, start=1)
        if number > start and not (draft.layout.skip_comments and text.startswith("#"))
    ]
    reader = csv.reader((text + "\n" for _, text in kept), delimiter=separator)
    lines: list[Line] = []
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                first, last = kept[before][0], kept[reader.line_num - 1][0]
                lines.append(Line(first=first, last=last, cells=tuple(cells)))
            before = reader.line_num
            if len(lines) == _HEAD_RECORDS:
                break
    except csv.Error:
        return lines
    return lines


def with_header(
    draft: Description, lines: list[Line], answers: Mapping[str, str], known: frozenset[str]
) -> tuple[Description, list[Question]]:
    """Return the draft with the names of its columns, and what is to be asked about them."""
    answer = answers.get("header", "")
    header: Header | Question | None = None
    if answer == "none":
        header = headers.unnamed(lines)
    elif answer.isascii() and answer.isdigit():
        header = headers.header_at(lines, int(answer))
    if header is None:
        header = headers.find_header(lines, known)
    if isinstance(header, Question):
        return draft, [header]
    headers.check_names(header.names, columns=limits.COLUMNS)
    asked = [q for q in headers.empty_names(header.names) if q.id not in answers]
    layout = replace(draft.layout, header=header.names, data_line=header.data_line)
    return replace(draft, layout=layout), asked


def _samples(
    draft: Description, lines: list[Line], found: Evidence, encoding: str
) -> tuple[tuple[Cell, ...], ...]:
    """Return the first records and whole ones from all over the file, as wide as the header."""
    layout = draft.layout
    first = [line.cells for line in lines if line.first >= layout.data_line]
    spread = [line.decode(encoding, "replace") for line in found.sampled]
    reader = csv.reader(spread, delimiter=layout.separator or ",")
    later: list[tuple[str, ...]] = []
    if found.size > len(found.head):
        try:
            later = [tuple(row) for row in reader if len(row) == layout.width]
        except csv.Error:
            later = []
    return tuple(row for row in [*map(tuple, first), *later] if len(row) >= layout.width)
