"""What sign-in says, in the product's words: allauth's own are never shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

# allauth's template of a message -> what is said; a message without words here is not shown
MESSAGES: Words = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("The password was changed."),
    "account/messages/password_set.txt": _("The password was set."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is your second factor now."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is no longer a second factor."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "There are new recovery codes. Keep them safe: they are shown this once."
    ),
    "mfa/messages/webauthn_added.txt": _("The security key was added."),
    "mfa/messages/webauthn_removed.txt": _("The security key was removed."),
    "usersessions/messages/sessions_logged_out.txt": _("You are signed out everywhere else."),
}

# code of an error -> what is said
ERRORS: Words = {
    "account_inactive": _("This account is not active."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_password": _("This is not your password."),
    "incorrect_code": _("This code is not right, or it was used already."),
    "invalid_login": _("The user name or the password is not right."),
    "username_password_mismatch": _("The user name or the password is not right."),
    "invalid_password_reset": _("This link was used already, or it is too old."),
    "too_many_login_attempts": _("There were too many attempts. Wait a few minutes."),
    "rate_limited": _("There were too many attempts. Wait a few minutes."),
    "cannot_delete_authenticator": _("This second factor cannot be removed."),
    "cannot_generate_recovery_codes": _("Set up a second factor before recovery codes."),
}
PASSWORDS: Words = {
    "password_too_short": _("The password is too short: at least 12 characters."),
    "password_too_common": _("Many people use this password. Think of another one."),
    "password_too_similar": _("The password is too like your name."),
    "password_entirely_numeric": _("The password has digits only."),
}
OTHER_PASSWORD: str | Promise = _("This password cannot be used. Think of another one.")
REQUIRED: str | Promise = _("Fill in this field.")
DIFFERENT: str | Promise = _("The two passwords are not the same.")

LABELS: Words = {
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
    "name": _("Name of the key"),
    "passwordless": _("Sign in with this key alone"),
}
HINTS: Words = {
    "password1": _("At least 12 characters, no common password, and not your name."),
    "passwordless": _("The key then asks for its PIN or your fingerprint instead of a password."),
}
CODE_BY_APP: tuple[str | Promise, str | Promise] = (
    LABELS["code"],
    _("Six digits from the authenticator app, or a recovery code."),
)
RECOVERY_CODE: str | Promise = _("Recovery code")
WAYS: Words = {
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With a code"),
    "mfa_reauthenticate:webauthn": _("With a security key"),
}
# at each sign-in for two weeks, so that who came in first cannot hide it from the user
RESETS: dict[str, str | Promise] = {
    "factor": _(
        "Your second factor was taken away on %(on)s: %(asked)s asked, %(confirmed)s confirmed. "
        "If you did not want this, tell a security officer at once."
    ),
    "password": _(
        "A link for a new password of yours was made on %(on)s: %(asked)s asked, %(confirmed)s "
        "confirmed and received it. If you did not want this, tell a security officer at once."
    ),
}
KEY: str | Promise = _("Security key %(number)s")
