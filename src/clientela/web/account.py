"""One's own language and appearance."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from clientela.kernel.reasons import Invalid, Reason
from clientela.security.services import change_preferences
from clientela.web.request import Request
from clientela.web.sessions import is_own_path


@login_not_required
@require_POST
def preferences(request: Request) -> HttpResponse:
    """Change language or appearance; before sign-in, the language for this session."""
    language = request.POST.get("language") or None
    theme = request.POST.get("theme") or None
    if request.access is not None:
        change_preferences(access=request.access, at=request.at, language=language, theme=theme)
    elif language in dict(settings.LANGUAGES):
        request.session["language"] = language
    else:
        raise Invalid(Reason(code="preference_unknown"))
    following = request.POST.get("next", "")
    return redirect(following if is_own_path(following) else "/")
