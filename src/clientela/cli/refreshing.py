"""`clientela refresh`: the columnar copy, and the classes that follow from it."""

from typing import Annotated, Any

import typer
from django.utils import timezone

from clientela.analysis.services import bring_up_to_date
from clientela.cli.exits import exits
from clientela.cli.output import Format, FormatOption, as_json, as_pairs
from clientela.cli.principal import As, principal


def refresh(
    full: Annotated[bool, typer.Option("--full", help="Load everything anew.")] = False,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Bring the columnar copy up to date and store the classes that follow from it."""
    with exits(), principal(as_, timezone.now()) as who:
        who.access.demand("analysis.run")
        done, classes = bring_up_to_date(at=timezone.now(), full=full)
    answer: dict[str, Any] = {"refreshed": done is not None, "classes_changed": classes}
    if done is not None:
        answer |= {"snapshot": done.snapshot, "seconds": round(done.seconds, 2)}
        answer["rows"] = {name: rows for name, rows in done.rows.items() if rows}
    if format_ is Format.JSON:
        as_json(answer)
        return
    rows = answer.pop("rows", {})
    told = {name.replace("_", " "): value for name, value in answer.items()}
    as_pairs("columnar copy", told | {f"rows: {name}": count for name, count in rows.items()})
