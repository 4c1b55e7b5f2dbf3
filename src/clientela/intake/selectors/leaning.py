"""Imports that left rows out because another import had brought what they say."""

from clientela.intake.models import Run
from clientela.store.context import system_context

SHOWN = 50


def leaning_on(run: Run) -> list[dict[str, object]]:
    """Return the imports that leave rows out for this one: run, file and rows, the newest first.

    Of the whole source, whoever asks: counts and names of files, nothing of any customer.
    """
    with system_context("who leans on an import is said before it is taken back"):
        found = Run.objects.filter(
            source=run.into, state=Run.State.DONE, flagged__leans_on__has_key=str(run.pk)
        ).order_by("-id")[:SHOWN]
        return [
            {
                "run": str(one.public_id), "file": one.file_name,
                "rows": one.flagged["leans_on"][str(run.pk)],
            }
            for one in found
        ]  # fmt: skip


def rows_gone(run: Run) -> int:
    """Return how many rows of a run are in no book: left out for an import that was taken back.

    None any more where the same file came in whole since.
    """
    if run.is_whole or run.state != Run.State.DONE:
        return 0
    leans: dict[str, int] = run.flagged.get("leans_on", {})
    with system_context("which rows of an import are gone"):
        again = Run.objects.filter(
            source=run.into, sha256=run.sha256, kind=run.kind, sheet=run.sheet,
            state=Run.State.DONE, is_whole=True, dry_run=False,
        )  # fmt: skip
        if again.exists():
            return 0
        ids = [int(key) for key in leans if key.isdecimal()]
        gone = Run.objects.filter(pk__in=ids).exclude(state=Run.State.DONE)
        return leans.get("", 0) + sum(leans[str(pk)] for pk in gone.values_list("pk", flat=True))
