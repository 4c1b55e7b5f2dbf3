"""What cases and surveys hold."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Case",
        "id public_id source number account customer org_node owner_id branch run_id "
        "digest recorded_at voided_at void_reason kind priority product lot handler "
        "received_at due_at first_answer_at resolved_at state cause outcome",
        cls="S1",
        purpose="service",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Survey",
        "id public_id source code name questions from_on to_on run_id recorded_at "
        "voided_at void_reason",
        cls="S0",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "SurveyInvitation",
        "id public_id source number account customer org_node owner_id branch run_id "
        "digest recorded_at voided_at void_reason survey invited_on",
        cls="S1",
        purpose="service",
        basis="legitimate_interest",
        keep="books",
    ),
    **facts(
        "SurveyAnswer",
        "id invitation survey question score choice answered_at run_id customer_id org_node_id "
        "owner_id voided_at",
        cls="S1",
        purpose="service",
        basis="legitimate_interest",
        keep="books",
    ),
}
