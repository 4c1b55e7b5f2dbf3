"""Why something was refused, as data.

A reason is a code and its parameters. It is stored, audited and sent as such;
the interface makes the text in the reader's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clientela.kernel.text import is_storable, legible


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason. `params` hold plain text, numbers as text, never a masked value."""

    code: str  # lower_snake
    params: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.params.items():
            if isinstance(value, str) and not is_storable(value):
                told = {**self.params, name: legible(value)}
                object.__setattr__(self, "params", told)

    def as_json(self) -> dict[str, object]:
        """Return the form that is stored and sent."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, kw_only=True)
class Permit:
    """Truthy when nothing speaks against it."""

    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons

    def __and__(self, other: "Permit") -> "Permit":
        return Permit(reasons=self.reasons + other.reasons)


class Refused(Exception):
    """An act was refused; `reasons` says why, all of them."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class NotPermitted(Refused):
    """The person may not do this act at all (the interface answers 403)."""


class NotInScope(Refused):
    """There is no such record for this person (the interface answers 404)."""

    def __init__(self, kind: str) -> None:
        super().__init__(Reason(code="not_found", params={"kind": kind}))


class Conflict(Refused):
    """What was asked is sound, and not possible as things stand (the interface answers 409)."""


class Invalid(Refused):
    """What was given cannot be understood or stored (the interface answers 422)."""


def demand_storable(given: Iterable[tuple[str, str]]) -> None:
    """Raise Invalid for texts that nothing can hold, naming each, of fields and their texts."""
    wrong = sorted({name for name, text in given if not (is_storable(name) and is_storable(text))})
    if wrong:
        raise Invalid(*(Reason(code="value_not_storable", params={"field": n}) for n in wrong))
