"""What every page knows: who is signed in, where that person may go, how it should look."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from clientela.store.selectors import is_demo
from clientela.web.navigation import ADMINISTRATION, DAILY, places
from clientela.web.ways import page_to_read


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame around each page."""
    access = getattr(request, "access", None)
    match = request.resolver_match
    view = match.view_name if match else ""
    user = request.user
    return {
        "access": access,
        "at": getattr(request, "at", None),
        "daily": places(access, view, DAILY),
        "administration": places(access, view, ADMINISTRATION),
        "theme": user.theme if user.is_authenticated else "auto",
        "languages": [(code, LANGUAGE_NAMES[code]) for code, _ in settings.LANGUAGES],
        "demo": is_demo(),
        "here": page_to_read(request),
        "takes_passkeys": _has_a_name(request),
    }


def _has_a_name(request: HttpRequest) -> bool:
    """Tell whether the page was asked for by a name: addresses of digits get no passkey."""
    host = split_domain_port(request.get_host())[0].strip("[]")
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


# Each in its own language, so that whoever is lost can find it.
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文", "es": "español"}
