"""`clientela up`: set-up, then the page server and the worker."""

import sys
from typing import Annotated

import typer
from django.db import connections
from django.utils import timezone

from clientela.cli.appointing import say_vacant_offices
from clientela.cli.exits import error_console, exits
from clientela.cli.founding import ready
from clientela.cli.output import console, stage
from clientela.cli.signing_in import refuse_other_hosts, show_sign_ins
from clientela.runtime import address, paths, ports, processes, serving
from clientela.runtime.upkeep import server_kept_up


def up(
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    name: Annotated[str, typer.Option(help="Name of the group, at the first start.")] = "Group",
    currency: Annotated[
        str, typer.Option(help="Its currency; else that of the first import.")
    ] = "",
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the demo company first, if the database is empty.")
    ] = False,
) -> None:
    """Make the database ready and serve pages and jobs until stopped."""
    with exits():
        at = timezone.now()
        ports.have_free(host, port)
        address.keep(host, port)
        stage("database: making it ready")
        ready(at=at, name=name, currency=currency)
        if demo:
            from clientela.cli.demonstrating import load_default  # the whole demo company

            load_default(at)
        refuse_other_hosts(host)
        show_sign_ins()
        say_vacant_offices()
        serve(host, port)


def serve(host: str, port: int) -> None:
    """Run the page server and the worker until a signal comes; say when pages can be had."""
    python = sys.executable
    pages = [
        python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws",
        "clientela.settings.wsgi:application",
    ]  # fmt: skip
    jobs = [python, "-m", "clientela.cli.main", "worker"]
    for connection in connections.all():
        connection.close()
    with serving.serving(), server_kept_up(lambda fault: _show("server", fault)):
        processes.supervise(
            [
                processes.Program(name="pages", command=pages),
                processes.Program(name="jobs", command=jobs),
            ],
            logs=paths.log_dir(),
            show=_show,
            ready=lambda: ports.answers(host, port),
            started=lambda: console.print(f"Clientela: {address.shown(host, port)}"),
        )


def _show(name: str, line: str) -> None:
    error_console.print(f"{name}: {line}", markup=False)
