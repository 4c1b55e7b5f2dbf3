"""The one door through which a masked value becomes plain."""

import uuid
from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.masked import Masked
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.runtime.cases import case_in, examples
from clientela.security.permits import Access
from clientela.security.roles import FOR_A_CASE
from clientela.security.selectors import purposes_for


@transaction.atomic
def reveal(
    *,
    access: Access,
    value: Masked,
    field: str,
    field_class: str,
    customer_id: int,
    public_id: uuid.UUID,
    node_id: int,
    owner_id: int | None,
    purpose: str,
    at: datetime,
    note: str = "",
) -> str:
    """Return the plain value of one field of one customer, and write who saw it and why.

    Raises NotPermitted with every reason; Invalid when the purpose is not one of the
    user's for this class, when the class is shown for a case alone and the note begins with no
    number of one (that there is such a case nobody can look up here), or when the purpose asks
    for a note and there is none.
    """
    permit = access.may_reveal(field_class, node_id=node_id, owner_id=owner_id)
    if not permit:
        raise NotPermitted(*permit.reasons)
    known = {one.code: one for one in purposes_for(access, field_class)}
    if purpose not in known:
        params = {"field": "purpose", "known": ", ".join(known)}
        raise Invalid(Reason(code="purpose_unknown", params=params))
    says_nothing = not any(sign.isalnum() for sign in note)
    if field_class in FOR_A_CASE and not case_in(note):
        told = {"field_class": field_class, "like": examples()}
        raise Invalid(Reason(code="class_needs_a_case", params=told))
    if known[purpose].needs_note and says_nothing:
        raise Invalid(Reason(code="purpose_needs_a_note", params={"purpose": purpose}))
    record_event(
        act="security.field.revealed",
        at=at,
        subject=("records.Customer", public_id),
        customer_ids=[customer_id],
        fields_read={field: field_class},
        purpose=f"{purpose}: {note.strip()}" if note.strip() else purpose,
    )
    return value._unseal()
