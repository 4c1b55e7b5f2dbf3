"""Rights at set-up, in a database where others have put things too."""

import psycopg

from clientela.runtime import database
from clientela.settings.setup import prepare_database


def test_leaves_the_functions_of_extensions_to_their_owner(fresh_database):
    """One that is not open to everybody is not ours to grant: set-up has to pass it by."""
    superuser = database.urls().superuser
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("create extension pg_stat_statements schema public")
    prepare_database(fresh_database)
    with psycopg.connect(fresh_database.app) as connection:
        may = "select has_function_privilege(p.oid, 'execute') from pg_proc p where proname = %s"
        assert connection.execute(may, ["pg_stat_statements_reset"]).fetchone() == (False,)
        assert connection.execute(may, ["in_base"]).fetchone() == (True,)
