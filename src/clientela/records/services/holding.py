"""What one source says is written by one transaction at a time."""

from clientela.store.bulk import execute

_SPACE = 7_302  # advisory locks of sources, as `scope.find_payers` of the database takes them


def source_stands_still(source_id: int) -> None:
    """Let nobody else write what a source says until this transaction ends.

    Two that do not see yet what the other writes would each open the customer that both name, or
    leave a payment beside its invoice.
    """
    execute("select pg_advisory_xact_lock(%s, %s)", [_SPACE, source_id % 2**31])
