"""The settings of the environment as they hold in this process, and where each comes from.

Secrets never: of an address with a sign-in the server and the database alone are told.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from clientela.runtime import address, database, paths
from clientela.runtime.variables import VARIABLES

Origin = Literal["environment", "file", "default"]


@dataclass(frozen=True, kw_only=True)
class InForce:
    """One setting. `value` is empty where what holds is no single value: `without` says what."""

    name: str
    value: str
    origin: Origin
    meaning: str
    without: str


def in_force() -> list[InForce]:
    """Return every setting of the environment with its value."""
    return [
        InForce(
            name=one.name,
            value=_value(one.name),
            origin=_origin(one.name),
            meaning=one.meaning,
            without=one.without,
        )
        for one in VARIABLES
    ]


def _origin(name: str) -> Origin:
    if os.environ.get(name):
        return "environment"
    return "file" if name == "CLIENTELA_PUBLIC_URL" and address.is_kept() else "default"


def _value(name: str) -> str:
    told = _TOLD.get(name)
    return told() if told else os.environ.get(name, "")


def _server() -> str:
    """Return where the server is, without who signs in there or with what."""
    return "" if database.is_private() else database.place()


_TOLD: Mapping[str, Callable[[], str]] = {
    "CLIENTELA_DATA_DIR": lambda: str(paths.data_dir()),
    "CLIENTELA_KEY_FILE": lambda: str(paths.key_file()),
    "CLIENTELA_SYSTEM_DIR": lambda: str(paths.system_dir()),
    "DATABASE_URL": _server,
    "CLIENTELA_DATABASE": database.name,
    "CLIENTELA_AUDIT_ANCHOR": lambda: str(paths.audit_anchor()),
    "CLIENTELA_PUBLIC_URL": address.public,
}
