#!/usr/bin/env python3
"""One script for everything a developer types; the Makefile's targets call it.

It needs Python 3.11 and its standard library. Each step of set-up is keyed by a stamp of
its inputs, kept in the virtual environment, so a step whose inputs are as before costs
nothing. What the machine lacks is named with what to type; `test`, run as root on Debian,
installs it.
"""

from __future__ import annotations  # an older Python has to get as far as have_python

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "src" / "clientela" / "web" / "static" / "vendor"
LOCALE = ROOT / "src" / "clientela" / "locale"
OLDEST = (3, 11)
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")


# --- what the commands do


def run(arguments: Sequence[str]) -> int:
    """Set up and start the product with the demo company, on this machine alone."""
    set_up("run")
    return call([VENV / "bin" / "clientela", "up", "--demo", *arguments])


def setup(_: Sequence[str]) -> int:
    """Set up what the product needs, and start nothing."""
    set_up("run")
    say("done: .venv/bin/clientela up starts it")
    return 0


def test(arguments: Sequence[str]) -> int:
    """Set up, then every test on a real PostgreSQL and in a real browser."""
    set_up("dev", may_install=True)
    have_server_programs()
    have_browser()
    return pytest(*processes(), *arguments)


def fast(arguments: Sequence[str]) -> int:
    """Unit and spec tests on DuckDB alone, under a minute."""
    set_up("dev")
    folders = [f"tests/{name}" for name in ("house", "spec", "intake", "security", "records")]
    chosen = "not slow and not browser and not books"
    return pytest(*processes(), "-m", chosen, *(arguments or folders))


def lint(arguments: Sequence[str]) -> int:
    """Every check that runs no product code; all of them, even if the first fails."""
    set_up("dev")
    settings = {"DJANGO_SETTINGS_MODULE": "clientela.settings.test"}
    templates = "src/clientela/web/templates"
    results = [
        call(tool("ruff", "check", *arguments)),
        call(tool("ruff", "format", "--check", *arguments)),
        call(tool("lint-imports")),
        call(tool("mypy")),
        call(tool("django-admin", "makemigrations", "--check", "--dry-run"), **settings),
        call(tool("djlint", templates, "--lint", "--quiet")),
    ]
    return max(results)


def bench(arguments: Sequence[str]) -> int:
    """Speed against named rivals; with DATA=folder also the claims on public data."""
    set_up("dev")
    return call([PYTHON, "-m", "benchmarks", *arguments])


def prove(arguments: Sequence[str]) -> int:
    """The long figures, each with its result, into docs/reference/figures.md."""
    set_up("dev")
    have_server_programs()
    return call([PYTHON, "-m", "tests.prove", *arguments])


def docs(arguments: Sequence[str]) -> int:
    """Write the reference under docs/reference from what the code says."""
    set_up("dev")
    settings = {"DJANGO_SETTINGS_MODULE": "clientela.settings.test"}
    return call([PYTHON, "-m", "docs.generators", *arguments], **settings)


def pictures(arguments: Sequence[str]) -> int:
    """Take the pictures of the main pages into docs/images."""
    set_up("dev", may_install=True)
    have_browser()
    return call([PYTHON, "-m", "docs.pictures", *arguments])


def assets(arguments: Sequence[str]) -> int:
    """Install the pinned npm packages and copy the files that pages load."""
    environment("run")
    return call([PYTHON, ROOT / "assets" / "build.py", *arguments])


def lock(arguments: Sequence[str]) -> int:
    """Resolve every version anew into the lock files; needs uv."""
    uv = shutil.which("uv") or stop("uv is needed to make the locks.", "pip install uv")
    compile_ = [
        *(uv, "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"),
        *("--extra", "server", "--group", "assets", "--group", "build", *arguments),
    ]
    more = ["--extra", "retail", "--extra", "cluster", "--group", "dev"]
    environment("run")
    return max(
        call([*compile_, "-o", LOCKS["run"]]),
        call([*compile_, *more, "-o", LOCKS["dev"]]),
        call([PYTHON, ROOT / "assets" / "build.py", "--lock"]),
    )


# --- set-up


def set_up(kind: str, *, may_install: bool = False) -> None:
    """Have environment, assets and catalogues as the checkout wants them."""
    environment(kind, may_install=may_install)
    sources = [ROOT / "assets" / n for n in ("package-lock.json", "package.json", ".npmrc")]
    sources.append(ROOT / "assets" / "build.py")
    step("assets", sources, VENDOR.is_dir(), [PYTHON, ROOT / "assets" / "build.py"])
    texts = sorted(LOCALE.rglob("*.po"))
    compiled = all(text.with_suffix(".mo").exists() for text in texts)
    if texts:
        command = [PYTHON, ROOT / "tools" / "catalogue.py", "compile"]
        step("catalogues", texts, compiled, command)


def environment(kind: str, *, may_install: bool = False) -> None:
    """Have the virtual environment with the packages of a lock, and ours in it."""
    if not PYTHON.exists():
        have_venv(may_install=may_install)
        say("making the environment .venv")
        must(call([sys.executable, "-m", "venv", "--clear", VENV]))
    lock_file = ROOT / LOCKS[kind]
    held = stamp([ROOT / LOCKS["dev"]])
    if kind == "run" and read_stamp("packages-dev") == held:
        kind = "dev"  # the larger set is here already
        lock_file = ROOT / LOCKS[kind]
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    step(
        f"packages-{kind}",
        [lock_file],
        True,
        [*pip, "--require-hashes", "--requirement", lock_file],
    )
    ours = [*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT]
    step("own-package", [ROOT / "pyproject.toml"], (VENV / "bin" / "clientela").exists(), ours)


def step(name: str, sources: Iterable[Path], present: bool, command: Sequence[object]) -> None:
    """Run a step of set-up unless it was done with these very inputs and left its result."""
    key = stamp(sources)
    if present and read_stamp(name) == key:
        return
    say(f"set-up: {name}")
    stamp_file(name).unlink(missing_ok=True)
    must(call(command))
    stamp_file(name).parent.mkdir(exist_ok=True)
    stamp_file(name).write_text(key, encoding="utf-8")


def stamp(sources: Iterable[Path]) -> str:
    """Return a digest of the inputs of a step, the version of Python among them."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for source in sources:
        digest.update(f"{source.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def stamp_file(name: str) -> Path:
    """Return where a step's stamp is: in the environment, so that it goes when that goes."""
    return VENV / "stamps" / name


def read_stamp(name: str) -> str | None:
    """Return the inputs that a step was last done with."""
    file = stamp_file(name)
    return file.read_text(encoding="utf-8") if file.exists() else None


# --- what the machine has to have


def have_python() -> None:
    """Go on with a newer Python if this one is too old and another is here."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            os.execv(other, [other, *sys.argv])
    version = ".".join(map(str, OLDEST))
    stop(f"Python {version} or later is needed.", "on Debian 12 or later: apt install python3")


def have_venv(*, may_install: bool) -> None:
    """See that this Python can make environments; Debian packs that apart."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not (may_install and apt("python3-venv")):
        stop(
            "This Python cannot make a virtual environment: ensurepip is missing.",
            f"on Debian: sudo apt install python3-venv   (or {package})",
        )


def have_server_programs() -> None:
    """See that there is a PostgreSQL to start; the wheel in the lock brings one nearly
    everywhere."""
    look = "from clientela.runtime import providers; providers.find()"
    if quiet([PYTHON, "-c", look]) == 0:
        return
    if not (apt("postgresql") and quiet([PYTHON, "-c", look]) == 0):
        stop(
            "No PostgreSQL 15 or later can be run here.",
            "on Debian: sudo apt install postgresql   on macOS: brew install postgresql@18",
        )


def have_browser() -> None:
    """See that there is a Chromium for the tests of pages."""
    from tests.browser.executable import find

    if find() is None and not (apt(*BROWSER_PACKAGES) and find()):
        stop(
            "The tests of pages need Chromium or Chrome.",
            f"on Debian: sudo apt install {' '.join(BROWSER_PACKAGES)}   "
            "elsewhere: install Chrome, or set CLIENTELA_BROWSER to its program",
        )


def apt(*packages: str) -> bool:
    """Install packages if this is root on Debian, and tell whether that went well."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"installing {', '.join(packages)}")
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return call(["apt-get", "update", "-qq"], **quietly) == 0 and call(install, **quietly) == 0


# --- small things


def tool(name: str, *arguments: object) -> list[object]:
    """Return the command line of a program of the environment."""
    return [VENV / "bin" / name, *arguments]


def pytest(*arguments: str) -> int:
    """Run the tests; no test at all counts as a failure (pytest's status 5)."""
    return call([PYTHON, "-m", "pytest", *arguments])


def processes() -> tuple[str, ...]:
    """Run a test process a core and one more, four at most: each waits for servers and browsers by
    turns. Whoever is done takes over from the others."""
    return ("-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal")


def call(command: Sequence[object], **environment_: str) -> int:
    """Run a program from the checkout to its end and return its status."""
    own = {"CLIENTELA_DATA_DIR": str(ROOT / ".local")}
    merged = {**own, **os.environ, "PYTHONPATH": str(ROOT / "src"), **environment_}
    try:
        return subprocess.run(
            [str(c) for c in command], cwd=ROOT, env=merged, check=False
        ).returncode
    except KeyboardInterrupt:
        return 130
    except FileNotFoundError as error:
        say(f"{error.filename} is not there")
        return 127


def quiet(command: Sequence[object]) -> int:
    """Run a program and keep what it says to ourselves."""
    done = subprocess.run(
        [str(c) for c in command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
    )
    return done.returncode


def must(status: int) -> None:
    """End with the status of a step that failed."""
    if status != 0:
        raise SystemExit(status)


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"· {text}", file=sys.stderr, flush=True)


def stop(problem: str, remedy: str) -> str:
    """End, naming what is missing and what to type."""
    raise SystemExit(f"{problem}\n  {remedy}")


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    command.__name__: command
    for command in (run, setup, test, fast, lint, bench, prove, docs, assets, pictures, lock)
}


def main(arguments: Sequence[str]) -> int:
    """Run one command, with the rest of the line passed on to what it starts."""
    if not arguments or arguments[0] not in COMMANDS:
        lines = (f"  {name:9} {command.__doc__}" for name, command in COMMANDS.items())
        print("usage: python3 dev.py COMMAND [ARGUMENTS]", *lines, sep="\n")
        return 2
    have_python()
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
