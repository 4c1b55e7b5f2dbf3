"""Every page of the reference by its file name."""

from pathlib import Path

from docs.generators import api, commands, data_map, permissions, settings, tables

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
PAGES = {
    "tables.md": tables.page,
    "commands.md": commands.page,
    "settings.md": settings.page,
    "api.md": api.page,
    "permissions.md": permissions.page,
    "data-map.md": data_map.page,
}


def pages() -> dict[str, str]:
    """Return the text of every page as the code gives it now."""
    return {name: page() for name, page in PAGES.items()}
