"""An installation made ready: the database started and migrated, the group founded."""

from datetime import datetime

from django.db import connection

from clientela.runtime import database
from clientela.security.selectors import active_user
from clientela.security.services.founding import SERVICE_ACCOUNT, found
from clientela.settings.setup import prepare_database
from clientela.store.context import system_context


def ready(*, at: datetime, name: str = "Group", currency: str = "") -> None:
    """Start the database, migrate, and found the installation where it is new."""
    prepare_database(database.prepare())
    with system_context("founding a new installation"):
        found(name=name, base_currency=currency.upper(), at=at)


def is_founded() -> bool:
    """Tell whether the database holds an installation."""
    if "security_user" not in connection.introspection.table_names():
        return False
    return active_user(SERVICE_ACCOUNT) is not None
