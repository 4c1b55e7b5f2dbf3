"""Imports that left rows out because another import had brought what they say."""

from django.db.models import Exists, OuterRef

from clientela.intake.models import Run
from clientela.store.context import system_context

SHOWN = 50


def readings_of(run: Run) -> list[str]:
    """Return the keys of the imports of the same file in the same reading: itself, and those that
    were taken back before it came again. Who leans on one of them leans on what came again."""
    same = Run.objects.filter(
        source=run.source, sha256=run.sha256, kind=run.kind, sheet=run.sheet, dry_run=False
    )
    return [str(pk) for pk in same.values_list("pk", flat=True)]


def leaning_on(run: Run) -> list[dict[str, object]]:
    """Return the imports that leave rows out for this one: run, file and rows, the newest first.

    Of the whole source, whoever asks: counts and names of files, nothing of any customer.
    """
    with system_context("who leans on an import is said before it is taken back"):
        keys = readings_of(run)
        found = (
            Run.objects.filter(
                source=run.into, state=Run.State.DONE, flagged__leans_on__has_any_keys=keys
            )
            .exclude(pk=run.pk)
            .order_by("-id")[:SHOWN]
        )
        return [
            {
                "run": str(one.public_id), "file": one.file_name,
                "rows": sum(one.flagged["leans_on"].get(key, 0) for key in keys),
            }
            for one in found
        ]  # fmt: skip


def rows_gone(run: Run) -> int:
    """Return how many rows of a run are in no book: left out for an import that was taken back.

    None any more where the same file came in whole since, or the one that it was left out for.
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
        back = Run.objects.filter(
            source=OuterRef("source"), sha256=OuterRef("sha256"), kind=OuterRef("kind"),
            sheet=OuterRef("sheet"), state=Run.State.DONE, is_whole=True, dry_run=False,
        )  # fmt: skip
        gone = Run.objects.filter(~Exists(back), pk__in=ids).exclude(state=Run.State.DONE)
        return leans.get("", 0) + sum(leans[str(pk)] for pk in gone.values_list("pk", flat=True))
