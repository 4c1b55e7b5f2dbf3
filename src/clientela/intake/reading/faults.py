"""A file that cannot be taken at all, and how its reasons are written."""

from clientela.kernel.reasons import Reason, Refused


class FileRefused(Refused):
    """The file is refused before any row of it is taken."""


def refuse(code: str, **params: object) -> FileRefused:
    """Return the exception for one reason; parameters become text."""
    return FileRefused(reason(code, **params))


def reason(code: str, **params: object) -> Reason:
    """Return a reason whose parameters are text. Cell contents never go in here: a reason is
    stored and audited in the plain."""
    return Reason(code=code, params={name: str(value) for name, value in params.items()})
