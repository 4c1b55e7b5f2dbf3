"""Query parameters that several lists share, and filters as the description of the API tells them.

A filter without a meaning here is an error when the program starts: none goes without one.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args, get_type_hints

from ninja import Query

from clientela.store.paging import LARGEST

Limit = Annotated[int, Query(description=f"items of a page, 1 to {LARGEST}")]
Cursor = Annotated[str, Query(description="`next` of the page before; without it, the first page")]
_SCHEMAS: dict[type, dict[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    Decimal: {"type": "string", "format": "decimal"},
}


def filters(of: type[Any], meanings: Mapping[str, str]) -> dict[str, Any]:
    """Return the filters of a list, a dataclass, as additions to its operation's description."""
    hints = get_type_hints(of)
    return {
        "parameters": [
            {
                "in": "query",
                "name": one.name,
                "required": False,
                "schema": _SCHEMAS[(get_args(hints[one.name]) or (hints[one.name],))[0]],
                "description": meanings[one.name],
            }
            for one in fields(of)
        ]
    }
