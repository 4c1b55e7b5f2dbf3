"""The program `clientela`. Each command is a file beside this one, loaded when it is called."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from clientela.cli.commands import named, outline, register
from clientela.cli.exits import USAGE, complain
from clientela.cli.sealing import OWN, seal_rest
from clientela.cli.unexpected import ended
from clientela.kernel.text import is_storable, legible
from clientela.runtime.paths import keep_private

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientela.settings.base")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def program(
    trace: Annotated[
        bool, typer.Option("--traceback", help="Show the whole of an error that nobody foresaw.")
    ] = False,
) -> None:
    """Customer file, credit, behaviour and protection in one system."""


def main() -> None:
    """Run one command; exit 0 done, 1 failed, 2 usage, 3 questions open, 4 refused."""
    keep_private()
    sys.exit(ended(_run))


def _run() -> None:
    _demand_text(sys.argv[1:])
    command = named(next((word for word in sys.argv[1:] if not word.startswith("-")), ""))
    if command is None:
        outline(app)
    else:
        if not command.alone or command.parts.intersection(sys.argv[2:]):
            _set_up()
        register(app, command)
    try:
        app(standalone_mode=True, prog_name="clientela")
    finally:
        if command is not None and command.name not in OWN:
            seal_rest()


def _demand_text(words: Sequence[str]) -> None:
    """End the command where a word of it is no text, which no database holds. A file may be named
    by any bytes."""
    for word in words:
        if not is_storable(word) and not Path(word).exists():
            complain(f"This is no text in UTF-8: {legible(word)}")
            sys.exit(USAGE)


def _set_up() -> None:
    import django

    from clientela.cli.exits import exits

    try:
        with exits():
            django.setup()  # reads the settings, of which one may be wrong
    except typer.Exit as refused:
        sys.exit(refused.exit_code)
    from clientela.cli.language import speak

    speak()


if __name__ == "__main__":
    main()
