"""Every stored field says what it is, what for, on what ground and for how long."""

from importlib import import_module

import pytest
from django.apps import apps

from clientela.store.field_facts import RETENTION, Fact

OURS = (
    "store", "audit", "security", "worklist", "records", "trade", "contacts", "intake",
    "contracts", "campaigns", "feedback",
)  # fmt: skip


def declared() -> dict[str, Fact]:
    """Return the facts of every part, keyed app.Model.field."""
    found = {}
    for part in OURS:
        module = import_module(f"clientela.{part}.data_map")
        for key, fact in module.DATA_MAP.items():
            # A part speaks of its own models; security also of those of libraries.
            found[key if key.count(".") == 2 else f"{part}.{key}"] = fact
    return found


def stored() -> set[str]:
    """Return every column of every model, event tables of the history included."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if (not model._meta.proxy and model._meta.managed)
        or model._meta.app_label == "procrastinate"
        for field in model._meta.local_concrete_fields
    }


def without_history(key: str) -> str | None:
    """Return the tracked field of a history table's field, or None for its own columns."""
    app, model, field = key.split(".")
    if not model.endswith("Event") or app not in OURS or (app, model) == ("audit", "Event"):
        return key
    return None if field.startswith("pgh_") else f"{app}.{model.removesuffix('Event')}.{field}"


class TestDataMap:
    def test_says_of_every_field_what_it_is(self):
        known = declared()
        fields = {f for key in stored() if (f := without_history(key)) is not None}
        assert sorted(fields - known.keys()) == []

    def test_speaks_of_no_field_that_is_not_there(self):
        fields = {f for key in stored() if (f := without_history(key)) is not None}
        assert sorted(declared().keys() - fields) == []

    @pytest.mark.parametrize("part", OURS)
    def test_uses_known_words_only(self, part):
        for fact in import_module(f"clientela.{part}.data_map").DATA_MAP.values():
            assert fact.field_class in {"S0", "S1", "S2", "S3", "S4", "S5"}
            assert fact.retention in RETENTION
