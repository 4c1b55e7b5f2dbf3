"""What the lists of things to do hold."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "WorkItem",
        "id public_id kind subject_type subject_id params owner role org_node due_at "
        "state created_at created_by closed_at closed_by",
        cls="S1",
        purpose="operation",
        basis="contract",
        keep="run",
    ),
}
