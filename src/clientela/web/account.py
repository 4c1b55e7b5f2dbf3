"""One's own language and appearance."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect

from clientela.kernel.reasons import Invalid, Reason
from clientela.security.services import change_preferences
from clientela.web.request import Request
from clientela.web.ways import following, sent_only


@login_not_required
@sent_only
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
    return redirect(following(request.POST.get("next", "")))
