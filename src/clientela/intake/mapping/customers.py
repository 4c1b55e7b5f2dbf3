"""Whose the sales of a file are, and of which kind its customers are.

Two things that a file of sales may leave open about the customers it names, and that nobody but
a person can settle: whether their names tell them apart where no column gives their keys, and
whether they are companies or persons. A file that names nobody is asked neither: customers of
whom nothing but a key is known are opened as persons, until their source says what they are.

A file of customers is asked the second alone, and always, unless its names say it.
"""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import replace

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.choices import CUSTOMER_KIND, parse_choice
from clientela.intake.grammar.words import code_of
from clientela.intake.kinds.customer_kind import NAME as KIND
from clientela.intake.kinds.fields import Kind
from clientela.intake.mapping import things
from clientela.intake.mapping.model import Mapping
from clientela.intake.reading.batch import BadCell, Cell
from clientela.intake.reading.workbook import as_text
from clientela.intake.results import Choice, Question

WHOSE, BY = "customers:key", ("name", "anonymous")  # a question and its answers
KINDS = ("person", "company")
_SHORT = 3  # letters


def with_customers(
    kind: Kind,
    mapping: Mapping,
    samples: AnyMapping[str, Sequence[Cell]],
    answers: AnyMapping[str, str],
    suggested: AnyMapping[str, str],
    *,
    take_sure: bool,
) -> tuple[Mapping, list[Question]]:
    """Return the mapping with what is settled of the customers of a file, and what is asked.

    :param suggested: columns that open questions suggest, by field.
    """
    if kind.name == "customers":
        names = mapping.columns.get("name") or suggested.get("name", "")
        return _which("kind", names, mapping, samples, suggested, take_sure=take_sure)
    if all(field.name != KIND for field in kind.fields):
        return mapping, []
    mapping, whose = _whose(mapping, samples, answers, suggested)
    which: list[Question] = []
    names = _names(mapping, samples, suggested)
    if names and mapping.customers != "anonymous":  # else no customer is named, or none opened
        mapping, which = _which(KIND, names, mapping, samples, suggested, take_sure=take_sure)
    return _kept_by_name(mapping, samples), whose + which


def _whose(
    mapping: Mapping,
    samples: AnyMapping[str, Sequence[Cell]],
    answers: AnyMapping[str, str],
    suggested: AnyMapping[str, str],
) -> tuple[Mapping, list[Question]]:
    """Settle whose the sales are where customers are named and no column gives their keys.

    Asked always: sales would be anonymous, or names that two customers share make them one.
    """
    if "customer_name" not in mapping.columns:
        return mapping, []
    if "customer_key" in {*mapping.columns, *mapping.constants, *suggested}:
        return mapping, []
    answer = answers.get(WHOSE, mapping.customers)
    if answer in BY:
        return replace(mapping, customers=answer), []
    cells = samples.get(mapping.columns["customer_name"], ())
    name = next((as_text(cell).strip() for cell in cells if as_text(cell).strip()), "")
    choices = (Choice(value=BY[0], preview=name[:60]), Choice(value=BY[1]))
    return mapping, [Question(id=WHOSE, code="customer_key_missing", choices=choices)]


def _which(
    field: str,
    names: str,
    mapping: Mapping,
    samples: AnyMapping[str, Sequence[Cell]],
    suggested: AnyMapping[str, str],
    *,
    take_sure: bool,
) -> tuple[Mapping, list[Question]]:
    """Settle of which kind the named customers are.

    Companies are taken unasked (with the sure suggestions) only where every name that was looked
    at ends as names of companies do; persons are never told by their names.
    :param field: the field that says the kind.
    :param names: the column that names the customers.
    """
    if field in {*mapping.columns, *mapping.constants, *suggested}:
        return mapping, []
    firms = things.company_share(samples.get(names, ()))
    if take_sure and firms == 1:
        return replace(mapping, constants={**mapping.constants, field: "company"}), []
    likely = "company" if firms >= things.CLEAR else ""
    values = sorted(KINDS, key=lambda value: value != likely)
    question = Question(
        id=f"set:{field}",
        code="sales_customer_kind_missing" if field == KIND else "customer_kind_missing",
        choices=tuple(Choice(value=value) for value in values),
        params={"names": names, "likely": likely},
    )
    return mapping, [question]


def _names(
    mapping: Mapping, samples: AnyMapping[str, Sequence[Cell]], suggested: AnyMapping[str, str]
) -> str:
    """Return the column that names the customers, empty where none does."""
    named = mapping.columns.get("customer_name") or suggested.get("customer_name", "")
    return named or _keys_that_are_names(mapping, samples)


def _keys_that_are_names(mapping: Mapping, samples: AnyMapping[str, Sequence[Cell]]) -> str:
    """Return the column of the customers' keys where its cells do not look like keys."""
    keys = mapping.columns.get("customer_key", "")
    read = [plain(code_of(cell)) for cell in samples.get(keys, ()) if not isinstance(cell, BadCell)]
    longer = [key for key in read if isinstance(key, str) and not _is_short(key)]
    share = things.code_share(longer)
    return "" if share is None or share >= things.CLEAR else keys


def _is_short(key: str) -> bool:
    """Tell whether a key is too short for a name: `A`, `DE`."""
    return key.isascii() and len(key) <= _SHORT


def _kept_by_name(mapping: Mapping, samples: AnyMapping[str, Sequence[Cell]]) -> Mapping:
    """Return the mapping in which names that serve as keys are names, unless all are companies':
    a key is kept in the open, which the name of a person is not."""
    keys = "" if "customer_name" in mapping.columns else _keys_that_are_names(mapping, samples)
    said = KIND in {*mapping.columns, *mapping.constants}
    if not keys or not said or _all_companies(mapping):
        return mapping
    columns = {f: c for f, c in mapping.columns.items() if f != "customer_key"}
    return replace(mapping, columns={**columns, "customer_name": keys}, customers="name")


def _all_companies(mapping: Mapping) -> bool:
    if KIND in mapping.columns:
        return False
    return plain(parse_choice(mapping.constants[KIND], dict(CUSTOMER_KIND))) == "company"
