"""The library half is usable in a notebook, without the web application."""

import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"
LIBRARY = """
import pkgutil, sys
import clientela.kernel, clientela.tables, clientela.warehouse, clientela.analysis.expressions
for package in (clientela.kernel, clientela.tables, clientela.warehouse, clientela.analysis.expressions):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        __import__(module.name)
from clientela.analysis import abc, rfm
print("django" in sys.modules, "procrastinate" in sys.modules)
"""

# What `[server]` installs, by the names that are imported.
SERVER = {
    "django", "psycopg", "psycopg_pool", "ninja", "procrastinate", "pghistory", "pgtrigger",
    "allauth", "csp", "whitenoise", "granian", "structlog", "typer", "rich", "lucide", "babel",
    "charset_normalizer", "python_calamine", "openpyxl", "rapidfuzz", "phonenumbers", "stdnum",
    "pypinyin", "opencc", "holidays", "cryptography", "argon2", "segno",
}  # fmt: skip


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SRC), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


class TestLibrary:
    def test_imports_without_django(self):
        assert run(LIBRARY) == "False False"

    def test_imports_where_no_package_of_the_server_is_installed(self):
        code = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {SERVER!r}:
            raise ModuleNotFoundError(f"no module named {{name}}", name=name)
sys.meta_path.insert(0, Absent())
{LIBRARY}"""
        assert run(code) == "False False"

    def test_loads_no_engine_before_an_analysis_is_asked_for(self):
        code = "import sys, clientela.analysis; print('ibis' in sys.modules)"
        assert run(code) == "False"

    def test_needs_only_the_standard_library_in_its_kernel(self):
        code = (
            "import sys, clientela.kernel.money, clientela.kernel.period, clientela.kernel.scope;"
            "print(sorted({m.partition('.')[0] for m in sys.modules} & {'ibis', 'pyarrow', 'babel'}))"
        )
        assert run(code) == "[]"
