"""How much of the machine one session on the columnar copy may take.

    CLIENTELA_QUERY_MEMORY    such as 2GB or 700MB; else a quarter of the machine's memory
    CLIENTELA_QUERY_THREADS   such as 8; else as many as there are cores, at most 4

It is said of one session: a process that answers several questions at once takes it several times.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

LEAST_MB = 256  # with less DuckDB fails where it could spill
MOST_THREADS = 4
UNKNOWN_MB = 4096  # a machine that does not tell its memory
_UNITS = {"MB": 1, "GB": 1024}


class BadSetting(ValueError):
    """A setting in the environment that cannot be read."""


@dataclass(frozen=True)
class Share:
    """What a session may take."""

    memory_mb: int
    threads: int


def share_of_machine(given: Mapping[str, str] = os.environ) -> Share:
    """Return what the settings say, else the defaults of this machine; raises BadSetting."""
    memory, threads = given.get("CLIENTELA_QUERY_MEMORY"), given.get("CLIENTELA_QUERY_THREADS")
    return Share(
        memory_mb=_megabytes(memory) if memory else max(memory_of_machine_mb() // 4, LEAST_MB),
        threads=_count(threads) if threads else min(_cores(), MOST_THREADS),
    )


def memory_of_machine_mb() -> int:
    """Return the machine's memory, or what a container may take of it."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError):
        return UNKNOWN_MB
    try:
        with open("/sys/fs/cgroup/memory.max") as limit:
            text = limit.read().strip()
    except OSError:
        return found
    return min(found, int(text) // 2**20) if text.isdigit() else found


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _megabytes(text: str) -> int:
    read = re.fullmatch(r"([0-9]+) ?(MB|GB)", text.strip().upper())
    size = int(read[1]) * _UNITS[read[2]] if read else 0
    if size < LEAST_MB:
        raise BadSetting(f"CLIENTELA_QUERY_MEMORY is {text}: say at least {LEAST_MB}MB")
    return size


def _count(text: str) -> int:
    if not text.strip().isdigit() or int(text) < 1:
        raise BadSetting(f"CLIENTELA_QUERY_THREADS is {text}: say a number from 1 on")
    return int(text)
