"""settings.md: every variable of the environment, and every versioned parameter."""

from clientela.analysis.defaults import STANDING
from clientela.analysis.registry import ANALYSES
from clientela.runtime.variables import VARIABLES
from docs.generators.markdown import code, table, titled

INTRODUCTION = """
Deployment comes from the environment and nothing else does. What a figure means comes from
parameters: each call may give its own, and every stored answer carries those it was computed with.
What a company may set for everybody has a name here: one person proposes a value, another approves
it, and it holds where a question does not say otherwise.
"""


def page() -> str:
    """Return the page."""
    variables = [[code(one.name), one.meaning, one.without] for one in VARIABLES]
    parameters = [
        [
            code(f"{analysis.name} {one.name}"),
            one.meaning,
            code("" if one.default is None else one.default),
            ", ".join(map(code, one.choices)) or _range(one.least, one.most),
        ]
        for analysis in ANALYSES.values()
        for one in analysis.parameters
    ]
    companys = [
        [
            code(one.name),
            one.parameter.meaning,
            code(one.parameter.default),
            _range(one.parameter.least, one.parameter.most),
            one.parameter.unit,
        ]
        for one in STANDING.values()
    ]
    return titled(
        "Settings",
        INTRODUCTION,
        "## Environment",
        table(["variable", "meaning", "without it"], variables),
        "## Parameters of analyses",
        table(["parameter", "meaning", "default", "allowed"], parameters),
        "## What a company may set",
        table(["name", "meaning", "as delivered", "allowed", "unit"], companys),
    )


def _range(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return ""
    return f"{'' if least is None else least} to {'' if most is None else most}"
