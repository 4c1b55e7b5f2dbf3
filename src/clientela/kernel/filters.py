"""What a list is asked to be narrowed by, read as a whole: every fault is told at once.

A word that is none of its choices is refused with what there is.
"""

from collections.abc import Callable, Collection, Mapping

from clientela.kernel.reasons import Invalid, Reason

LONGEST = 200  # characters of one filter


def filters_from(
    given: Mapping[str, str], known: Collection[str], parse: Callable[[str, str], object]
) -> dict[str, object]:
    """Return the values of filters by name. Raises Invalid naming each unknown or unreadable one.

    :param parse: takes a name and its text without blanks around it; raises ValueError, or
        Invalid with a reason of its own.
    """
    reasons = [
        Reason(code="filter_unknown", params={"field": name[:60]})
        for name in given
        if name not in known
    ]
    values: dict[str, object] = {}
    for name, text in given.items():
        try:
            values[name] = parse(name, text.strip()[:LONGEST])
        except Invalid as error:
            reasons += error.reasons
        except ValueError:
            reasons.append(Reason(code="filter_value_unknown", params={"field": name}))
    if reasons:
        raise Invalid(*reasons)
    return values


def demand_choice(field: str, value: str, choices: Collection[str]) -> None:
    """Raise Invalid, naming what there is, where `value` is none of the choices of a field."""
    if value not in choices:
        params = {"field": field, "choices": ", ".join(choices)}
        raise Invalid(Reason(code="value_not_a_choice", params=params))
