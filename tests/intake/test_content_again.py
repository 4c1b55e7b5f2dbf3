"""Whether a document that comes again is the same: also where a value was taken away or moved.

The books of an older release hold digests that left empty values out; documents of then are known
again by those, and what such a digest does not tell apart is looked at beside it.
"""

import hashlib

import pytest

from clientela.intake.models import RejectedRow, Run
from clientela.store.context import system_context
from clientela.trade.models import Invoice, Payment
from tests.factories import make_company
from tests.intake.giving import giver

HEAD = "invoice_no,invoice_date,due_date,paid_on,customer_code,currency,net,vat,disputed\n"
DUE = "F1,2026-03-04,2026-05-01,,K1,EUR,100.00,21.00,\n"
PAID = "F1,2026-03-04,,2026-05-01,K1,EUR,100.00,21.00,\n"
BARE = "F1,2026-03-04,,,K1,EUR,100.00,21.00,\n"
DISPUTED = "F1,2026-03-04,2026-05-01,,K1,EUR,100.00,21.00,yes\n"
STATES = {"due": DUE, "paid": PAID, "bare": BARE, "disputed": DISPUTED}
# What an older release kept of each, made by hand: values joined, the empty ones left out.
OF_BEFORE = {
    "due": "invoice|K1|2026-03-04|2026-05-01|1.000|100.000000|10000|2100|EUR",
    "paid": "invoice|K1|2026-03-04|2026-05-01|1.000|100.000000|10000|2100|EUR",
    "bare": "invoice|K1|2026-03-04|1.000|100.000000|10000|2100|EUR",
}


@pytest.fixture
def company(db):
    return make_company()


@pytest.fixture
def give(company, tmp_path):
    """Return a function: the run of a file of invoices into a source that tells of payments."""
    return giver(company, tmp_path, kind="invoices", source="erp")


def became(run: Run) -> str:
    """Return what became of the one row of a run."""
    if run.accepted:
        return "loaded"
    if run.skipped:
        return "skipped"
    with system_context("a test looks"):
        return str(RejectedRow.objects.get(run=run).code)


def as_of_before(state: str) -> None:
    """Give the one invoice in the books the digest that an older release kept of it."""
    digest = hashlib.sha256(OF_BEFORE[state].encode()).digest()
    with system_context("a test goes back to an older release"):
        assert Invoice.objects.update(digest=digest) == 1


class TestDocumentThatComesAgain:
    @pytest.mark.parametrize("again", STATES)
    @pytest.mark.parametrize("first", STATES)
    def test_is_the_same_only_where_every_value_is(self, give, first, again):
        give(HEAD + STATES[first])
        wanted = "skipped" if first == again else "document_differs"
        assert became(give(HEAD + STATES[again] + "\n")) == wanted
        with system_context("a test looks"):
            stored = Invoice.objects.get()
            paid = Payment.objects.count()
        assert (stored.due_on is None) is (first in ("paid", "bare"))
        assert (stored.disputed, paid) == (first == "disputed", int(first == "paid"))

    @pytest.mark.parametrize("again", STATES)
    @pytest.mark.parametrize("first", OF_BEFORE)
    def test_is_known_by_the_digest_of_an_older_release(self, give, first, again):
        give(HEAD + STATES[first])
        as_of_before(first)
        wanted = "skipped" if first == again else "document_differs"
        assert became(give(HEAD + STATES[again] + "\n")) == wanted

    def test_is_another_where_a_mark_moves_from_one_text_into_the_next(self, give):
        head = "payment no,customer no,invoice no,payment date,amount,currency,method\n"
        one, other = (
            f"Z1,K1,{rest}\n" for rest in ("F|1,2026-03-04,5.00,EUR,x", "F,2026-03-04,5.00,EUR,1|x")
        )
        give(head + one, "payments")
        assert became(give(head + other, "payments")) == "document_differs"


class TestDisputedInvoice:
    @pytest.mark.parametrize(("word", "said"), [("yes", True), ("no", False), ("", False)])
    def test_is_kept_as_its_source_says(self, give, word, said):
        give(HEAD + DUE.replace(",\n", f",{word}\n"))
        with system_context("a test looks"):
            assert Invoice.objects.get().disputed is said
