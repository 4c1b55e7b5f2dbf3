"""Two commands bring one file at one moment: it is in the books once."""

import subprocess
from decimal import Decimal

import psycopg
import pytest

from tests.survival import sales_file
from tests.survival.test_import_survives_kill import DOCUMENTS, DONE, answer, asked, command

# As the application would, in the middle of a load: a second run of the same reading.
TWICE = """
    insert into intake_run (public_id, source_id, org_node_id, kind, file_name, sha256, size,
        file_path, description, definition, questions, answers, state, dry_run, staged, loaded,
        to_load, read, accepted, rejected, skipped, flagged, written, amounts, started_by,
        started_at, taken_back_by)
    select gen_random_uuid(), source_id, org_node_id, kind, file_name, sha256, size,
        file_path, description, definition, questions, answers, 'loading', dry_run, staged, loaded,
        to_load, read, accepted, rejected, skipped, flagged, written, amounts, started_by,
        started_at, taken_back_by
    from intake_run limit 1"""


class TestTwo:
    def test_bring_a_file_once(self, fresh_database, tmp_path, founded):
        file, url = tmp_path / "sales.csv", fresh_database.superuser
        sales_file.write(file, rows=6_000, seed=3)
        both = [
            subprocess.Popen(command(file, "shop"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        ends = [run.communicate(timeout=300) for run in both]
        codes = sorted(run.returncode for run in both)
        assert codes[0] == 0, ends
        assert all(b"Traceback" not in error for _, error in ends), ends
        assert asked(url, DONE, "shop") == [(1,)]
        assert asked(url, "select count(*) from intake_run") == [(1,)]
        wanted = sales_file.expected(file)
        found = {
            number: (lines, Decimal(net) / 100)
            for number, lines, net, _, _ in asked(url, DOCUMENTS, "shop")
        }
        assert found == wanted["documents"]
        again = answer(file, "shop")
        assert again["state"] == "already_imported"
        assert again["totals"] == {
            "read": wanted["read"], "accepted": 0, "rejected": 0, "skipped": wanted["read"],
        }  # fmt: skip
        assert again["by_reason"] == [
            {"code": "imported_already", "outcome": "skipped", "rows": wanted["read"]}
        ]
        with (
            pytest.raises(psycopg.errors.UniqueViolation, match="file_is_imported_once"),
            psycopg.connect(url) as connection,
        ):
            connection.execute(TWICE)
