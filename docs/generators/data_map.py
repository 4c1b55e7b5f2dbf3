"""data-map.md: class, purpose, basis and retention of every stored field, from each part's map."""

from importlib import import_module
from itertools import groupby

from clientela.store.field_facts import RETENTION, Fact
from docs.generators.markdown import code, table, titled

INTRODUCTION = """
What is stored, how harmful it is in the wrong hands (S0 public to S5 secret), what for, on what
ground and for how long: the record of processing (GDPR, article 30; PIPL, article 51). A stored
field that is missing here fails the tests. Fields of one model with the same answers share a row.
"""


def page() -> str:
    """Return the page."""
    retention = table(["kept as", "how long"], [[code(n), text] for n, text in RETENTION.items()])
    return titled(
        "Data map", INTRODUCTION, "## Retention", retention, *(_part(name) for name in parts())
    )


def parts() -> list[str]:
    """Return the parts that have a map of their own, in the order of their names."""
    from django.apps import apps

    found = []
    for app in apps.get_app_configs():
        if app.name.startswith("clientela."):
            try:
                import_module(f"{app.name}.data_map")
            except ModuleNotFoundError:
                continue
            found.append(app.name.removeprefix("clientela."))
    return sorted(found)


def _part(name: str) -> str:
    facts: dict[str, Fact] = import_module(f"clientela.{name}.data_map").DATA_MAP
    by_model = sorted(facts.items(), key=lambda item: (item[0].rpartition(".")[0]))
    rows = []
    for model, fields in groupby(by_model, key=lambda item: item[0].rpartition(".")[0]):
        same: dict[Fact, list[str]] = {}
        for key, fact in fields:
            same.setdefault(fact, []).append(key.rpartition(".")[2])
        rows += [
            [code(model), ", ".join(names), f.field_class, f.purpose, f.basis, code(f.retention)]
            for f, names in sorted(same.items(), key=lambda item: item[0].field_class)
        ]
    head = ["model", "fields", "class", "purpose", "basis", "kept as"]
    return f"## {name}\n\n{table(head, rows)}"
