"""What a wheel must carry beside the code: the pages' files, and the compiled texts.

Both are ignored by git and made by set-up. A wheel without them would serve pages without
style, in one language, so it is not built.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src", "clientela", "web", "static", "vendor")
LOCALE = Path("src", "clientela", "locale")


class CustomBuildHook(BuildHookInterface):
    """Refuses to build a wheel that lacks something; an editable install is no wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Look before anything is packed."""
        lacking = missing(Path(self.root))
        if version != "editable" and lacking:
            raise RuntimeError(f"A wheel cannot be built: {'; '.join(lacking)}.")


def missing(root: Path) -> list[str]:
    """Return what a checkout lacks for a wheel, with what to type."""
    lacking = []
    vendor = root / VENDOR
    if not (vendor.is_dir() and any(file.is_file() for file in vendor.rglob("*"))):
        lacking.append(f"{VENDOR} is empty (make assets)")
    raw = [text for text in sorted((root / LOCALE).rglob("*.po"))
           if not text.with_suffix(".mo").is_file()]  # fmt: skip
    lacking += [
        f"{text.relative_to(root)} is not compiled (python tools/catalogue.py compile)"
        for text in raw
    ]
    return lacking
