"""Reading customers: scoped to the user, masked by field class."""

from clientela.records.selectors.as_of import Head, head_of
from clientela.records.selectors.classified import classes_wait_for, last_class_run
from clientela.records.selectors.customers import (
    Filters,
    Order,
    allowed_orders,
    customer_by_public_id,
    customers,
    name_of,
    named_customers,
    node_by_code,
    reaches_any_customer,
)
from clientela.records.selectors.edited import Edited, edited_since
from clientela.records.selectors.file import (
    BY_LEARNING,
    FileFact,
    current_day,
    file_of,
    ledger_facts,
    log_of,
    outer_values,
    shown_facts,
    statements_of,
    versions_of,
    whole_log,
)
from clientela.records.selectors.purchases import Purchases, purchases_of, told_of_any
from clientela.records.selectors.sources import (
    source_by_name,
    source_id_of,
    source_keys,
    source_names,
    sources,
)
from clientela.records.selectors.taken_back import TakenBack, taken_back

__all__ = [
    "BY_LEARNING",
    "Edited",
    "FileFact",
    "Filters",
    "Head",
    "Order",
    "Purchases",
    "TakenBack",
    "allowed_orders",
    "classes_wait_for",
    "current_day",
    "customer_by_public_id",
    "customers",
    "edited_since",
    "file_of",
    "head_of",
    "last_class_run",
    "ledger_facts",
    "log_of",
    "name_of",
    "named_customers",
    "node_by_code",
    "outer_values",
    "purchases_of",
    "reaches_any_customer",
    "shown_facts",
    "source_by_name",
    "source_id_of",
    "source_keys",
    "source_names",
    "sources",
    "statements_of",
    "taken_back",
    "told_of_any",
    "versions_of",
    "whole_log",
]
