"""How a command ends, and how it says why."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from clientela.kernel.reasons import NotPermitted, Refused
from clientela.runtime.refusals import CannotStart

DONE, FAILED, USAGE, QUESTIONS, REFUSED = range(5)
error_console = Console(stderr=True)


@contextmanager
def exits() -> Iterator[None]:
    """Turn refusals into a message and the exit code that is promised for them."""
    try:
        yield
    except Refused as refused:
        for reason in refused.reasons:
            params = ", ".join(f"{name}={value}" for name, value in reason.params.items())
            error_console.print(f"[red]{reason.code}[/red] {params}".rstrip())
        raise typer.Exit(REFUSED if isinstance(refused, NotPermitted) else FAILED) from refused
    except CannotStart as refused:
        error_console.print(f"[red]{refused}[/red]")
        raise typer.Exit(FAILED) from refused
