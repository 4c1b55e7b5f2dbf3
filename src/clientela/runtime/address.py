"""The address that the product is reached under, as links that it gives out begin with it."""

import os
from pathlib import Path

from clientela.runtime import paths

UNLESS_TOLD = "http://localhost:8000"


def public() -> str:
    """Return CLIENTELA_PUBLIC_URL; else where `clientela up` last served, or would by itself."""
    return os.environ.get("CLIENTELA_PUBLIC_URL", "").rstrip("/") or _kept()


def shown(host: str, port: int) -> str:
    """Return the address to type for a server that listens at `host`:`port`.

    This machine goes by its name: a browser gives no passkey to an address of digits.
    """
    if host in ("127.0.0.1", "::1"):
        host = "localhost"
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def keep(host: str, port: int) -> None:
    """Let every other command of this installation know where the pages are served."""
    paths.replace(_file(), shown(host, port) + "\n")


def is_kept() -> bool:
    """Tell whether `clientela up` noted an address."""
    return _kept() != UNLESS_TOLD


def _kept() -> str:
    try:
        return _file().read_text(encoding="utf-8").strip() or UNLESS_TOLD
    except FileNotFoundError:
        return UNLESS_TOLD


def _file() -> Path:
    return paths.data_dir() / "address"
