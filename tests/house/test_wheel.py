"""A wheel carries what the product needs, or is not built."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout as set-up leaves it; of the pages' files, one stands for all."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    for name in PARTS:
        shutil.copy2(ROOT / name, copy / name)
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns(
        "vendor", "*.mo", "__pycache__"))  # fmt: skip
    vendor = copy / hatch_build.VENDOR
    vendor.mkdir(parents=True)
    (vendor / "tabler.min.css").write_text("body {}")
    for text in (copy / hatch_build.LOCALE).rglob("*.po"):
        text.with_suffix(".mo").write_bytes(b"compiled")
    return copy


def built(checkout: Path) -> "subprocess.CompletedProcess[str]":
    """Build a wheel into the folder `out` beside the checkout, without any network."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d",
         str(checkout.parent / "out")],
        cwd=checkout, capture_output=True, text=True, check=False,
    )  # fmt: skip


def wheels(checkout: Path) -> list[Path]:
    return list((checkout.parent / "out").glob("*.whl"))


@pytest.mark.slow
class TestWheel:
    def test_carries_the_pages_files_and_the_texts_and_can_be_installed(
        self, checkout: Path
    ) -> None:
        done = built(checkout)
        assert done.returncode == 0, done.stderr
        (wheel,) = wheels(checkout)
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        assert "clientela/web/static/vendor/tabler.min.css" in names
        for language in ("es", "zh_Hans"):
            assert f"clientela/locale/{language}/LC_MESSAGES/django.mo" in names
        assert "clientela/web/templates/base.html" in names
        assert not {name for name in names if name.startswith(("tests/", "docs/"))}
        fresh = checkout.parent / "fresh"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(fresh)], check=True)
        install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
        python = str(fresh / "bin" / "python")
        subprocess.run([sys.executable, "-m", "pip", "--python", python, *install], check=True)
        look = "import clientela, pathlib; print(pathlib.Path(clientela.__file__).parent)"
        said = subprocess.run(
            [python, "-I", "-c", look], capture_output=True, text=True, check=True
        )
        package = Path(said.stdout.strip())
        assert package.is_relative_to(fresh)
        assert (package / "web" / "static" / "vendor" / "tabler.min.css").is_file()
        assert (fresh / "bin" / "clientela").is_file()

    def test_is_not_built_without_the_pages_files(self, checkout: Path) -> None:
        (checkout / hatch_build.VENDOR / "tabler.min.css").unlink()
        done = built(checkout)
        assert done.returncode != 0
        assert "vendor is empty (make assets)" in done.stderr
        assert wheels(checkout) == []

    def test_is_not_built_without_compiled_texts(self, checkout: Path) -> None:
        next((checkout / hatch_build.LOCALE).rglob("*.mo")).unlink()
        done = built(checkout)
        assert done.returncode != 0
        assert "is not compiled" in done.stderr
        assert wheels(checkout) == []


class TestCheckout:
    def test_after_set_up_lacks_nothing(self) -> None:
        assert hatch_build.missing(ROOT) == []
