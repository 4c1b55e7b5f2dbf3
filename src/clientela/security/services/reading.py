"""The event of a request or command that showed somebody something of customers: of more than one
event names, several, so that none of them goes unnamed."""

from datetime import datetime

from clientela.audit.services import MOST_CUSTOMERS, record_event
from clientela.store.reading import Read

ACT = "records.customer.read"
# The most harmful class of what is shown of a kind of record, to who is shown all of it. What is
# masked is shown by an act of its own (`reveal`), with an event that names the field.
CLASSES = {
    "records.Customer": "S2",
    "records.Classification": "S1",
    "trade.Invoice": "S3",
    "trade.InvoiceLine": "S3",
    "trade.Order": "S3",
    "trade.Delivery": "S3",
    "trade.Payment": "S3",
    "trade.Allocation": "S3",
    "contracts.Contract": "S3",
    "contacts.Contact": "S2",
    "feedback.Case": "S2",
    "feedback.SurveyInvitation": "S2",
    "feedback.SurveyAnswer": "S2",
    "campaigns.PromotionTarget": "S1",
    "analysis": "S3",
}


def record_reading(read: Read, *, at: datetime, where: str) -> None:
    """Write whose records were shown, and of which kinds; nothing where none were.

    :param where: name of the page, operation or command.
    """
    customers = sorted(read.customers)
    for begin in range(0, len(customers), MOST_CUSTOMERS):
        some = customers[begin : begin + MOST_CUSTOMERS]
        record_event(
            act=ACT,
            at=at,
            subject=("reading", where),
            customer_ids=some,
            rows=len(some),
            fields_read={kind: CLASSES[kind] for kind in sorted(read.kinds)},
        )
