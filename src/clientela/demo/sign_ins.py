"""The demo's sign-ins, kept in the data folder so that `clientela up` can show them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from clientela.runtime import paths

FILE = "demo-sign-ins.json"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One person of the demo who can sign in."""

    role: str
    username: str
    password: str
    where: str


def keep(sign_ins: Sequence[SignIn]) -> None:
    """Write the sign-ins to the data folder, for its owner alone."""
    paths.replace(_file(), json.dumps([asdict(one) for one in sign_ins], indent=1) + "\n")


def kept() -> list[SignIn]:
    """Return the sign-ins of this installation; none where the file is not there."""
    if not _file().exists():
        return []
    return [SignIn(**one) for one in json.loads(_file().read_text(encoding="utf-8"))]


def _file() -> Path:
    return paths.data_dir() / FILE
