"""Lists that stand in the code, page by page as those of the database: same form, same limits."""

from collections.abc import Mapping
from typing import TypeVar

from django.core import signing

from clientela.kernel.reasons import Invalid, Reason
from clientela.store.paging import LARGEST

Item = TypeVar("Item")
SALT = "clientela.catalogues"


def page_of_names(
    items: Mapping[str, Item], *, cursor: str | None = None, size: int = 50
) -> tuple[list[Item], str | None]:
    """Return the items of a page by name, and the cursor of the following page.

    The cursor is the last name shown, so an item that a release adds shifts nothing. Raises
    Invalid for a cursor that is not ours, or a size that no page has.
    """
    if not 1 <= size <= LARGEST:
        params = {"field": "limit", "least": "1", "most": str(LARGEST)}
        raise Invalid(Reason(code="parameter_out_of_range", params=params))
    names = sorted(name for name in items if not cursor or name > _read(cursor))
    kept = names[:size]
    more = len(names) > size
    return [items[name] for name in kept], signing.dumps(kept[-1], salt=SALT) if more else None


def _read(cursor: str) -> str:
    try:
        return str(signing.loads(cursor, salt=SALT))
    except signing.BadSignature as error:
        raise Invalid(Reason(code="cursor_invalid")) from error
