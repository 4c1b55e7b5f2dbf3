"""Whether an address can be served on, and whether somebody answers there."""

import socket

from clientela.runtime.refusals import refuse


def have_free(host: str, port: int) -> None:
    """Do nothing if `host`:`port` can be served on.

    Raises CannotStart: another program serves there, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise refuse("address_taken", host=host, port=port, error=error.strerror) from error


def answers(host: str, port: int) -> bool:
    """Tell whether a program accepts connections at `host`:`port`."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
