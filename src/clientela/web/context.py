"""What every page knows: who is signed in, and where that person may go."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame around each page."""
    return {"access": getattr(request, "access", None)}
