"""The settings of the private server, written anew at each start.

Nothing listens on TCP; the socket lies in a folder that only the server's account and
root can enter, and asks for a password there (SCRAM). Statements and row values are kept
out of the server's log, since they hold personal data.
"""

import os
from collections.abc import Mapping
from pathlib import Path

PORT = 5432  # only part of the socket's name
FILE = "clientela.conf"
INCLUDE = f"include_if_exists = '{FILE}'\n"
SIGN_IN = "local all all scram-sha-256\n"

ALWAYS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # set-up makes every table in a few transactions
    "work_mem": "16MB",
    "max_wal_size": "4GB",  # a large import else waits for a checkpoint every few seconds
    "jit": "off",  # costs more than it gives on the short queries of pages
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",  # the manager reads some of them
    "log_line_prefix": "%m [%p] %u ",
    "log_error_verbosity": "terse",  # the detail of a unique violation is the value
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",
}
DURABLE: Mapping[str, str] = {"fsync": "on", "full_page_writes": "on"}
THROWAWAY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1d",
    "wal_keep_size": "512MB",  # tests read the log; each database dropped beside them makes a checkpoint
}


def locale_options(major: int, ctype: str = "C.UTF-8") -> list[str]:
    """Return the options of initdb that make text sort by code point and trigrams see 北京.

    The library's own C.UTF-8 exists from 17 on; before, the C library's is taken. With
    plain C, every character outside ASCII is invisible to trigram search.
    """
    if major < 17:
        return ["--encoding=UTF8", f"--locale={ctype}"]
    return [
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--lc-collate=C",
        f"--lc-ctype={ctype}",
    ]


def text(socket_folder: Path, *, durable: bool) -> str:
    """Return the content of the settings file."""
    settings = {
        **ALWAYS,
        "shared_buffers": f"{_shared_buffers() if durable else 128}MB",
        **(DURABLE if durable else THROWAWAY),
        "unix_socket_directories": str(socket_folder),
    }
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())


def _shared_buffers() -> int:
    """Return an eighth of the machine's memory in megabytes, from 128 to 2,048.

    With less, the indexes of a few million documents are read from disk at each insert.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(memory // 8, 128), 2_048)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
