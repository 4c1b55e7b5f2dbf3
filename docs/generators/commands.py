"""commands.md: every command with its options, from the program itself."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer

from clientela.cli.commands import register
from docs.generators.markdown import code, table, titled

KINDS: dict[Any, str] = {str: "text", int: "number", float: "number", Path: "file"}
EXITS = (
    (0, "done; rows may have been rejected"),
    (1, "failed"),
    (2, "misused"),
    (3, "questions are open; answer them and call again"),
    (
        4,
        "refused: the user may not, the record is out of reach or in another state, or another process is at it",
    ),
)


def page() -> str:
    """Return the page."""
    app = typer.Typer(add_completion=False)
    register(app)
    group = typer.main.get_command(app)
    introduction = (
        "`clientela COMMAND`. Figures and lists are printed as a table, or as JSON with `--format "
        "json`. Commands work on behalf of a user, with that user's reach, masks and events."
    )
    exits = "## Exit codes\n\n" + table(["code", "meaning"], EXITS)
    commands = [_command(name, one) for name, one in walk("clientela", group)]
    return titled("Commands", introduction, exits, *commands)


def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield every command that is shown, by its full name, in the order of the program."""
    if hasattr(command, "commands"):
        if command.invoke_without_command:  # it does something without a word behind it
            yield name, command
        for inner in command.commands.values():
            yield from walk(f"{name} {inner.name}", inner)
    elif not command.hidden:
        yield name, command


def _command(name: str, command: Any) -> str:
    about = " ".join((command.help or "").split())
    parameters = [one for one in command.params if not one.hidden]
    words = [one.opts[0].upper() for one in parameters if _is_argument(one)]
    head = f"## {' '.join([name, *words])}\n\n{about}"
    rows = [_parameter(one) for one in parameters if one.name != "help"]
    return f"{head}\n\n{table(['option', 'takes', 'without it', ''], rows)}" if rows else head


def _is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")


def _parameter(parameter: Any) -> list[object]:
    name = (
        parameter.opts[0].upper()
        if _is_argument(parameter)
        else ", ".join((*parameter.opts, *parameter.secondary_opts))
    )
    return [code(name), _takes(parameter), _without(parameter), parameter.help]


def _takes(parameter: Any) -> str:
    if getattr(parameter, "is_flag", False):
        return ""
    kind = parameter.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(code(one.value) for one in kind)
    if kind is int and parameter.min is not None and parameter.max is not None:
        return f"{parameter.min:,} to {parameter.max:,}"
    (inner,) = get_args(kind) or (kind,)
    several = ", several times" if parameter.multiple else ""
    return f"{KINDS[inner]}{several}"


def _without(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.default
    if default is None or default is False or default in ("", [], ()):
        return ""
    return code(getattr(default, "value", default))
