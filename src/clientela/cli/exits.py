"""How a command ends, and how it says why."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from clientela.kernel.reasons import Conflict, NotInScope, NotPermitted, Reason, Refused
from clientela.runtime.refusals import CannotStart

DONE, FAILED, USAGE, QUESTIONS, REFUSED = range(5)
# Said of the words on the command line, not of what they name.
_MISUSED = frozenset(
    ("source_name_invalid", "source_name_kept", "mapping_name_invalid", "mapping_unknown", "mappings_none", "mapping_of_another_kind",
     "unknown_kind", "unknown_field", "field_filled_twice", "column_filled_twice",
     "setting_unreadable", "question_not_offered", "question_not_asked", "answer_not_offered", "constant_invalid", "constant_share_unclear", "constant_not_offered", "question_invalid", "parameter_unknown",
     "parameters_none", "sales_region_unknown",
     "parameter_not_a_number", "parameter_not_a_choice", "parameter_out_of_range", "class_ends_before",
     "value_not_a_number", "value_out_of_range", "period_reversed", "day_out_of_range",
     "balance_has_no_from")
)  # fmt: skip
# Others are at it; or an office is another's, or nobody's beside the one held.
_REFUSED = frozenset(("run_is_worked_at", "office_is_held", "roles_conflict"))
error_console = Console(stderr=True)


@contextmanager
def exits() -> Iterator[None]:
    """Turn refusals into sentences and the exit code that is promised for them."""
    try:
        yield
    except Refused as refused:
        for reason in refused.reasons:
            complain(told(reason), code=reason.code)
        raise typer.Exit(exit_code(refused)) from refused
    except CannotStart as refused:
        complain(str(refused))
        raise typer.Exit(FAILED) from refused
    except BrokenPipeError as error:  # the reader has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(DONE) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        complain(f"{place}{error.strerror or error}")
        raise typer.Exit(FAILED) from error
    except Exception as error:
        from clientela.store.lost import connection_lost  # not before something failed

        if not connection_lost(error):
            raise
        complain(told(Reason(code="database_not_answering")), code="database_not_answering")
        raise typer.Exit(FAILED) from error


class NoSuchSource(NotInScope):
    """A command names a source that is not there for its user."""

    def __init__(self, name: str) -> None:
        super().__init__("source")
        self.reasons = (Reason(code="source_not_found", params={"source": name[:60]}),)


@contextmanager
def of_source(name: str | None) -> Iterator[None]:
    """Let a refusal of the source that a command names say its name."""
    try:
        yield
    except NotInScope as refused:
        if name is None or refused.reasons[0].params.get("kind") != "source":
            raise
        raise NoSuchSource(name) from refused


def exit_code(refused: Refused) -> int:
    """Return the exit code that is promised for a refusal."""
    if isinstance(refused, NotPermitted | NotInScope | Conflict):
        return REFUSED
    codes = {reason.code for reason in refused.reasons}
    if codes <= _REFUSED:
        return REFUSED
    return USAGE if codes <= _MISUSED else FAILED


def misused(text: str) -> typer.Exit:
    """Say how a command is used; return the end of it, to raise."""
    complain(text)
    return typer.Exit(USAGE)


def complain(text: str, *, code: str = "") -> None:
    """Print a sentence as it is: what looks like mark-up in a name is part of the name."""
    shown = Text(text, style="red")
    if code:
        shown.append(f" ({code})", style="dim")
    error_console.print(shown, soft_wrap=True)


def told(reason: Reason) -> str:
    """Return the sentence of a reason; of a code without one, the code and its parameters."""
    from clientela.store.wording import sentence  # Django's settings say where the words are

    try:
        return sentence(reason)
    except (KeyError, ValueError, TypeError):
        params = ", ".join(f"{name}={value}" for name, value in reason.params.items())
        return f"{reason.code} {params}".strip()
