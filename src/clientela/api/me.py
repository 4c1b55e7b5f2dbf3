"""Who is calling."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from clientela.api.forms import access_of
from clientela.security.roles import ACTS

router = Router(tags=["me"])


class CallerForm(Schema):
    username: str
    roles: list[str] = Field(description="names, as the reference of permissions has them")
    acts: list[str] = Field(description="what the caller may do somewhere, by name")


@router.get("", response=CallerForm)
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the caller's name, roles and acts."""
    access = access_of(request)
    return {
        "username": access.username,
        "roles": sorted(access.roles),
        "acts": sorted(act for act in ACTS if access.may(act)),
    }
