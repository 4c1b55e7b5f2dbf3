"""What the product refuses to run on.

Asked of the server as the application's own role, at every start: what matters is what
that role meets and may do. Each question is one query, each answer a refusal or none.
"""

from collections.abc import Callable, Iterator

import psycopg

from clientela.runtime.providers import OLDEST_MAJOR
from clientela.runtime.refusals import CannotStart, Refusal
from clientela.runtime.roles import APP, EXTENSIONS, READER

Connection = psycopg.Connection[tuple[object, ...]]
WORKING_ROLES = (APP, READER)


def require(app_url: str, *, durable: bool = True) -> None:
    """Raise every refusal at once, or return.

    :param durable: False allows fsync off, for tests.
    :raises CannotStart: with the refusals of `refusals`, or server_unreachable.
    """
    found = refusals(app_url, durable=durable)
    if found:
        raise CannotStart(*found)


def refusals(app_url: str, *, durable: bool = True) -> list[Refusal]:
    """Return why the product must not run on this database; empty when nothing speaks
    against it."""
    try:
        with psycopg.connect(app_url, connect_timeout=10, autocommit=True) as connection:
            questions = QUESTIONS if durable else QUESTIONS[1:]
            return [refusal for question in questions for refusal in question(connection)]
    except psycopg.OperationalError as error:
        return [_refusal("server_unreachable", error=str(error).strip().split("\n", 1)[0])]


def _durability(connection: Connection) -> Iterator[Refusal]:
    for setting in ("fsync", "full_page_writes"):
        if _value(connection, f"show {setting}") == "off":
            yield _refusal("not_durable", setting=setting)


def _age(connection: Connection) -> Iterator[Refusal]:
    if connection.info.server_version < OLDEST_MAJOR * 10000:
        yield _refusal("server_too_old", version=_value(connection, "show server_version"))


def _encoding(connection: Connection) -> Iterator[Refusal]:
    encoding = _value(connection, "show server_encoding")
    if encoding != "UTF8":
        yield _refusal("encoding_not_utf8", encoding=encoding)


def _search(connection: Connection) -> Iterator[Refusal]:
    rows = connection.execute("select extname from pg_extension").fetchall()
    missing = [name for name in EXTENSIONS if (name,) not in rows]
    yield from (_refusal("extension_missing", extension=name) for name in missing)
    if "pg_trgm" not in missing and _value(connection, SEES_CHINESE) != "True":
        ctype = "select datctype from pg_database where datname = current_database()"
        yield _refusal("search_blind", ctype=_value(connection, ctype))


def _strength(connection: Connection) -> Iterator[Refusal]:
    for role in WORKING_ROLES:
        for (strong,) in connection.execute(STRONG, {"role": role}):
            yield _refusal("role_too_strong", role=role, strong=str(strong))
        if connection.execute(MAKES_ROLES, {"role": role}).fetchone():
            yield _refusal("role_may_make_roles", role=role)


def _ownership(connection: Connection) -> Iterator[Refusal]:
    for role in WORKING_ROLES:
        count, example = connection.execute(OWNED, {"role": role}).fetchone() or (0, "")
        if count:
            yield _refusal("role_owns_tables", role=role, count=str(count), example=str(example))


SEES_CHINESE = "select similarity('北京贸易', '北京贸易有限公司') > 0.2"
# Membership counts like the attribute itself: `set role` is all it takes.
STRONG = """
    select rolname from pg_roles
    where (rolsuper or rolbypassrls) and pg_has_role(%(role)s, oid, 'member')
      and (rolname = %(role)s
           or not exists (select from pg_roles where rolname = %(role)s and rolsuper))
    order by rolname"""
MAKES_ROLES = "select 1 from pg_roles where rolname = %(role)s and rolcreaterole"
OWNED = """
    select count(*), min(relation.oid::regclass::text)
    from pg_class relation
    join pg_roles owner on owner.oid = relation.relowner
    where relation.relkind in ('r', 'p', 'v', 'm', 'f')
      and relation.relpersistence <> 't'  -- of a session: an import makes them, and no row stays
      and pg_has_role(%(role)s, owner.oid, 'member')
      and not owner.rolsuper
      and not exists (select from pg_roles where rolname = %(role)s and rolsuper)"""
QUESTIONS: tuple[Callable[[Connection], Iterator[Refusal]], ...] = (
    _durability,
    _age,
    _encoding,
    _search,
    _strength,
    _ownership,
)


def _value(connection: Connection, query: str) -> str:
    row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def _refusal(code: str, **params: str) -> Refusal:
    return Refusal(code=code, params=params)
