"""Values that hold for every row of a file: `--set currency=EUR`, or an answer that says so.

A share is given in per cent: `21%`, or `21`, which can be no share. What may be either, `0.21`, is
refused.
"""

from collections.abc import Iterable, Set
from decimal import Decimal
from difflib import get_close_matches

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.choices import codes_of
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.kinds.fields import Kind
from clientela.intake.mapping.converters import converter_for, needs_country
from clientela.intake.mapping.model import ColumnRule, Mapping
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Invalid, Reason


def constant_of(kind: Kind, mapping: Mapping, name: str) -> object:
    """Return the value of one constant as the field holds it. Raises Invalid."""
    text = mapping.constants[name]
    rule = mapping.rule("")
    if kind.field(name).type == "share" and not _may_be_a_part(text):
        rule = ColumnRule(numbers=NumberFormat(percent="points"))
    converter = converter_for(kind.field(name), rule, currency=None)
    key = (text, None) if needs_country(kind.field(name)) else text
    (value,) = converter.convert([key])
    if converter.problems and (words := kind.field(name).words):
        raise Invalid(reason("constant_not_offered", field=name, known=codes_of(words)))
    if converter.problems:
        raise Invalid(_why_not(name, converter.problems[key]))
    return value


def _why_not(name: str, problem: Reason) -> Reason:
    """Return what is wrong with a constant: the fault of its value, and of what field it is."""
    if problem.code == "percent_unclear":
        return reason("constant_share_unclear", field=name)
    return reason("constant_invalid", **{**problem.params, "field": name, "why": problem.code})


def _may_be_a_part(text: str) -> bool:
    """Tell whether a plain number may be a part of 1 as well as per cent."""
    value = plain(parse_number(text, NumberFormat(), decimals=6))
    return isinstance(value, Decimal) and 0 < value <= 1


def unknown_fields(given: Set[str], known: Set[str]) -> list[Reason]:
    """Return a reason for each name given that no field has, with the names that it may mean."""
    return [
        reason("unknown_field", given=name[:60], near=", ".join(_near(name, known)))
        for name in sorted(given - known)
    ]


def _near(name: str, known: Set[str]) -> list[str]:
    inside = sorted(one for one in known if one in name or name in one)
    return inside or get_close_matches(name, sorted(known), n=3, cutoff=0)


def demand_constants(kinds: Iterable[Kind], mapping: Mapping) -> None:
    """Raise Invalid for each constant that is of no field, or, of a settled kind, cannot be read.

    :param kinds: those that the rows may be of; the only one, once that is settled.
    """
    possible = list(kinds)
    known = {field.name for kind in possible for field in kind.fields}
    reasons = unknown_fields({*mapping.constants}, known)
    for name in mapping.constants if len(possible) == 1 and not reasons else ():
        try:
            constant_of(possible[0], mapping, name)
        except Invalid as refused:
            reasons += refused.reasons
    if reasons:
        raise Invalid(*reasons)
