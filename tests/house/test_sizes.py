"""Files and functions small enough to be read at one sitting."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("src", "benchmarks", "docs", "assets", "dev.py")
LARGEST_SOURCE, LARGEST_TEST, LARGEST_FUNCTION, LARGEST_MEDIAN = 400, 500, 40, 120


def files(*places: str) -> Iterator[Path]:
    """Yield our Python files; migrations are written by a tool and read by nobody else."""
    for place in places:
        path = ROOT / place
        found = [path] if path.is_file() else path.rglob("*.py")
        yield from (f for f in found if not {"node_modules", "migrations"} & set(f.parts))


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield each function's place and its length in lines, without decorators and
    docstring: nobody should be brief there to keep within the limit."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
            words = node.body[0] if ast.get_docstring(node) else None
            yield place, span(node) - (span(words) if words else 0)


def span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


class TestSizes:
    def test_no_source_file_is_longer_than_400_lines(self) -> None:
        assert not {f for f in files(*SOURCES) if lines(f) > LARGEST_SOURCE}

    def test_no_test_file_is_longer_than_500_lines(self) -> None:
        assert not {f for f in files("tests") if lines(f) > LARGEST_TEST}

    def test_half_of_the_modules_are_shorter_than_120_lines(self) -> None:
        sizes = [lines(f) for f in files("src") if f.name != "__init__.py"]
        assert len(sizes) > 30
        assert statistics.median(sizes) < LARGEST_MEDIAN

    def test_no_function_is_longer_than_40_lines(self) -> None:
        everything = [f for file in files(*SOURCES, "tests") for f in functions(file)]
        assert len(everything) > 100
        assert not {place: size for place, size in everything if size > LARGEST_FUNCTION}
