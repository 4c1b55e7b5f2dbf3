"""`clientela verify-audit`: whether the trail is whole."""

import typer
from django.utils import timezone

from clientela.audit.sealer import public_key
from clientela.audit.selectors import blocks, sealed_events, unsealed_count
from clientela.audit.verification import verify
from clientela.cli.exits import FAILED, exits
from clientela.cli.output import Format, FormatOption, as_json, as_pairs
from clientela.cli.principal import As, principal


def verify_audit(as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Check every sealed event and every signed checkpoint."""
    with exits(), principal(as_, timezone.now()):
        verdict = verify(sealed_events(), blocks(), public_key())
        answer = {
            "whole": bool(verdict),
            "events": verdict.events,
            "checkpoints": verdict.blocks,
            "unsealed": unsealed_count(),
            "first_bad": verdict.first_bad,
            "why": verdict.why,
        }
    as_json(answer) if format_ is Format.JSON else as_pairs("audit trail", answer)
    if not verdict:
        raise typer.Exit(FAILED)
