"""How each role reaches the database.

`DATABASE_URL` names a server; without it the private one is meant. The URLs follow from
the setting, the installation and the keys alone: computing them starts nothing, so
settings may be read where no server runs. `prepare` makes it all true.
"""

import os
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from clientela.runtime import check, cluster, configuration, keys, paths, roles, sandbox
from clientela.runtime.refusals import refuse

DATABASE = "clientela"


@dataclass(frozen=True, kw_only=True)
class Urls:
    """One URL a role. `superuser` is whoever DATABASE_URL names where that is set."""

    owner: str
    app: str
    reader: str
    superuser: str

    def of(self, role: str) -> str:
        """Return the URL of "owner", "app", "reader" or "superuser"."""
        return str(getattr(self, role))


def urls(database: str | None = None) -> Urls:
    """Return the URL of each role.

    :param database: another database of the same server than that of `name`.
    """
    server = _server()
    server["dbname"] = database or name()

    def signed(role: str) -> str:
        return url({**server, "user": role, "password": keys.password(role)})

    owner, app, reader = roles.ROLES
    return Urls(owner=signed(owner), app=signed(app), reader=signed(reader), superuser=url(server))


def name() -> str:
    """Return the database's name: CLIENTELA_DATABASE, that of DATABASE_URL, or "clientela"."""
    return os.environ.get("CLIENTELA_DATABASE") or _server().get("dbname") or DATABASE


def is_private() -> bool:
    """Tell whether the product runs a server of its own."""
    return not os.environ.get("DATABASE_URL")


def place() -> str:
    """Return host, port and database of the server, without a sign-in."""
    server = _server()
    host, port = server.get("host") or server.get("hostaddr", "localhost"), server.get("port", "")
    return f"{host}{':' if port else ''}{port}/{name()}"


def prepare(*, durable: bool | None = None) -> Urls:
    """Start the private server if it is ours to start, and make roles and database.

    Calling it again changes nothing.

    :param durable: False allows fsync off, for tests; a command that a test started takes
        it from the run of tests that it belongs to.
    :raises CannotStart: with every reason why the product must not run on this server.
    """
    durable = not sandbox.entered() if durable is None else durable
    if is_private():
        cluster.start(durable=durable)
    result = urls()
    roles.ensure(result.superuser, app_url=result.app)
    check.require(result.app, durable=durable)
    return result


def url(parts: dict[str, str]) -> str:
    """Return the URL of libpq's keywords, such as host, user and dbname."""
    rest = dict(parts)
    user, password = rest.pop("user", ""), rest.pop("password", "")
    name = rest.pop("dbname", "")
    sign = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    # The host stays a parameter: that holds for folders, addresses and lists of either.
    query = f"?{urlencode(rest, quote_via=quote)}" if rest else ""
    return f"postgresql://{sign}{'@' if sign else ''}/{quote(name, safe='')}{query}"


def _server() -> dict[str, str]:
    """Return libpq's keywords for the server, with the sign-in that set-up uses."""
    setting = os.environ.get("DATABASE_URL")
    if setting:
        try:
            read = conninfo_to_dict(setting)
        except ProgrammingError:  # repeats the setting, and with it the password
            raise refuse("database_url_unreadable") from None
        return {k: str(v) for k, v in read.items() if v is not None}
    return {
        "host": str(paths.socket_dir()),
        "port": str(configuration.PORT),
        "user": cluster.SUPERUSER,
        "password": keys.password(cluster.SUPERUSER),
    }
