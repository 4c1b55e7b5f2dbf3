"""What the shared tables hold."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Parameter",
        "id name value valid_from set_by approved_by",
        cls="S1",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "ParameterProposal",
        "id public_id name value replaces valid_from proposed_by proposed_through proposed_at "
        "expires_at approved_by approved_at ended_by ended_at ended_reason",
        cls="S1",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "IdempotencyKey",
        "id user_id key request_digest status response created_at",
        cls="S3",
        purpose="operation",
        basis="legitimate_interest",
        keep="job",
    ),
    **facts(
        "SavedView",
        "id public_id user_id page name query created_at",
        cls="S1",
        purpose="operation",
        basis="contract",
        keep="account",
    ),
}
