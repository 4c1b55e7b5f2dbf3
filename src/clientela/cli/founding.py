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
    """Tell whether the database holds an installation; one that is being made is none yet."""
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(to_regclass('security_user'), 'select')")
        if not cursor.fetchone()[0]:  # null: there is no such table
            return False
    return active_user(SERVICE_ACCOUNT) is not None
