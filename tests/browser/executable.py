"""Where the browser is. Standard library only: set-up asks before any package is there."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BUNDLES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """Return the program of a Chromium: CLIENTELA_BROWSER, one on PATH, one of macOS."""
    setting = os.environ.get("CLIENTELA_BROWSER")
    if setting:
        return setting if os.access(setting, os.X_OK) else None
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((bundle for bundle in BUNDLES if Path(bundle).exists()), None)
