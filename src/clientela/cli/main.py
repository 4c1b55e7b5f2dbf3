"""The program `clientela`. Each command is a file beside this one."""

import os
import sys

import django
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientela.settings.base")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customer file, credit, behaviour and protection in one system.",
)


def main() -> None:
    """Run one command; exit 0 done, 1 failed, 2 usage, 3 questions open, 4 refused."""
    django.setup()
    from clientela.cli.commands import register

    register(app)
    sys.exit(app(standalone_mode=True))


if __name__ == "__main__":
    main()
