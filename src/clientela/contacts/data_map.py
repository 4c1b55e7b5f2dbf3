"""What the ledger of contacts holds: that there was one, never what was said."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Contact",
        "id public_id source number account customer org_node owner_id branch run_id "
        "digest recorded_at voided_at void_reason at department direction channel kind "
        "is_proactive product_id category staff",
        cls="S1",
        purpose="service",
        basis="legitimate_interest",
        keep="books",
    ),
}
