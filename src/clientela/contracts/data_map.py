"""What agreements with customers hold."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Contract",
        "id public_id source number account customer org_node owner_id branch run_id "
        "digest recorded_at voided_at void_reason kind signed_on valid_from valid_to "
        "currency state ended_on renewed_by",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Contract",
        "value value_minor value_base_minor payment_days",
        cls="S3",
        purpose="credit",
        basis="contract",
        keep="books",
    ),
}
