"""The catalogues of texts: gathered from the sources, kept as .po, compiled by Babel.

Usage: python tools/catalogue.py update | missing | compile. `update` brings both languages
to what the sources say: new texts come in empty, texts no longer used go. `missing` prints
what has no translation. Templates are read through Django's own converter, so that what
is gathered is what `translate` and `blocktranslate` look up.
"""

import io
import re
import sys
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "clientela"
LOCALE = SOURCE / "locale"
LANGUAGES = ("zh_Hans", "es")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2),
            "ngettext_lazy": (1, 2)}  # fmt: skip
_LITERAL = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(?:n?gettext|_)\(\s*u?{_LITERAL}(?:,\s*u?{_LITERAL})?")
Text = str | tuple[str, ...]


def texts() -> dict[Text, list[str]]:
    """Return every text of the sources with the files that hold it."""
    found: dict[Text, list[str]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if "migrations" in path.parts:
            continue
        place = path.relative_to(ROOT).as_posix()
        for text in _of(path):
            files = found.setdefault(text, [])
            if place not in files:
                files.append(place)
    return found


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as it is kept; empty if there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Clientela", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def updated(language: str) -> Catalog:
    """Return the catalogue with the texts of the sources: old translations kept, none guessed."""
    before = catalogue(language)
    after = Catalog(
        locale=language, project="Clientela", version="0.1", charset="utf-8",
        fuzzy=False, header_comment="# Texts of Clientela.", creation_date=before.creation_date,
        revision_date=before.revision_date, last_translator="Clientela",
        msgid_bugs_address="-", language_team="Clientela",
    )  # fmt: skip
    for text, files in texts().items():
        single = text if isinstance(text, str) else text[0]
        known = before.get(single)
        translation = known.string if known is not None and known.id == text else None
        after.add(text, string=translation, locations=[(file, None) for file in files])
    return after


def missing(catalogue_: Catalog) -> list[Message]:
    """Return the entries without a translation, and those marked as guesses."""
    return [m for m in catalogue_ if m.id and (m.fuzzy or not _is_whole(m))]


def write(language: str) -> None:
    """Bring the kept catalogue of a language to the sources."""
    path = path_of(language)
    content = io.BytesIO()
    write_po(content, updated(language), sort_output=True, width=96, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())


def compile_(language: str) -> None:
    """Write the compiled form, which Django reads."""
    content = io.BytesIO()
    write_mo(content, catalogue(language))
    path_of(language).with_suffix(".mo").write_bytes(content.getvalue())


def _of(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        yield from _of_template(templatize(source, origin=str(path)))
        return
    found = extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, name, given, _comments in found:
        values = [given] if isinstance(given, str) else [g for g in given or () if g]
        if values and values[0]:
            yield tuple(values[:2]) if name.startswith("ngettext") else values[0]


def _of_template(converted: str) -> Iterator[Text]:
    """Read what Django's converter made: calls among filling that is no Python."""
    for call in CALL.finditer(converted):
        one, more = (literal_eval(g) if g else "" for g in call.groups())
        if one:
            yield (one, more) if more else one


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings)


def main(arguments: list[str]) -> int:
    """Run one command for every language; `missing` ends with 1 if anything is."""
    command = arguments[0] if arguments else ""
    if command not in ("update", "missing", "compile"):
        print("usage: catalogue.py update | missing | compile")  # noqa: T201 - a program's answer
        return 2
    left = 0
    for language in LANGUAGES:
        if command == "update":
            write(language)
        elif command == "compile":
            compile_(language)
        else:
            for message in missing(updated(language)):
                left += 1
                print(f"{language}: {message.id!r}")  # noqa: T201
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
