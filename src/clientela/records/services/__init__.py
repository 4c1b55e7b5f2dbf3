"""Changing what is known: versions, links, and the customers that follow from them."""

from clientela.records.services.classes import hold_classes_back, keep_classes
from clientela.records.services.coming import bring_due
from clientela.records.services.desk import add_customer, archive_customer, correct_customer
from clientela.records.services.links import link_record, set_apart
from clientela.records.services.projection import project, rebuild
from clientela.records.services.retraction import retract_run
from clientela.records.services.sources import (
    add_source,
    demand_of_files,
    ensure_source,
    set_trust,
    source_for_import,
    source_to_be,
)
from clientela.records.services.statements import mention, state

__all__ = [
    "add_customer",
    "add_source",
    "archive_customer",
    "bring_due",
    "correct_customer",
    "demand_of_files",
    "ensure_source",
    "hold_classes_back",
    "keep_classes",
    "link_record",
    "mention",
    "project",
    "rebuild",
    "retract_run",
    "set_apart",
    "set_trust",
    "source_for_import",
    "source_to_be",
    "state",
]
