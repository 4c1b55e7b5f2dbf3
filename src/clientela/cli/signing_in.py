"""The sign-ins of a demo, which lie open, and the addresses that it is served to."""

from clientela.cli.output import as_rows
from clientela.demo import sign_ins
from clientela.kernel.reasons import Invalid, Reason
from clientela.store.selectors import is_demo

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def refuse_other_hosts(host: str) -> None:
    """Raise Invalid for an address beyond this machine: a demo's sign-ins lie open."""
    if is_demo() and host not in LOOPBACK:
        raise Invalid(Reason(code="demo_serves_this_machine_only", params={"host": host}))


def show_sign_ins() -> None:
    """Print the sign-ins of a demo as a table; nothing elsewhere."""
    if is_demo():
        rows = [(one.role, one.username, one.password, one.where) for one in sign_ins.kept()]
        as_rows(
            ("role", "user name", "password", "where"), rows, title="demo sign-ins",
            whole={"role", "user name", "password"}, wrapped={"where"},
        )  # fmt: skip
