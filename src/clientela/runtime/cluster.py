"""The private PostgreSQL server of an installation: made, started, asked, stopped.

`start` may be called by any number of processes at any time. One of them works under a
lock, the others wait and find the server running. A server counts as running when it
answers on the socket and says that it serves this very folder and system identifier; a
process number alone says nothing. The server outlives whoever started it, and after the
end of any process, by whatever signal, the next start recovers.
"""

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from clientela.runtime import configuration, keys, launch, paths, programs, providers
from clientela.runtime.accounts import Account, make_passable, server_account
from clientela.runtime.launch import Answer
from clientela.runtime.locks import Busy, exclusive
from clientela.runtime.refusals import refuse

SUPERUSER = "postgres"
RECORD = "postgres.json"
LOCK_SECONDS = 180


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the data folder remembers of its cluster."""

    place: str  # the folder of the server's account, relative to the data folder if in it
    major: int
    identifier: str  # PostgreSQL's system identifier, drawn by initdb

    @property
    def home(self) -> Path:
        """The folder of the server's account: `data`, the log and nothing else."""
        return paths.data_dir() / self.place


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running private server."""

    folder: Path
    socket: Path
    major: int
    version: str
    log: Path


@dataclass(frozen=True, kw_only=True)
class Status:
    """`answer` without a record is `absent` with an empty folder: nothing was made yet."""

    answer: Answer
    folder: Path | None
    major: int | None
    log: Path | None


def start(*, durable: bool = True) -> Server:
    """Make the cluster if there is none, start it if it does not run, and return it.

    :param durable: False switches fsync off, for a cluster of tests that ends with them.
    :raises CannotStart: with a code of `refusals.SENTENCES`.
    """
    with _starter():
        record = _record()
        if record is None:
            record = _make(durable=durable)
        if not (record.home / "data" / "PG_VERSION").exists():
            raise refuse("cluster_lost", folder=record.home, record=_record_file())
        if ask(record) is not Answer.UP:
            _launch(record, durable=durable)
        return _server(record)


def stop() -> bool:
    """Stop the server in good order and tell whether it ran.

    :raises CannotStart: stop_failed.
    """
    with _starter():
        record = _record()
        if record is None or ask(record) is Answer.ABSENT:
            return False
        home = record.home
        account = server_account(home)
        bindir = _programs(account, record.major, record.home)
        done = account.run([bindir / "pg_ctl", "stop", "-D", home / "data", "-m", "fast", "-w"])
        if done.returncode != 0:
            raise refuse("stop_failed", folder=home, tail=done.stdout)
        with suppress(OSError):
            paths.socket_dir().rmdir()
        return True


def status() -> Status:
    """Tell what runs, without starting or making anything."""
    record = _record()
    if record is None:
        return Status(answer=Answer.ABSENT, folder=None, major=None, log=None)
    log = record.home / launch.LOG
    return Status(answer=ask(record), folder=record.home / "data", major=record.major, log=log)


def ask(record: Record) -> Answer:
    """Ask whoever answers on the socket who it is.

    :raises CannotStart: foreign_server, keys_do_not_fit.
    """
    socket = paths.socket_dir()
    if not (socket / f".s.PGSQL.{configuration.PORT}").exists():
        return Answer.ABSENT
    try:
        with psycopg.connect(sign_in(), connect_timeout=10, autocommit=True) as connection:
            folder, identifier = _identity(connection)
    except psycopg.OperationalError as error:
        said = str(error)
        # libpq gives no SQLSTATE for a refused connection; the server speaks English.
        if "password authentication failed" in said:
            raise refuse("keys_do_not_fit", role=SUPERUSER) from error
        waiting = ("is starting up", "is shutting down", "is in recovery", "not yet accepting")
        return Answer.STARTING if any(w in said for w in waiting) else Answer.ABSENT
    here = record.home / "data"
    if identifier != record.identifier or not (here.exists() and here.samefile(folder)):
        raise refuse("foreign_server", socket=socket, folder=folder)
    return Answer.UP


def sign_in() -> str:
    """Return how the superuser signs in, for psycopg.connect."""
    return make_conninfo(
        host=str(paths.socket_dir()),
        port=configuration.PORT,
        user=SUPERUSER,
        password=keys.password(SUPERUSER),
        dbname="postgres",
    )


def _identity(connection: "psycopg.Connection[tuple[str, str]]") -> tuple[str, str]:
    row = connection.execute(
        "select current_setting('data_directory'), system_identifier::text from pg_control_system()"
    ).fetchone()
    return row if row else ("", "")


def _make(*, durable: bool) -> Record:
    """Make the cluster beside its place and move it there when it is whole.

    A whole cluster without a record is taken over, never made anew: either the process
    that made it ended just then, or somebody deleted the record.
    """
    home = _home(server_account())
    if not (home / "data").exists():
        _initialise(home, durable=durable)
    account = server_account(home)
    major = int((home / "data" / "PG_VERSION").read_text(encoding="utf-8"))
    identifier = _identifier(account, _programs(account, major, home), home / "data")
    inside = home.is_relative_to(paths.data_dir())
    place = home.relative_to(paths.data_dir()) if inside else home
    record = Record(place=str(place), major=major, identifier=identifier)
    paths.replace(_record_file(), json.dumps(asdict(record)) + "\n")
    return record


def _initialise(home: Path, *, durable: bool) -> None:
    account = server_account(home)
    provider = providers.find()
    bindir = programs.runnable_by(account, provider)
    draft = home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    secret = home / "password"
    secret.unlink(missing_ok=True)
    paths.replace(secret, keys.password(SUPERUSER))
    account.give(secret)
    ctype = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    try:
        command = [str(bindir / "initdb"), "-D", str(draft), "-U", SUPERUSER]
        command += [f"--pwfile={secret}", "--auth=scram-sha-256"]
        command += configuration.locale_options(provider.major, ctype)
        done = account.run([*command, "--data-checksums" if durable else "--no-sync"])
    finally:
        secret.unlink()
    if done.returncode != 0:
        raise refuse("making_failed", folder=home, tail=done.stdout[-2000:])
    _settle(draft)
    draft.rename(home / "data")


def _settle(data: Path) -> None:
    """Let the settings come from our file, and let nobody in without a password."""
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\n{configuration.INCLUDE}")
    (data / "pg_hba.conf").write_text(configuration.SIGN_IN, encoding="utf-8")


def _identifier(account: Account, bindir: Path, data: Path) -> str:
    said = account.run([bindir / "pg_controldata", "-D", data]).stdout
    line = next((x for x in said.splitlines() if x.startswith("Database system identifier")), "")
    if not line:
        raise refuse("making_failed", folder=data, tail=said[-2000:])
    return line.split(":")[1].strip()


def _home(account: Account) -> Path:
    """Return the folder of the server's account, in the data folder if it can get there."""
    for base in (paths.data_dir(), paths.system_dir() / "installations" / paths.installation_id()):
        if base != paths.data_dir():
            make_passable(base)
            account.open_way(paths.system_dir())
        account.let_pass(paths.data_dir())
        home = base / "postgres"
        home.mkdir(exist_ok=True, mode=paths.PRIVATE)
        account.give(home)
        if account.can_enter(home):
            return home
        home.rmdir()
    raise refuse("making_failed", folder=home, tail=f"{account.name} cannot enter it")


def _launch(record: Record, *, durable: bool) -> None:
    home = record.home
    account = server_account(home)
    account.let_pass(paths.data_dir())
    bindir = _programs(account, record.major, record.home)
    socket = launch.private_socket_folder(account)
    settings = home / "data" / configuration.FILE
    paths.replace(settings, configuration.text(socket, durable=durable))
    account.give(settings)
    launch.launch(account, bindir, home, lambda: ask(record))


def _programs(account: Account, major: int, home: Path) -> Path:
    provider = providers.find(major)
    if provider.major != major:
        found = ", ".join(other.version for other in providers.available())
        raise refuse("other_major", folder=home, made=major, found=found)
    return programs.runnable_by(account, provider)


def _server(record: Record) -> Server:
    with psycopg.connect(sign_in(), autocommit=True) as connection:
        version = connection.info.parameter_status("server_version") or ""
    return Server(
        folder=record.home / "data",
        socket=paths.socket_dir(),
        major=record.major,
        version=version,
        log=record.home / launch.LOG,
    )


def _record_file() -> Path:
    return paths.data_dir() / RECORD


def _record() -> Record | None:
    file = _record_file()
    if not file.exists():
        return None
    return Record(**json.loads(file.read_text(encoding="utf-8")))


@contextmanager
def _starter() -> Iterator[None]:
    """Let one process at a time start or stop the server of this data folder."""
    began = time.monotonic()
    try:
        with exclusive(paths.data_dir() / "postgres.lock", seconds=LOCK_SECONDS):
            yield
    except Busy as error:
        seconds = round(time.monotonic() - began)
        raise refuse("start_under_way", folder=paths.data_dir(), seconds=seconds) from error
