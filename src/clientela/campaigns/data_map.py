"""What promotions hold, and how customers answered them."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Promotion",
        "id public_id source code name from_on to_on category_1 category_2 category_3 "
        "cut_bp run_id recorded_at voided_at void_reason",
        cls="S0",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "PromotionTarget",
        "id public_id source number account customer org_node owner_id branch run_id "
        "digest recorded_at voided_at void_reason promotion group begins_on response "
        "reason responded_on",
        cls="S1",
        purpose="trade",
        basis="legitimate_interest",
        keep="books",
    ),
}
