"""Who is calling."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from clientela.api.forms import access_of
from clientela.security.roles import ACTS

router = Router(tags=["me"])


@router.get("", response=dict[str, Any])
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the caller's name, roles and acts."""
    access = access_of(request)
    return {
        "username": access.username,
        "roles": sorted(access.roles),
        "acts": sorted(act for act in ACTS if access.may(act)),
    }
