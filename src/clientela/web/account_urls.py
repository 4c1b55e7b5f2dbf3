"""Sign-in: allauth's views under the names that allauth looks up. Nobody registers alone,
and nothing is sent by e-mail, so those addresses are not there."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.urls import path, re_path, register_converter
from django.views.decorators.http import require_http_methods

from clientela.store.opaque import conceal, disclose
from clientela.web.account import AskFactor


class Concealed:
    """A key of a row that the library puts into addresses: nobody outside is shown it."""

    regex = "[A-Za-z0-9_-]{20,60}"
    use = "security key in an address"

    def to_python(self, value: str) -> int:
        """Return the row's key. Raises ValueError, so that the address leads nowhere."""
        return int(disclose(value, use=self.use))

    def to_url(self, value: object) -> str:
        """Return what stands for the row's key."""
        return conceal(int(str(value)), use=self.use)


register_converter(Concealed, "concealed")
read_and_send = require_http_methods(["GET", "HEAD", "POST"])

_VIEWS = {
    "account_login": ("sign-in", account.login),
    "account_logout": ("sign-out", account.logout),
    "account_inactive": ("inactive", account.account_inactive),
    "account_reauthenticate": ("confirm", account.reauthenticate),
    "account_change_password": ("password", account.password_change),
    "account_reset_password_from_key_done": ("password/done", account.password_reset_from_key_done),
    "mfa_index": ("second-factor", mfa.index),
    "mfa_authenticate": ("second-factor/ask", AskFactor.as_view()),
    "mfa_reauthenticate": ("second-factor/confirm", mfa.reauthenticate),
    "mfa_activate_totp": ("second-factor/app/on", totp.activate_totp),
    "mfa_deactivate_totp": ("second-factor/app/off", totp.deactivate_totp),
    "mfa_view_recovery_codes": ("second-factor/codes", codes.view_recovery_codes),
    "mfa_generate_recovery_codes": ("second-factor/codes/new", codes.generate_recovery_codes),
    "mfa_list_webauthn": ("second-factor/keys", keys.list_webauthn),
    "mfa_add_webauthn": ("second-factor/keys/new", keys.add_webauthn),
    "mfa_remove_webauthn": ("second-factor/keys/<concealed:pk>/remove", keys.remove_webauthn),
    "mfa_edit_webauthn": ("second-factor/keys/<concealed:pk>", keys.edit_webauthn),
    "mfa_reauthenticate_webauthn": ("second-factor/keys/confirm", keys.reauthenticate_webauthn),
    "mfa_login_webauthn": ("sign-in/key", keys.login_webauthn),
    "usersessions_list": ("sessions", sessions.list_usersessions),
}


urlpatterns = [
    *(path(route, read_and_send(view), name=name) for name, (route, view) in _VIEWS.items()),
    re_path(
        r"^password/set/(?P<uidb36>[0-9a-f]{32})-(?P<key>.+)/$",
        read_and_send(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
