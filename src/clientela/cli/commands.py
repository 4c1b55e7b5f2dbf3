"""Which commands there are, and where each is found.

A command's module is loaded when the command is called: what answers in half a second may not
wait for the engines of the analyses. `about` is the first line of what the command says of
itself, kept here for the list of all; a test holds the two together.
"""

from dataclasses import dataclass
from importlib import import_module

import typer


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command: its name, its module beside this one and its function there."""

    name: str
    module: str
    function: str
    about: str
    hidden: bool = False
    alone: bool = False  # works without Django
    parts: frozenset[str] = frozenset()  # of one that works alone, the words with which it does not


COMMANDS = (
    Command(name="up", module="running", function="up",
            about="Make the database ready and serve pages and jobs until stopped."),
    Command(name="migrate", module="installing", function="migrate",
            about="Bring the database to this version of the product."),
    Command(name="worker", module="working", function="worker", hidden=True,
            about="Work jobs and seal events until stopped."),
    Command(name="appoint", module="appointing", function="appoint_officers",
            about="Name the administrator and the security officer of an installation that has none."),
    Command(name="reset-factor", module="second_factor", function="reset_factor",
            about="Take a lost second factor away, together with an officer: the one asks, "
            "the other confirms."),
    Command(name="reset-password", module="second_factor", function="reset_password",
            about="Make a link for a new password, together with an officer: the one asks, "
            "the other confirms."),
    Command(name="stop", module="installing", function="stop", alone=True,
            about="Stop pages, jobs and the private server, so that its folder can be copied."),
    Command(name="doctor", module="installing", function="doctor", alone=True,
            about="Say how the installation stands: server, database, keys, versions."),
    Command(name="settings", module="company_settings", function="app", alone=True,
            parts=frozenset({"figures", "propose", "approve", "decline"}),
            about="Show every setting in force and where it comes from; secrets never."),
    Command(name="version", module="installing", function="version", alone=True,
            about="Say which version of the product this is."),
    Command(name="demo", module="demonstrating", function="demo",
            about="Fill an empty database with a demo company, or import a public data set."),
    Command(name="import", module="importing", function="import_file",
            about="Bring a file in: read, map, check, load, and account for every row."),
    Command(name="imports", module="runs", function="app",
            about="Show the imports, newest first; take one back, keep its mapping, or give out its "
            "rejected rows."),
    Command(name="sources", module="sources", function="app",
            about="Show the sources of records, what mappings one keeps, or say whether it tells of "
            "payments."),
    Command(name="rates", module="rates", function="app",
            about="Show the exchange rates in force and those that are missing, or enter some."),
    Command(name="analyse", module="analysing", function="analyse",
            about="Answer one analysis over what the user reaches."),
    Command(name="refresh", module="refreshing", function="refresh",
            about="Bring the columnar copy up to date and store the classes that follow from it."),
    Command(name="records", module="ledger", function="app",
            about="Look at the ledger of what sources said, and rebuild customers from it."),
    Command(name="verify-audit", module="auditing", function="verify_audit",
            about="Check every sealed event, every signed checkpoint, and those kept outside."),
)  # fmt: skip


def named(name: str) -> Command | None:
    """Return the command of this name."""
    return next((one for one in COMMANDS if one.name == name), None)


def register(app: typer.Typer, *commands: Command) -> None:
    """Add commands to the program, all of them if none is given."""
    for one in commands or COMMANDS:
        found = getattr(import_module(f"clientela.cli.{one.module}"), one.function)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=one.name)
        else:
            app.command(one.name, hidden=one.hidden)(found)


def outline(app: typer.Typer) -> None:
    """Add every command with what it is for, and nothing behind it: enough for the list."""
    for one in COMMANDS:
        app.command(one.name, help=one.about, hidden=one.hidden)(_nothing)


def _nothing() -> None:
    """Stand for a command in the list of all."""
