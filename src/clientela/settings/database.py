"""The database connection of this process, in the role that this process has.

Every process works as `clientela_app`, which owns nothing and cannot bypass row
security. Only set-up (`clientela up`, migrations) asks for `owner`, by the environment
variable CLIENTELA_DATABASE_ROLE, in a process of its own.
"""

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from clientela.runtime.database import urls

POOL = {"min_size": 1, "max_size": 16, "timeout": 10}


def database() -> dict[str, Any]:
    """Return Django's settings for the one database."""
    role = os.environ.get("CLIENTELA_DATABASE_ROLE", "app")
    parts = conninfo_to_dict(getattr(urls(), role))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname"),
        "USER": parts.get("user"),
        "PASSWORD": parts.get("password"),
        "HOST": parts.get("host"),
        "PORT": str(parts.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c timezone=UTC -c search_path=public -c jit=off"},
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
