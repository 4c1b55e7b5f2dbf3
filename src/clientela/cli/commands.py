"""Which commands there are."""

import typer

from clientela.cli import analysing, auditing, demonstrating, importing, ledger, running


def register(app: typer.Typer) -> None:
    """Add every command to the program."""
    app.command("up")(running.up)
    app.command("migrate")(running.migrate)
    app.command("worker", hidden=True)(running.worker)
    app.command("doctor")(running.doctor)
    app.command("demo")(demonstrating.demo)
    app.command("import")(importing.import_file)
    app.command("analyse")(analysing.analyse)
    app.command("refresh")(analysing.refresh)
    app.add_typer(ledger.app, name="records")
    app.command("verify-audit")(auditing.verify_audit)
