"""What a new password must not be, beside short, common or like a name: nothing but a name.

A user name said twice, or with a year behind it, is long enough and unlike the name by the count
of its letters; it is what somebody tries first.
"""

import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientela.security.models import User


class NoNameValidator:
    """Refuse a password in which nothing but names of the user stand: once or more, with blanks,
    digits and signs between and around them, in whatever case and with or without accents."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for such a password."""
        if user is None:
            return
        names = [user.username, user.full_name, *user.full_name.split()]
        for kept in (str.isalpha, str.isalnum):  # a user name may be of digits alone
            parts = {_plain(name, kept) for name in names} - {""}
            if _made_of(_plain(password, kept), parts):
                raise ValidationError(self.get_help_text(), code="password_too_similar")

    def get_help_text(self) -> str:
        """Return what is said of it."""
        return _("The password is too like your name.")


def _plain(text: str, kept: Callable[[str], bool]) -> str:
    return "".join(filter(kept, unicodedata.normalize("NFKD", text).casefold()))


def _made_of(text: str, parts: set[str]) -> bool:
    """Tell whether a text is parts in a row, and at least one."""
    ends = {0}
    for at in range(len(text)):
        if at in ends:
            ends |= {at + len(part) for part in parts if text.startswith(part, at)}
    return bool(text) and len(text) in ends
