"""allauth's forms with the product's labels, hints and refusals."""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import forms as keys
from django.core.exceptions import ValidationError

from clientela.security.services.invitations import user_of_link
from clientela.web import account_words as words

if TYPE_CHECKING:
    from clientela.security.models import User


class Worded:
    """Give each field the product's words, and nothing of its own beside them."""

    fields: dict[str, Any]
    hints: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = words.LABELS.get(name, field.label)
            field.help_text = words.HINTS[name] if name in self.hints else ""
            field.error_messages["required"] = words.REQUIRED
            attrs = field.widget.attrs
            attrs.pop("placeholder", None)
            if name != "passwordless":
                attrs["class"] = "form-control"


class Twice:
    """A new password typed twice. allauth's refusal of two different ones has no code."""

    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        """Return what was typed. Raises ValidationError beside the second field."""
        given = super(account.PasswordVerificationMixin, self).clean() or self.cleaned_data  # type: ignore[misc]
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", ValidationError(str(words.DIFFERENT)))  # type: ignore[attr-defined]
        return dict(given)


class Confirm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class ChangePassword(Twice, Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one."""

    hints = ("password1",)


class WhoseLink(account.UserTokenForm):  # type: ignore[misc]
    """Whose link this is: told by the public id of the user, never by the key of the row."""

    def _get_user(self, uidb36: str) -> "User | None":
        return user_of_link(uidb36)


class SetPassword(Twice, Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password by a link."""

    hints = ("password1",)


class ByCode(Worded):
    """A code that the user has: without an authenticator app none but a recovery code."""

    user: "User"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_app = is_mfa_enabled(self.user, [Authenticator.Type.TOTP])
        code = self.fields["code"]
        code.label, code.help_text = words.CODE_BY_APP if by_app else (words.RECOVERY_CODE, "")


class Authenticate(ByCode, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in."""


class ConfirmByCode(ByCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more."""


class ActivateApp(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""


class AddKey(Worded, keys.AddWebAuthnForm):  # type: ignore[misc]
    """A new security key."""

    hints = ("passwordless",)


class EditKey(Worded, keys.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a security key."""
