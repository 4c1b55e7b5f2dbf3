"""Whether the mapping of a run can be applied, told before a job finds out."""

from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.model import Mapping as ColumnMapping
from clientela.intake.mapping.typer import Typer
from clientela.intake.models import Run
from clientela.intake.reading.description import Layout


def demand_fit(run: Run) -> None:
    """Raise Invalid when the settled mapping of a run does not fit: a constant that cannot be
    read, a column that is not there. A run that still asks is not judged."""
    if run.state != Run.State.RECEIVED:
        return
    layout = Layout.from_json(run.description["layout"])
    Typer(KINDS[run.kind], ColumnMapping.from_json(run.definition), layout.header)
