"""A value that shows its mask unless somebody reveals it.

The plain value is reached only through `security.services.reveal`, which asks for a
right and a purpose and writes an event. Everything else (templates, serialisers,
logs, exceptions, pickles) sees the mask.
"""

from collections.abc import Callable
from typing import NoReturn


def mask_name(value: str) -> str:
    """Return the first character and a star for the rest: `张*`, `M*`."""
    return f"{value[:1]}*" if value else ""


def mask_phone(value: str) -> str:
    """Return the first three and last four digits of a number: `138****1234`."""
    digits = "".join(c for c in value if c.isdigit())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 9 else "****"


def mask_email(value: str) -> str:
    """Return the first character and the top-level domain: `z***@…`."""
    return f"{value[:1]}***@…" if "@" in value else "***"


def mask_tail(value: str) -> str:
    """Return stars and the last four characters, for identity and account numbers."""
    return "*" * 11 + value[-4:] if len(value) >= 8 else "****"


def mask_all(value: str) -> str:
    """Return three stars for any text."""
    return "***" if value else ""


class Masked:
    """Holds what shows a mask. `unseal` makes the plain value when it is revealed.

    >>> str(Masked("l***@…", lambda: "li@example.org"))
    'l***@…'
    """

    __slots__ = ("_mask", "_unseal")

    def __init__(self, mask: str, unseal: Callable[[], str]) -> None:
        self._mask = mask
        self._unseal = unseal

    def __str__(self) -> str:
        return self._mask

    def __repr__(self) -> str:
        return f"Masked({self._mask!r})"

    def __format__(self, spec: str) -> str:
        return format(self._mask, spec)

    def __html__(self) -> str:
        escaped = self._mask.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return escaped.replace('"', "&quot;")

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a masked value cannot be stored or sent to another process")

    def __bool__(self) -> bool:
        return True
