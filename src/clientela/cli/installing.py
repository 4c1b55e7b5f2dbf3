"""`clientela migrate`, `doctor` and `version`: the installation itself."""

import sys
from collections.abc import Sequence
from typing import Any

from clientela import __version__
from clientela.cli.exits import complain, exits
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows
from clientela.cli.sealing import late


def migrate() -> None:
    """Bring the database to this version of the product."""
    from clientela.runtime import database
    from clientela.settings.setup import prepare_database

    with exits():
        prepare_database(database.prepare())


def doctor(format_: FormatOption = Format.TABLE) -> None:
    """Say how the installation stands: server, database, keys, versions."""
    from clientela.runtime import database, paths

    with exits():
        urls = database.prepare()
        answer = {
            "data folder": str(paths.data_dir()),
            "key file": str(paths.key_file()),
            "database": "private" if database.is_private() else "DATABASE_URL",
            "server": _server(urls.app),
            "events without a seal": (waiting := _waiting(urls.app)),
            **_versions(),
        }
    as_json(answer) if format_ is Format.JSON else as_pairs("clientela", answer)
    if waiting:
        complain(late(waiting), code="unsealed")


def settings(format_: FormatOption = Format.TABLE) -> None:
    """Show every setting in force and where it comes from; secrets never."""
    from clientela.runtime.in_force import in_force

    with exits():
        found = in_force()
    if format_ is Format.JSON:
        as_json({"settings": [vars(one) for one in found]})
        return
    rows = [(one.name, one.value or one.without.replace("`", ""), one.origin) for one in found]
    as_rows(("setting", "value", "origin"), rows, whole={"setting"}, wrapped={"value"})


def stop(format_: FormatOption = Format.TABLE) -> None:
    """Stop pages, jobs and the private server, so that its folder can be copied.

    The next command starts the server; pages and jobs are started by `clientela up`.
    """
    from clientela.runtime import cluster, paths, serving

    with exits():
        ended = {"pages_and_jobs": serving.end(), "server": cluster.stop()}
    answer = {what: "stopped" if ran else "was not running" for what, ran in ended.items()}
    if format_ is Format.JSON:
        as_json(answer)
        return
    folder = paths.data_dir()  # another installation may well be running
    as_pairs(f"data folder {folder}", answer)


def version(format_: FormatOption = Format.TABLE) -> None:
    """Say which version of the product this is."""
    answer = _versions()
    as_json(answer) if format_ is Format.JSON else as_pairs("clientela", answer)


def _versions() -> dict[str, Any]:
    return {"clientela": __version__, "python": sys.version.split()[0]}


def _server(url: str) -> str:
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.info.parameter_status("server_version") or ""


def _waiting(url: str) -> int:
    """Return how many events wait for their seal too long; none where there is no trail yet."""
    import psycopg

    from clientela.audit.waiting import late_events

    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("select to_regclass('audit_seal')").fetchone() == (None,):
            return 0

        def ask(query: str, params: Sequence[Any]) -> tuple[int, str | None]:
            ((count, newest),) = connection.execute(query.encode(), params).fetchall()
            return int(count), newest

        return late_events(ask)
