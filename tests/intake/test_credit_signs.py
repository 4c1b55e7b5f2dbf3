"""Credit notes written above zero: asked about once, and then lower what was sold."""

from decimal import Decimal

import pytest

from clientela.intake.models import RejectedRow
from clientela.store.context import system_context
from clientela.trade.models import Invoice, InvoiceLine
from tests.intake.test_customer_kinds import answer, company, flagged, give

__all__ = ["answer", "company", "give"]  # fixtures
ASKED = "credit_notes:above_zero"
LINES = """Invoice No,Document type,Stock Code,Quantity,Unit Price,Invoice Date,Customer ID,Customer Kind
F1,invoice,TEA,10,10.00,2026-01-10,C1,company
G1,credit note,TEA,3,10.00,2026-01-15,C1,company
G1,credit note,FEE,-1,2.50,2026-01-15,C1,company
"""
INVOICES = """Invoice number,Document type,Invoice date,Customer number,Net amount,Tax,Company or person
F1,invoice,2026-01-10,C1,100.00,21.00,company
G1,credit note,2026-01-15,C1,30.00,6.30,company
"""
FILES = [("sales_lines", LINES, Decimal("27.50")), ("invoices", INVOICES, Decimal(30))]
EUR = {"settings": ["currency=EUR"]}


def books() -> dict[str, Decimal]:
    with system_context("a test looks"):
        return dict(Invoice.objects.filter(voided_at=None).values_list("number", "net"))


class TestCreditNotesAboveZero:
    @pytest.mark.parametrize(("kind", "content", "credit"), FILES)
    def test_are_asked_about_before_anything_is_loaded(self, give, kind, content, credit):
        run = give(content, kind=kind, **EUR)
        (question,) = run.questions
        assert (run.state, question["id"]) == ("needs_answers", ASKED)
        assert question["params"] == {"documents": "1", "row": "2"}
        assert question["choices"] == ["lower", "as_given", "refuse"]
        assert books() == {}

    @pytest.mark.parametrize(("kind", "content", "credit"), FILES)
    def test_lower_what_was_sold_where_that_is_said(self, give, answer, kind, content, credit):
        run = answer(give(content, kind=kind, **EUR), credit_notes__above_zero="lower")
        assert run.state == "done"
        assert books() == {"F1": Decimal(100), "G1": -credit}
        assert Decimal(run.amounts["EUR"]) == Decimal(100) - credit
        found = flagged(run)
        assert found["credit_note_turned"]["rows"] == content.count("\nG1")
        assert "positive_credit_note" not in found
        with system_context("a test looks"):
            for line in InvoiceLine.objects.filter(invoice__number="G1"):
                assert line.net_minor == round(line.quantity * line.unit_price * 100)
            if kind == "invoices":
                assert Invoice.objects.get(number="G1").tax == Decimal("-6.30")

    @pytest.mark.parametrize(("kind", "content", "credit"), FILES)
    def test_stay_as_they_are_where_that_is_said(self, give, answer, kind, content, credit):
        answer(give(content, kind=kind, **EUR), credit_notes__above_zero="as_given")
        assert books() == {"F1": Decimal(100), "G1": credit}

    @pytest.mark.parametrize(("kind", "content", "credit"), FILES)
    def test_are_set_aside_where_that_is_said(self, give, answer, kind, content, credit):
        run = answer(give(content, kind=kind, **EUR), credit_notes__above_zero="refuse")
        assert books() == {"F1": Decimal(100)}
        assert (run.rejected, run.accepted) == (content.count("\nG1"), 1)
        with system_context("a test looks"):
            assert set(RejectedRow.objects.values_list("code", flat=True)) == {
                "credit_note_above_zero"
            }

    def test_may_be_answered_with_the_file(self, give):
        run = give(LINES, answers={ASKED: "lower"}, **EUR)
        assert (run.state, books()["G1"]) == ("done", Decimal("-27.50"))

    def test_turned_are_what_the_same_ones_below_zero_are(self, give, answer):
        give(LINES, answers={ASKED: "lower"}, **EUR)
        below = LINES.replace("TEA,3,", "TEA,-3,").replace("FEE,-1,", "FEE,1,")
        run = give(below.replace("F1,", "F2,"), **EUR)
        assert run.questions == []
        assert (run.accepted, run.skipped) == (1, 2)  # stored already


class TestOtherCreditNotes:
    def test_below_zero_ask_nothing_whatever_one_line_of_them_is(self, give):
        run = give(LINES.replace("TEA,3,", "TEA,-3,").replace("FEE,-1,", "FEE,1,"), **EUR)
        assert (run.state, books()["G1"]) == ("done", Decimal("-27.50"))

    def test_by_the_beginning_of_their_number_are_asked_about_as_well(self, give):
        content = LINES.replace(",invoice,", ",,").replace(",credit note,", ",,")
        run = give(content.replace("Document type,", "").replace(",,", ","), settings=[
            "currency=EUR", "document_kind=G:credit_note",
        ])  # fmt: skip
        assert [question["id"] for question in run.questions] == [ASKED]
