"""What the trail holds: labels and digests, never a value of class S2 or higher."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Event",
        "id recorded_at actor_id actor on_behalf_of channel session address device "
        "request_id act object_type object_id customer_ids purpose fields_read before "
        "after rows result reasons product_version",
        cls="S1",
        purpose="security",
        basis="legal_duty",
        keep="trail",
    ),
    **facts(
        "Seal",
        "seq event_id leaf chain",
        cls="S1",
        purpose="security",
        basis="none",
        keep="trail",
    ),
    **facts(
        "Checkpoint",
        "size first root chain previous made_at database_id key_id signature",
        cls="S1",
        purpose="security",
        basis="none",
        keep="trail",
    ),
}
