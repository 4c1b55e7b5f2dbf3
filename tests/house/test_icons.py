"""Every icon that a template names is one that the icon set has: a missing one is a page lost."""

import re
from pathlib import Path

import lucide
import pytest

WEB = Path(__file__).resolve().parents[2] / "src" / "clientela" / "web"
NAMED = re.compile(r"""(?:lucide |icon=)["']([a-z0-9-]+)["']""")


def names() -> list[str]:
    files = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    found = {name for file in files for name in NAMED.findall(file.read_text(encoding="utf-8"))}
    return sorted(found)


def test_names_are_found() -> None:
    assert len(names()) > 30


@pytest.mark.parametrize("name", names())
def test_is_in_the_set(name: str) -> None:
    assert "<svg" in str(lucide._render_icon(name, 24))
