"""Lists that stand in the code, page by page as those of the database: same form, same limits."""

from collections.abc import Mapping
from typing import TypeVar

from clientela.kernel.reasons import Invalid, Reason
from clientela.store.opaque import NotOurs, conceal, disclose
from clientela.store.paging import LARGEST

Item = TypeVar("Item")
USE = "names of a catalogue"


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
    return [items[name] for name in kept], conceal(kept[-1], use=USE) if more else None


def _read(cursor: str) -> str:
    try:
        return str(disclose(cursor, use=USE))
    except NotOurs as error:
        raise Invalid(Reason(code="cursor_invalid")) from error
