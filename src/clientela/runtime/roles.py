"""The database roles of an installation, and its database.

`clientela_owner` owns the database and what is in it, and migrates. `clientela_app` is
every process at work; `clientela_reader` pulls the columnar copy. None of them is a
superuser, makes roles or bypasses row security, and only the owner owns anything. The
fourth role is the server's superuser, or whoever DATABASE_URL names: set-up alone signs
in with it. Everything here may be run again and again, by several processes at once.
"""

import contextlib

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from clientela.runtime import keys
from clientela.runtime.refusals import refuse

OWNER, APP, READER = ROLES = ("clientela_owner", "clientela_app", "clientela_reader")
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")  # all trusted: the database's owner may
MAINTENANCE = ("postgres", "template1")
Connection = psycopg.Connection[tuple[object, ...]]


def ensure(admin_url: str, *, app_url: str) -> None:
    """Make the three roles, the database that `app_url` names and its extensions.

    :param admin_url: a login that may create roles and databases. If all is in place
        already, any login will do and nothing is written.
    :raises CannotStart: cannot_set_up_roles, roles_of_another_installation,
        extension_missing, server_unreachable.
    """
    name = str(conninfo_to_dict(app_url)["dbname"])
    if complete(app_url):
        return
    try:
        with contextlib.closing(_maintenance(admin_url)) as connection:
            # One set-up at a time on a server; the lock goes with the connection.
            connection.execute("select pg_advisory_lock(hashtextextended('clientela set-up', 0))")
            for role in ROLES:
                _ensure_role(connection, role)
            _mark(connection)
            _ensure_database(connection, name)
            with psycopg.connect(admin_url, dbname=name, autocommit=True) as inside:
                _ensure_content(inside, name)
    except psycopg.errors.UndefinedFile as error:
        raise refuse("extension_missing", extension=", ".join(EXTENSIONS)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise refuse("cannot_set_up_roles", error=_first_line(error)) from error


def complete(app_url: str) -> bool:
    """Tell whether every role can sign in and nothing is left to make."""
    try:
        for role in (READER, OWNER):
            sign_in = make_conninfo(app_url, user=role, password=keys.password(role))
            psycopg.connect(sign_in, connect_timeout=10).close()
        with psycopg.connect(app_url, connect_timeout=10) as connection:
            row = connection.execute(
                "select count(*) from pg_extension where extname = any(%s)", [list(EXTENSIONS)]
            ).fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and row[0] == len(EXTENSIONS)


def close_to_others(connection: Connection, name: str) -> None:
    """Let only the roles of the installation connect to a database. Nobody but its owner
    makes temporary tables: one could stand in for a table that a function trusts."""
    owner, app, reader = map(sql.Identifier, ROLES)
    database = sql.Identifier(name)
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    connection.execute(sql.SQL("grant all on database {} to {}").format(database, owner))
    connection.execute(
        sql.SQL("grant connect on database {} to {}, {}").format(database, app, reader)
    )


def _maintenance(admin_url: str) -> Connection:
    """Connect to a database that is not ours, since ours may have to be made."""
    error: psycopg.OperationalError | None = None
    for name in (*MAINTENANCE, conninfo_to_dict(admin_url).get("dbname")):
        try:
            return psycopg.connect(admin_url, dbname=name, autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as failure:
            error = error or failure
    raise refuse("server_unreachable", error=_first_line(error)) from error


def _ensure_role(connection: Connection, role: str) -> None:
    name = sql.Identifier(role)
    known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if known:
        _refuse_foreign(connection, role)
    else:
        connection.execute(sql.SQL("create role {} login").format(name))
    # The server gets the verifier, never the password, which its log might keep.
    verifier = connection.pgconn.encrypt_password(
        keys.password(role).encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(sql.SQL("alter role {} login password {}").format(name, verifier.decode()))
    if role == READER:
        connection.execute(
            sql.SQL("alter role {} set default_transaction_read_only = on").format(name)
        )


def _refuse_foreign(connection: Connection, role: str) -> None:
    """Roles belong to a server, not to a database: two installations would share them."""
    row = connection.execute(
        "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = %s", [role]
    ).fetchone()
    remark = str(row[0]) if row and row[0] else ""
    if remark.startswith("keys ") and remark != f"keys {keys.fingerprint()}":
        raise refuse("roles_of_another_installation")


def _mark(connection: Connection) -> None:
    for role in ROLES:
        remark = f"keys {keys.fingerprint()}"
        statement = sql.SQL("comment on role {} is {}")
        connection.execute(statement.format(sql.Identifier(role), remark))


def _ensure_database(connection: Connection, name: str) -> None:
    known = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
    if not _is_superuser(connection):
        # Who gives a database to a role has to be able to act as that role.
        connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(OWNER)))
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    if known:
        connection.execute(sql.SQL("alter database {} owner to {}").format(database, owner))
    else:
        text = "create database {} owner {} template template0 encoding 'UTF8' {}"
        locale = sql.SQL(_locale(connection))
        connection.execute(sql.SQL(text).format(database, owner, locale))


def _ensure_content(connection: Connection, name: str) -> None:
    with connection.transaction():
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(OWNER)))
        for extension in EXTENSIONS:
            connection.execute(
                sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
            )
        connection.execute("revoke create on schema public from public")
        close_to_others(connection, name)


def _locale(connection: Connection) -> str:
    """Return the clause of `create database` that has trigram search see 北京."""
    if connection.info.server_version < 170000:
        return "locale 'C.UTF-8'"
    known = connection.execute(
        "select datctype from pg_database where datname = 'template0'"
    ).fetchone()
    template = str(known[0]) if known else ""
    ctype = template if template.upper().replace("-", "").endswith("UTF8") else "C.UTF-8"
    return (
        "locale_provider builtin builtin_locale 'C.UTF-8' "
        f"lc_collate 'C' lc_ctype {sql.Literal(ctype).as_string()}"
    )


def _is_superuser(connection: Connection) -> bool:
    return connection.info.parameter_status("is_superuser") == "on"


def _first_line(error: Exception | None) -> str:
    return str(error).strip().split("\n", 1)[0]
