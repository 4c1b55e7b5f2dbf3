"""Rows of every kind of entry, for the laws that hold for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from clientela.campaigns.services import load_promotions, load_targets
from clientela.contacts.services import load_contacts
from clientela.contracts.services import load_contracts
from clientela.feedback.services import (
    load_answers,
    load_cases,
    load_invitations,
    load_surveys,
)
from clientela.records.models import Source
from tests.factories import NOON, Company

QUESTIONS = [
    {"code": "nps", "kind": "score", "low": 0, "high": 10, "text": {"en": "Recommend us?"}},
    {"code": "why", "kind": "choice", "choices": ["price", "service"], "text": {"en": "Why?"}},
]


@dataclass(frozen=True)
class Books:
    """Loads one row of a kind: `books.case("N-1", "account", run_id=7, state="new")`."""

    company: Company

    @property
    def source(self) -> int:
        return Source.objects.get(name="erp").pk

    def contact(self, number: str, account: str, run_id: int = 1, **other: Any) -> int:
        said = {
            "at": NOON, "department": "sales", "direction": "out", "channel": "phone",
            "kind": "offer", "is_proactive": True, "product_id": None, "category": "",
            "staff_id": None,
        }  # fmt: skip
        return self._load(load_contacts, number, account, run_id, said | other)

    def case(self, number: str, account: str, run_id: int = 1, **other: Any) -> int:
        said = {
            "kind": "complaint", "priority": "high", "product": None, "lot": "",
            "handler_id": None, "received_at": NOON, "due_at": None, "first_answer_at": None,
            "resolved_at": None, "state": "new", "cause": "", "outcome": "",
        }  # fmt: skip
        return self._load(load_cases, number, account, run_id, said | other)

    def survey(self, number: str, account: str, run_id: int = 1, **answers: Any) -> int:
        asked = [("S1", "Spring", QUESTIONS, date(2026, 4, 1), date(2026, 5, 1))]
        where = {"source_id": self.source, "at": NOON}
        load_surveys(asked, run_id=run_id, **where)
        said = {"survey": "S1", "invited_on": date(2026, 4, 2)}
        written = self._load(load_invitations, number, account, run_id, said)
        scores = answers or {"nps": 3}
        rows = [(number, code, value, "", NOON) for code, value in scores.items()]
        load_answers(rows, run_id=run_id, source_id=self.source)
        return written

    def promotion(self, number: str, account: str, run_id: int = 1, **other: Any) -> int:
        offered = [("P1", "Pans", date(2026, 4, 1), date(2026, 4, 15), "Kitchen", None, None, 1200)]
        load_promotions(offered, run_id=run_id, source_id=self.source, at=NOON)
        said = {
            "promotion": "P1", "group": "treated", "response": "bought", "reason": "",
            "responded_on": date(2026, 4, 3),
        }  # fmt: skip
        return self._load(load_targets, number, account, run_id, said | other)

    def contract(self, number: str, account: str, run_id: int = 1, **other: Any) -> int:
        said = {
            "kind": "supply", "signed_on": date(2026, 1, 1), "valid_from": date(2026, 2, 1),
            "valid_to": date(2027, 2, 1), "currency": "EUR", "value_minor": 1_200_050,
            "payment_days": 30, "state": "active", "ended_on": None, "renewed_by": None,
        }  # fmt: skip
        return self._load(
            load_contracts, number, account, run_id, said | other, base="EUR", digits={"EUR": 2}
        )

    def _load(
        self, loader: Callable[..., int], number: str, account: str, run_id: int,
        said: dict[str, Any], **more: Any,
    ) -> int:  # fmt: skip
        row = (number, account, self.company.nodes["madrid"].pk, *said.values())
        return loader([row], run_id=run_id, source_id=self.source, at=NOON, **more)


# kind -> table of its rows, and of the parts that follow them
TABLES = {
    "contact": ("contacts_contact",),
    "case": ("feedback_case",),
    "survey": ("feedback_surveyinvitation", "feedback_surveyanswer"),
    "promotion": ("campaigns_promotiontarget",),
    "contract": ("contracts_contract",),
}
