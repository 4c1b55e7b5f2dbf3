"""The private server, on every provider and as every kind of user that is here."""

import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientela.runtime import programs
from tests.runtime.conftest import Install, installing
from tests.runtime.installation import Installation, identities, provider_names

pytestmark = pytest.mark.slow
PROVIDERS = provider_names()
ROWS = """
with psycopg.connect(database.urls().owner) as c:
    c.execute("create table if not exists kept as select generate_series(1, 20000) as n")
"""
COUNT = """
with psycopg.connect(database.urls().owner) as c:
    say(c.execute("select count(*), sum(n) from kept").fetchone())
"""
STOP = """
from clientela.cli.main import main
sys.argv = ["clientela", "stop", "--format", "json"]
main()"""
KEPT = [20000, 200010000]


@pytest.fixture(scope="class", params=identities())
def account(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="class", params=PROVIDERS)
def bindir(request: pytest.FixtureRequest) -> Path:
    return PROVIDERS[str(request.param)]


@pytest.fixture(scope="class")
def installation(account: str, bindir: Path) -> Iterator[Installation]:
    """One for all tests of an account and a provider: each finds its server or starts it."""
    with installing() as install:
        yield install(account=account, bindir=bindir)


class TestStart:
    def test_serves_all_four_roles_and_outlives_the_starter(
        self, installation: Installation
    ) -> None:
        installation.run("database.prepare()")
        users = installation.run("""
u = database.urls()
say([psycopg.connect(url, autocommit=True).execute("select current_user").fetchone()[0]
     for url in (u.owner, u.app, u.reader, u.superuser)])
os._exit(sys.stdout.flush() or 0)""")
        assert users == ["clientela_owner", "clientela_app", "clientela_reader", "postgres"]

    def test_keeps_rows_through_kill_9_of_the_postmaster(self, installation: Installation) -> None:
        installation.run("database.prepare()" + ROWS)
        installation.kill(installation.postmaster())
        installation.run("cluster.start()")
        assert installation.run(COUNT) == KEPT

    def test_keeps_rows_through_kill_9_of_every_process(self, installation: Installation) -> None:
        installation.run("database.prepare()" + ROWS)
        everything = installation.processes()
        assert len(everything) > 3
        installation.kill(*everything)
        installation.run("cluster.start()")
        assert installation.run(COUNT) == KEPT

    def test_lets_nobody_in_but_by_the_socket_and_with_the_password(
        self, installation: Installation
    ) -> None:
        folder = Path(installation.run("database.prepare(); say(paths.socket_dir())"))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert installation.run("""
with psycopg.connect(database.urls().superuser) as c:
    say(c.execute("show listen_addresses").fetchone())""") == [""]
        assert (
            installation.run("""
for password in ("wrong", ""):
    try: psycopg.connect(cluster.sign_in(), password=password)
    except psycopg.OperationalError as error: text = str(error)
    assert "password" in text, text
say("refused")""")
            == "refused"
        )

    def test_sees_chinese_in_trigram_search(self, installation: Installation) -> None:
        installation.run("database.prepare()")
        assert installation.run("""
with psycopg.connect(database.urls().app) as c:
    say(c.execute("select similarity('北京贸易', '北京贸易有限公司'), lower('ÉÄ')").fetchone())
""") == [pytest.approx(0.4), "éä"]


class TestStartAgain:
    def test_finds_the_server_running_and_starts_none(self, install: Install) -> None:
        installation = install()
        installation.run("database.prepare()")
        before = installation.postmaster()
        began = time.monotonic()
        installation.run("database.prepare()")
        assert installation.postmaster() == before
        assert time.monotonic() - began < 10

    def test_by_six_processes_at_once_makes_one_server(self, install: Install) -> None:
        installation = install()
        code = "database.prepare(); say(cluster.start().folder)"
        starters = [installation.begin(code) for _ in range(6)]
        said = [starter.communicate(timeout=120) for starter in starters]
        assert [starter.returncode for starter in starters] == [0] * 6, [e for _, e in said]
        assert len({out for out, _ in said}) == 1
        serving = [
            n for n in installation.processes() if _parent(n) not in installation.processes()
        ]
        assert len(serving) == 1

    def test_after_stop_keeps_rows(self, install: Install) -> None:
        installation = install()
        installation.run("database.prepare()" + ROWS)
        assert installation.run(STOP) == {"pages_and_jobs": "was not running", "server": "stopped"}
        assert installation.run("say(cluster.status().answer)") == "absent"
        assert set(installation.run(STOP).values()) == {"was not running"}
        installation.run("cluster.start()")
        assert installation.run(COUNT) == KEPT

    def test_is_not_misled_by_a_pid_that_is_another_programs_now(self, install: Install) -> None:
        installation = install(account=identities()[-1])
        folder = Path(installation.run("database.prepare(); say(cluster.status().folder)"))
        pid_file = folder / "postmaster.pid"
        content = pid_file.read_text()
        installation.kill(*installation.processes())
        with installation.begin("import time; time.sleep(60)") as other:
            # The same user's process: PostgreSQL by itself would refuse to start beside it.
            pid_file.write_text(content.replace(content.split("\n")[0], str(other.pid), 1))
            installation.run("cluster.start()")
            assert installation.run("say(cluster.status().answer)") == "up"
            other.kill()

    def test_makes_the_cluster_anew_if_its_making_was_broken_off(self, install: Install) -> None:
        installation = install()
        code = "say(cluster._home(cluster.server_account()))"
        draft = Path(installation.run(code)) / "data.new"
        draft.mkdir()
        (draft / "PG_VERSION").write_text("18\n")
        installation.run("database.prepare()")
        assert installation.run("say(cluster.status().answer)") == "up"
        assert not draft.exists()

    def test_takes_over_a_cluster_whose_record_is_gone(self, install: Install) -> None:
        installation = install()
        installation.run("database.prepare()" + ROWS)
        installation.kill(*installation.processes())
        (installation.data / "postgres.json").unlink()
        installation.run("cluster.start()")
        assert installation.run(COUNT) == KEPT


class TestPlaces:
    def test_a_data_folder_under_a_closed_parent_stays_closed(self, install: Install) -> None:
        installation = install(name="closed/data", mode=0o700)
        folder = Path(installation.run("database.prepare(); say(cluster.status().folder)"))
        closed = installation.folder / "closed"
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        moved_out = not folder.is_relative_to(closed)
        assert moved_out == (os.geteuid() == 0)

    def test_is_found_beside_the_data_of_an_installation_of_roots_own(
        self, install: Install
    ) -> None:
        """Where no folder is named, root's data lie in the one that all installations share."""
        first = install(name="system")  # closed, as data folders are
        first.run("from clientela.runtime import paths; say(str(paths.data_dir()))")
        assert stat.S_IMODE(first.data.stat().st_mode) == 0o700
        second = install(name="closed/data", mode=0o700)
        shared = {"CLIENTELA_SYSTEM_DIR": str(first.data)}
        folder = Path(second.run("database.prepare(); say(cluster.status().folder)", **shared))
        assert folder.is_relative_to(first.data) == (os.geteuid() == 0)
        assert stat.S_IMODE(first.data.stat().st_mode) in (0o700, 0o710)

    def test_programs_under_a_closed_parent_are_run_from_a_copy(self, install: Install) -> None:
        base, parts = programs.layout(PROVIDERS[next(iter(PROVIDERS))])
        installation = install()
        closed = installation.folder / "closed"
        for part in parts:
            shutil.copytree(base / part, closed / part, symlinks=True)
        closed.chmod(0o700)
        bindir = next(closed.rglob("initdb")).parent
        installation.run("database.prepare()", CLIENTELA_PG_BINDIR=str(bindir))
        program = Path(f"/proc/{installation.postmaster()}/exe").readlink()
        assert program.is_relative_to(closed) == (os.geteuid() != 0)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    def test_a_path_longer_than_a_sockets_may_be_is_no_hindrance(self, install: Install) -> None:
        installation = install(name="/".join(["folder" * 8] * 4).lstrip("/"))
        socket_path = Path(installation.run("database.prepare(); say(paths.socket_dir())"))
        assert len(str(installation.data)) > 180
        assert len(str(socket_path / ".s.PGSQL.5432")) < 100

    def test_a_path_with_any_characters_is_no_hindrance(self, install: Install) -> None:
        installation = install(name='o\'clock $HOME `x` "客户" \\n')
        installation.run("database.prepare()" + ROWS)
        assert installation.run("say(cluster.stop())") is True
        installation.run("cluster.start()")
        assert installation.run(COUNT) == KEPT

    def test_a_data_folder_can_be_moved(self, install: Install) -> None:
        installation = install()
        installation.run("database.prepare()" + ROWS + "cluster.stop()")
        moved = Installation(
            folder=installation.folder,
            data=installation.folder / "elsewhere",
            account=installation.account,
        )
        installation.data.rename(moved.data)
        moved.run("cluster.start()")
        assert moved.run(COUNT) == KEPT
        moved.run("cluster.stop()")

    def test_a_copied_data_folder_gets_a_server_of_its_own(self, install: Install) -> None:
        first = install()
        first.run("database.prepare()" + ROWS + "cluster.stop()")
        second = install(beside=first, name="copy")
        subprocess.run(["cp", "-a", first.data, second.data], check=True)
        first.run("cluster.start()")
        second.run("""cluster.start()
with psycopg.connect(database.urls().owner) as c: c.execute("delete from kept")""")
        assert first.run(COUNT) == KEPT
        second.run("cluster.stop()")


class TestRefusals:
    def test_of_data_made_by_another_major_version(self, install: Install) -> None:
        majors = {name.split("-")[1].split(".")[0]: path for name, path in PROVIDERS.items()}
        old, new = sorted(majors, key=int)[0], sorted(majors, key=int)[-1]
        installation = install(bindir=majors[new])
        installation.run("database.prepare(); cluster.stop()")
        record = installation.data / "postgres.json"
        record.write_text(record.read_text().replace(f'"major": {new}', '"major": 14'))
        assert installation.refusal("cluster.start()") == ["other_major"]
        record.write_text(record.read_text().replace('"major": 14', f'"major": {new}'))
        programs = str(majors[old])
        expected = [] if old == new else ["other_major"]
        assert installation.refusal("cluster.start()", CLIENTELA_PG_BINDIR=programs) == expected

    def test_of_a_cluster_that_is_gone(self, install: Install) -> None:
        installation = install()
        folder = Path(installation.run("database.prepare(); say(cluster.status().folder)"))
        installation.kill(*installation.processes())
        shutil.rmtree(folder)
        assert installation.refusal("cluster.start()") == ["cluster_lost"]

    def test_of_a_socket_folder_that_others_may_enter(self, install: Install) -> None:
        installation = install()
        folder = Path(
            installation.run("database.prepare(); cluster.stop(); say(paths.socket_dir())")
        )
        folder.mkdir(mode=0o755)
        assert installation.refusal("cluster.start()") == ["socket_folder_taken"]
        folder.rmdir()
        folder.symlink_to(installation.folder)
        assert installation.refusal("cluster.start()") == ["socket_folder_taken"]
        folder.unlink()

    def test_of_keys_that_the_database_was_not_made_with(self, install: Install) -> None:
        installation = install()
        installation.run("database.prepare()")
        (installation.folder / "keys" / "own.key").unlink()
        (installation.data / "keys").unlink()  # as if no key file had ever been
        assert installation.refusal("cluster.start()") == ["keys_do_not_fit"]

    def test_of_a_folder_without_programs(self, install: Install) -> None:
        installation = install(bindir=Path("/nonexistent"))
        assert installation.refusal("cluster.start()") == ["programs_unusable"]

    def test_of_settings_that_the_server_will_not_start_with(self, install: Install) -> None:
        installation = install()
        folder = Path(
            installation.run("database.prepare(); cluster.stop(); say(cluster.status().folder)")
        )
        with (folder / "postgresql.conf").open("a") as file:
            file.write("\nnonsense = on\n")
        assert installation.refusal("cluster.start()") == ["start_failed"]


class TestForeignServer:
    def test_in_the_same_socket_is_recognised(self, install: Install) -> None:
        """A server that holds our socket but serves another folder is not ours."""
        installation = install()
        installation.run("database.prepare()")
        record = installation.data / "postgres.json"
        identifier = installation.run("say(cluster.status().folder)")
        assert identifier
        text = record.read_text()
        record.write_text(text.replace('"identifier": "', '"identifier": "9'))
        assert installation.refusal("cluster.start()") == ["foreign_server"]

    def test_that_no_longer_listens_is_not_taken_for_running(self, install: Install) -> None:
        installation = install()
        folder = Path(installation.run("say(paths.socket_dir())"))
        folder.mkdir(mode=0o700)
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(str(folder / ".s.PGSQL.5432"))
        account = installation.account if os.geteuid() != 0 else "postgres"
        shutil.chown(folder, account)
        shutil.chown(folder / ".s.PGSQL.5432", account)
        installation.run("database.prepare()")
        assert installation.run("say(cluster.status().answer)") == "up"


def _parent(number: int) -> int:
    text = Path(f"/proc/{number}/stat").read_text()
    return int(text.rsplit(")", 1)[1].split()[1])
