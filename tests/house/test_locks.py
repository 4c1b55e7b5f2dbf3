"""The lock files: every package pinned by hash, and no address in them."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON_LOCKS = ("requirements.lock", "requirements-dev.lock")
ADDRESS = re.compile(r"https?:|file:|git\+|--(?:extra-)?index-url|--find-links|@ ")


def pins(name: str) -> dict[str, str]:
    """Return each package of a lock with what pins it: version, markers and hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = (line.partition("==") for line in text.splitlines() if line.strip())
    return {package: rest for package, _, rest in found}


class TestPythonLocks:
    @pytest.mark.parametrize("name", PYTHON_LOCKS)
    def test_pin_every_package_by_hash(self, name: str) -> None:
        held = pins(name)
        assert len(held) > 50
        assert not {p for p, rest in held.items() if "--hash=sha256:" not in rest}

    @pytest.mark.parametrize("name", PYTHON_LOCKS)
    def test_hold_no_address(self, name: str) -> None:
        assert not ADDRESS.search((ROOT / name).read_text(encoding="utf-8"))

    def test_agree_where_both_name_a_package(self) -> None:
        work, development = (pins(name) for name in PYTHON_LOCKS)
        versions = {p: rest.split(maxsplit=1)[0] for p, rest in work.items()}
        others = {p: rest.split(maxsplit=1)[0] for p, rest in development.items()}
        assert {p: others.get(p) for p in versions} == versions


class TestAssetLock:
    def test_pins_every_package_by_hash(self) -> None:
        text = (ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8")
        packages = {k: v for k, v in json.loads(text)["packages"].items() if k}
        assert {"node_modules/echarts", "node_modules/@tabler/core"} <= packages.keys()
        assert not {k for k, v in packages.items() if not v["integrity"].startswith("sha512-")}

    def test_holds_no_address(self) -> None:
        text = (ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8")
        assert "resolved" not in text
        assert not re.search(r"https?:", text)

    def test_holds_exact_versions_in_the_request_too(self) -> None:
        request = json.loads((ROOT / "assets" / "package.json").read_text(encoding="utf-8"))
        wanted = request["dependencies"] | request["devDependencies"]
        assert wanted
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
