"""Where the product keeps things.

The data folder holds the private database, documents, the columnar copy and logs. Keys
never lie in it, so that a copy of the data folder alone gives nothing away. Every
installation has an id, drawn at random when its data folder is first used.
"""

import hashlib
import os
import secrets
import sys
import tempfile
from pathlib import Path

PRIVATE = 0o700


def data_dir() -> Path:
    """Return the data folder, made if absent: CLIENTELA_DATA_DIR or the platform's own."""
    setting = os.environ.get("CLIENTELA_DATA_DIR")
    folder = Path(setting).absolute() if setting else _platform_data_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    return folder


def keep_private() -> None:
    """Give nobody else a right to what this process and its children write, here or elsewhere.

    Called once at the start of every process of the product, so that the data folder, the logs,
    the columnar copy and each exported file are for this account alone, whatever umask it was
    started with. The few folders that the server's account has to pass through are opened by name.
    """
    os.umask(0o077)


def config_dir() -> Path:
    """Return the user's folder for configuration; it need not exist."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Preferences" / "clientela"
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "clientela"


def system_dir() -> Path:
    """Return the folder that every account can enter, used as root; it need not exist.

    CLIENTELA_SYSTEM_DIR or /var/lib/clientela.
    """
    return Path(os.environ.get("CLIENTELA_SYSTEM_DIR") or "/var/lib/clientela").absolute()


def log_dir() -> Path:
    """Return the folder of the product's own logs, made if absent."""
    folder = data_dir() / "logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def installation_id() -> str:
    """Return the id of this installation, 32 hexadecimal digits, drawn on first use."""
    return make_once(data_dir() / "installation", secrets.token_hex(16)).strip()


def key_file() -> Path:
    """Return where the keys are: CLIENTELA_KEY_FILE or a file named for the installation."""
    setting = os.environ.get("CLIENTELA_KEY_FILE")
    return Path(setting).absolute() if setting else config_dir() / f"{installation_id()}.key"


def socket_dir() -> Path:
    """Return the folder for the server's socket; it need not exist.

    It is under /tmp whatever TMPDIR says: the path of a socket is at most 107 bytes on
    Linux and 103 on macOS. The name follows from the random installation id, so every
    process finds it, and a server that starts again is found where it was; and from the
    data folder's inode, so that a copied folder gets a server of its own.
    """
    text = f"socket {installation_id()} {data_dir().stat().st_ino}"
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Path("/tmp") / f"clientela-{name}"  # noqa: S108 - private: owner and mode are checked


def make_once(path: Path, content: str, *, mode: int = 0o600) -> str:
    """Write a file whole unless it exists, and return what it holds then.

    The file is linked into place, so of two processes one wins and both read the same.
    """
    if not path.exists():
        draft = write_draft(path, content, mode=mode)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # somebody else was first: theirs is the file
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8")


def replace(path: Path, content: str, *, mode: int = 0o600) -> None:
    """Write a file in one step: a reader sees the old content or the new, never a part."""
    write_draft(path, content, mode=mode).replace(path)


def write_draft(path: Path, content: str, *, mode: int) -> Path:
    """Write a file of another name beside `path`, safe on disk, and return it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)
    return Path(name)


def _platform_data_dir() -> Path:
    if os.geteuid() == 0:
        return system_dir()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "clientela"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "clientela"


def audit_anchor() -> Path:
    """Return the file outside the database that receives every checkpoint of the audit trail.

    CLIENTELA_AUDIT_ANCHOR names one on another mount, out of an administrator's reach.
    """
    named = os.environ.get("CLIENTELA_AUDIT_ANCHOR")
    return Path(named) if named else data_dir() / "audit-checkpoints"
