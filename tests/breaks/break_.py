"""What a break is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What pytest raises where an assertion, or a `pytest.raises`, does not hold.
ASSERTION = ("AssertionError", "Failed")


class DoesNotApply(ValueError):
    """The sources no longer hold the text that a break changes."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """A change of one file, and the test that has to turn red by it.

    :param old: text that stands in the file exactly once.
    :param red: the id of the test, as pytest takes it.
    :param by: names of the exceptions that are the refusal; a wall of the database or of a
        dataclass refuses with its own.
    :param quick: run in `make test`; the others need a database set up anew, or long.
    :param own_database: the change is in a migration, so the template is no good.
    """

    name: str
    file: str
    old: str
    new: str
    red: str
    by: tuple[str, ...] = ASSERTION
    quick: bool = True
    own_database: bool = False

    @contextmanager
    def applied(self, root: Path) -> Iterator[None]:
        """Make the change in a copy of the sources, and take it back. Raises DoesNotApply."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise DoesNotApply(f"{self.name}: {self.file} holds the text {text.count(self.old)} ×")
        try:
            _rewrite(path, text.replace(self.old, self.new))
            yield
        finally:
            _rewrite(path, text)


def _rewrite(path: Path, text: str) -> None:
    """Write a source, and forget what was compiled of it: its time may be of the same second."""
    path.write_text(text, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()
