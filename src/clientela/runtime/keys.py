"""The keys of an installation: drawn once, kept outside the data folder.

One file, readable by its owner alone, holds 32 random bytes for each purpose. The data
folder remembers which file it was set up with, so a lost or exchanged file is told at
once and never replaced in silence: what was encrypted would be lost behind it.
"""

import hashlib
import hmac
import json
import secrets
import stat
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from clientela.runtime import paths
from clientela.runtime.refusals import refuse

Name = Literal["kek", "blind_index", "audit", "django", "database"]
NAMES: tuple[Name, ...] = get_args(Name)
KEY_BYTES = 32


def key(name: Name) -> bytes:
    """Return the 32 bytes of one key; the file is made on the first call ever.

    :raises CannotStart: key_file_lost, key_file_unreadable, key_file_open,
        key_file_of_another_installation.
    """
    return _keys(paths.key_file(), paths.data_dir())[name]


def fingerprint() -> str:
    """Return what tells this key file from others and gives no key away."""
    return _fingerprint(_keys(paths.key_file(), paths.data_dir()))


def password(role: str) -> str:
    """Return the password of a database role, derived from the key "database".

    HMAC-SHA256 over the role's name: nothing else has to be stored or carried along.
    """
    return hmac.new(key("database"), f"role {role}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _keys(file: Path, data: Path) -> dict[str, bytes]:
    mark = data / "keys"  # the fingerprint of the file this installation was set up with
    if not file.exists():
        if mark.exists():
            raise refuse("key_file_lost", file=file)
        _draw(file)
    found = _read(file)
    if paths.make_once(mark, _fingerprint(found)) != _fingerprint(found):
        raise refuse("key_file_of_another_installation", file=file)
    return found


def _draw(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        drawn = {name: secrets.token_hex(KEY_BYTES) for name in NAMES}
        paths.make_once(file, json.dumps({"version": 1, "keys": drawn}, indent=1) + "\n")
    except OSError as error:
        raise refuse("key_file_unreadable", file=file, error=error) from error


def _read(file: Path) -> dict[str, bytes]:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        content = json.loads(file.read_text(encoding="utf-8"))
        found: dict[str, bytes] = {name: bytes.fromhex(content["keys"][name]) for name in NAMES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise refuse("key_file_unreadable", file=file, error=repr(error)) from error
    if mode & 0o077:
        raise refuse("key_file_open", file=file)
    if any(len(value) != KEY_BYTES for value in found.values()):
        raise refuse("key_file_unreadable", file=file, error="a key is not 32 bytes long")
    return found


def _fingerprint(found: dict[str, bytes]) -> str:
    digest = hashlib.sha256(b"clientela keys\0")
    for name in NAMES:
        digest.update(hashlib.sha256(found[name]).digest())
    return digest.hexdigest()[:32]
