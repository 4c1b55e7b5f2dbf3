"""`clientela verify-audit`: whether the trail is whole."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from clientela.audit.sealer import public_key
from clientela.audit.selectors import blocks, sealed_events, unsealed_count
from clientela.audit.verification import verify
from clientela.audit.waiting import late_events
from clientela.cli.exits import FAILED, complain, exits, misused
from clientela.cli.output import Format, FormatOption, as_json, as_pairs
from clientela.cli.principal import As, principal
from clientela.cli.sealing import asked, late
from clientela.runtime import paths


def verify_audit(
    anchors: Annotated[
        Path | None,
        typer.Option(
            help="File of checkpoints kept outside the database; else that of this installation."
        ),
    ] = None,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Check every sealed event, every signed checkpoint, and those kept outside.

    Events that wait for their seal longer than five seconds (`late`) are told; the trail is then
    not whole, and the command ends with 1.
    """
    with exits(), principal(as_, timezone.now()):
        kept = _lines(anchors or paths.audit_anchor(), must_exist=anchors is not None)
        verdict = verify(sealed_events(), blocks(), public_key(), anchors=kept)
        waiting = late_events(asked)
        answer = {
            "whole": bool(verdict) and not waiting,
            "events": verdict.events,
            "checkpoints": verdict.blocks,
            "anchors": len(kept),
            "unsealed": unsealed_count(),
            "late": waiting,
            "first_bad": verdict.first_bad,
            "why": verdict.why or ("unsealed" if waiting else ""),
        }
    as_json(answer) if format_ is Format.JSON else as_pairs("audit trail", answer)
    if waiting:
        complain(late(waiting), code="unsealed")
    if not verdict or waiting:
        raise typer.Exit(FAILED)


def _lines(file: Path, *, must_exist: bool) -> list[bytes]:
    """Return the lines of the file of checkpoints; none where the sealer has not written yet."""
    if file.is_file():
        return file.read_bytes().splitlines()
    if must_exist:
        raise misused(f"There is no file {file}.")
    return []
