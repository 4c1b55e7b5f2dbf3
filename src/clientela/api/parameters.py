"""Query parameters that several lists share, and filters as the description of the API tells them.

A filter without a meaning here is an error when the program starts: none goes without one.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import wraps
from inspect import signature
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from django.http import HttpRequest
from ninja import Query, Router

from clientela.kernel.reasons import Invalid, Reason
from clientela.store.paging import LARGEST

View = TypeVar("View", bound=Callable[..., Any])

Limit = Annotated[int, Query(description=f"items of a page, 1 to {LARGEST}")]
Cursor = Annotated[str, Query(description="`next` of the page before; without it, the first page")]
_SCHEMAS: dict[type, dict[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    Decimal: {"type": "string", "format": "decimal"},
}


def takes_filters(view: View) -> View:
    """Mark a view that reads the query itself, and refuses what is no filter of its own."""
    view.takes_filters = True  # type: ignore[attr-defined]
    return view


def only_own(view: View) -> View:
    """Let a view refuse what its query does not have, or has twice: a misspelt word, or the one
    of two values that is not read, would change the answer without one. Raises Invalid, naming
    each."""
    known = None if hasattr(view, "takes_filters") else frozenset(signature(view).parameters)

    @wraps(view)
    def asked(request: HttpRequest, *values: Any, **named: Any) -> Any:
        foreign = set(request.GET) - known if known is not None else set()
        twice = {name for name, given in request.GET.lists() if len(given) > 1} - foreign
        wrong = [Reason(code="filter_unknown", params={"field": n[:60]}) for n in sorted(foreign)]
        wrong += [
            Reason(code="parameter_given_twice", params={"field": n[:60]}) for n in sorted(twice)
        ]
        if wrong:
            raise Invalid(*wrong)
        return view(request, *values, **named)

    return asked  # type: ignore[return-value]


def answers_head(router: Router) -> Router:
    """Let a router answer HEAD as it answers GET; what serves it leaves the body out."""
    for path in router.path_operations.values():
        for operation in path.operations:
            if "GET" in operation.methods:
                operation.methods.append("HEAD")
    return router


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
