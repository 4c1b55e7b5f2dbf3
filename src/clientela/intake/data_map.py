"""What imports hold. Rejected rows are sealed whole, since they may be about a person."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Mapping",
        "id name source kind definition saved_at saved_by",
        cls="S1",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "Run",
        "id public_id source new_source org_node owner_id kind file_name sha256 size file_path "
        "description sheet definition questions answers state dry_run staged loaded to_load read accepted "
        "rejected skipped flagged written amounts error started_by started_at "
        "finished_at undone taken_back_at taken_back_by is_whole",
        cls="S1",
        purpose="operation",
        basis="legitimate_interest",
        keep="run",
    ),
    **facts(
        "Run",
        "samples",
        cls="S4",
        purpose="operation",
        basis="legitimate_interest",
        keep="run",
    ),
    **facts(
        "Run",
        "sealed_key staging_key",
        cls="S5",
        purpose="security",
        basis="legitimate_interest",
        keep="run",
    ),
    **facts(
        "RejectedRow",
        "id run row_no line_no column value code params state corrected_by org_node_id owner_id",
        cls="S1",
        purpose="operation",
        basis="legitimate_interest",
        keep="run",
    ),
    **facts(
        "RejectedRow",
        "unit",
        cls="S1",
        purpose="operation",
        basis="legitimate_interest",
        keep="run",
    ),
    **facts(
        "RejectedRow",
        "raw",
        cls="S4",
        purpose="operation",
        basis="legitimate_interest",
        keep="run",
    ),
}
