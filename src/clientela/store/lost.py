"""Whether the database itself did not answer, as against an act that it refused."""

import logging

import psycopg
from django.db import InterfaceError, OperationalError

# SQLSTATE: connection exceptions; a server that stops or starts; too many connections.
_LOST = ("08", "57P01", "57P02", "57P03", "53300")


def connection_lost(error: BaseException | None) -> bool:
    """Tell whether an error says that the database server cannot be reached, or left while asked.

    A connection that could not be made, or broke, has no SQLSTATE: the server did not get to give
    one. A statement that was too slow, or a deadlock, has one, and is no such error.
    """
    if isinstance(error, OperationalError | InterfaceError):
        error = error.__cause__ or psycopg.InterfaceError()  # Django's word for psycopg's
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_LOST)


class OneLine(logging.Filter):
    """Says of a lost database in one line what would be a screenful for every request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, that of a lost database without where in the code it was met."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if connection_lost(error):
            first = str(error).strip().split("\n", 1)[0]
            record.msg = f"{record.getMessage()}: the database does not answer: {first}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True
