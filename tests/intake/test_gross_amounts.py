"""Invoices of which the file gives the amount with tax alone, or does not say which it is."""

import csv
import io
from decimal import Decimal as D

import pytest

from clientela.intake.kinds.amounts import completed_amounts
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.suggest import suggest
from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, receive_file, save_mapping
from clientela.kernel.reasons import Invalid
from clientela.records.services import source_for_import
from clientela.store.context import system_context
from clientela.store.wording import sentence
from clientela.trade.models import Invoice
from tests.factories import NOON, make_company
from tests.intake.importing import import_file

HEAD = "invoice_no,invoice_date,customer_code,currency,"
TOTAL = HEAD + "total\nF1,2026-03-04,K1,EUR,121.00\nF2,2026-03-05,K2,EUR,60.50\n"
GROSS = TOTAL.replace("total", "total gross")
MIXED = HEAD + "net,gross\nF1,2026-03-04,K1,EUR,100.00,121.00\nF2,2026-03-05,K2,EUR,,60.50\n"
NONE = HEAD.rstrip(",") + "\nF1,2026-03-04,K1,EUR\n"
RATE = "set:tax_rate"


@pytest.fixture
def read(tmp_path):
    """Return a function: what becomes of an invoices file with this content."""

    def imported(content: str, *settings: str, **answers: str):
        path = tmp_path / "invoices.csv"
        path.write_text(content, encoding="utf-8")
        named = {name.replace("__", ":"): value for name, value in answers.items()}
        return import_file(path, kind="invoices", settings=settings, answers=named)

    return imported


@pytest.fixture
def give(db, tmp_path):
    """Return a function: the run of an invoices file, as far as it goes."""
    company = make_company()
    access = company.access("data_steward")

    def receive(content: str, *, dry_run=False, name="invoices.csv", **more) -> Run:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        with system_context("a file for a test"):
            source = source_for_import(access=access, name="shop", at=NOON)
            run, _ = receive_file(
                access=access, source=source, path=path, name=path.name, at=NOON, kind="invoices",
                take_sure=True, dry_run=dry_run, **more,
            )  # fmt: skip
        return advance(run, access, at=NOON, confirmed=True) if run.state == "received" else run

    receive.company = company
    return receive


def stored() -> dict[str, tuple[int, int, int]]:
    with system_context("a test looks"):
        found = Invoice.objects.values_list("number", "net", "tax", "gross_minor")
        return {
            number: (int(net * 100), int(tax * 100), gross) for number, net, tax, gross in found
        }


class TestAFileOfGrossAmounts:
    def test_is_asked_once_how_much_tax_is_in_them(self, read):
        found = read(GROSS)
        assert [(q.id, q.code, q.column) for q in found.questions] == [
            (RATE, "tax_rate_missing", "total gross")
        ]

    @pytest.mark.parametrize(
        ("rate", "nets", "taxes"),
        [
            ("21", ["100.00", "50.00"], ["21.00", "10.50"]),
            ("21%", ["100.00", "50.00"], ["21.00", "10.50"]),
            ("5.5 %", ["114.69", "57.35"], ["6.31", "3.15"]),
            ("0", ["121.00", "60.50"], ["0.00", "0.00"]),
            ("0%", ["121.00", "60.50"], ["0.00", "0.00"]),
        ],
    )
    def test_is_parted_at_the_rate_that_was_said(self, read, rate, nets, taxes):
        for found in (read(GROSS, set__tax_rate=rate), read(GROSS, f"tax_rate={rate}")):
            assert found.asked == []
            assert found.columns["net_amount"] == list(map(D, nets))
            assert found.columns["tax_amount"] == list(map(D, taxes))
            assert found.columns["gross_amount"] == [D("121.00"), D("60.50")]
            assert not found.flags["tax_unknown"]

    @pytest.mark.parametrize(
        ("rate", "code", "said"),
        [
            ("0.21", "constant_share_unclear", "as in 21%"),
            ("1", "constant_share_unclear", "in two ways"),
            ("-5", "constant_invalid", "between 0 and 100"),
            ("150", "constant_invalid", "between 0 and 100"),
            ("much", "constant_invalid", "not a number"),
        ],
    )
    def test_takes_no_rate_that_may_mean_two_things_or_nothing(self, read, rate, code, said):
        with pytest.raises(Invalid) as refused:
            read(GROSS, f"tax_rate={rate}")
        assert [why.code for why in refused.value.reasons] == [code]
        assert said in sentence(refused.value.reasons[0])

    def test_may_give_the_rate_in_a_column(self, read):
        content = HEAD + "gross,税率\nF1,2026-03-04,K1,EUR,121.00,21%\nF2,2026-03-05,K2,EUR,50,0%\n"
        found = read(content)
        assert found.asked == []
        assert found.columns["net_amount"] == [D("100.00"), D("50")]

    def test_is_not_asked_where_the_tax_is_given(self, read):
        assert read(HEAD + "gross,vat\nF1,2026-03-04,K1,EUR,121,21\n").asked == []


class TestARowThatLacksItsAmount:
    def test_is_set_aside_under_its_reason_and_column(self, read):
        found = read(MIXED)
        assert (found.totals.read, found.totals.accepted, found.totals.rejected) == (2, 1, 1)
        (problem,) = found.aside[0].problems
        assert (problem.reason.code, problem.column) == ("net_amount_unknown", "gross")
        assert problem.value == "60.50"

    def test_names_the_only_column_of_amounts_there_is(self, read):
        found = read(HEAD + "net\nF1,2026-03-04,K1,EUR,\nF2,2026-03-05,K1,EUR,5\n")
        (problem,) = found.aside[0].problems
        assert (problem.reason.code, problem.column) == ("amount_missing", "net")

    def test_is_completed_where_a_rate_is_said_for_all(self, read):
        found = read(MIXED, "tax_rate=21")
        assert found.columns["net_amount"] == [D("100.00"), D("50.00")]
        assert found.totals.rejected == 0


class TestAFileWithoutAmounts:
    def test_is_asked_for_one(self, read):
        (asked,) = read(NONE).questions
        assert (asked.id, asked.code) == ("field:net_amount", "one_of_fields_unmapped")
        assert dict(asked.params) == {"field": "net_amount", "or": "gross_amount"}


VAGUE = ("total", "Total amount", "Totals", "amount", "金额", "合计金额", "Importe", "Importe total",
         "Total factura", "Invoice total")  # fmt: skip
CLEAR = ("Total incl. VAT", "gross", "价税合计", "含税金额", "Importe con IVA", "Total con IVA")


class TestANameThatLeavesItOpen:
    @pytest.mark.parametrize("name", VAGUE)
    def test_is_never_sure_alone(self, name):
        (found,) = suggest([name], {}, KINDS["invoices"])
        assert (found.field, found.is_sure) == ("gross_amount", False)

    @pytest.mark.parametrize("name", VAGUE)
    @pytest.mark.parametrize("beside", ["Net amount", "税额", "Base imponible"])
    def test_is_sure_beside_a_column_that_tells(self, name, beside):
        found = {s.column: s for s in suggest([name, beside], {}, KINDS["invoices"])}
        assert (found[name].field, found[beside].is_sure) == ("gross_amount", True)
        if name != "Totals":  # only like a known name
            assert found[name].is_sure

    @pytest.mark.parametrize("name", CLEAR)
    def test_is_none_that_says_so(self, name):
        (found,) = suggest([name], {}, KINDS["invoices"])
        assert (found.field, found.is_sure) == ("gross_amount", True)

    def test_is_asked_about_with_how_much_tax_may_be_in_it(self, read):
        asked, beside = read(TOTAL).questions
        assert (asked.id, asked.code) == ("column:total", "column_unclear")
        assert {"net_amount", "gross_amount", "ignore"} <= {c.value for c in asked.choices}
        assert (beside.id, beside.code, beside.column) == (RATE, "tax_rate_if_gross", "total")
        (then,) = read(TOTAL, column__total="gross_amount").questions
        assert (then.id, then.code) == (RATE, "tax_rate_missing")

    def test_is_settled_by_one_round_of_answers(self, read):
        found = read(TOTAL, column__total="gross_amount", set__tax_rate="21")
        assert found.asked == []
        assert found.columns["net_amount"] == [D("100.00"), D("50.00")]

    def test_may_be_the_net_amount_and_then_nobody_asks_for_tax(self, read):
        found = read(TOTAL, column__total="net_amount")
        assert found.asked == []
        assert found.columns["net_amount"] == [D("121.00"), D("60.50")]
        assert found.flags["tax_unknown"] == 2


class TestTheImport:
    def test_ends_with_totals_that_add_up(self, give):
        run = give(GROSS, answers={RATE: "21"})
        assert run.state == "done", run.error
        assert stored() == {"F1": (10000, 2100, 12100), "F2": (5000, 1050, 6050)}
        with system_context("a test looks"):
            report = report_of(run).as_json()
        assert report["totals"] == {"read": 2, "accepted": 2, "rejected": 0, "skipped": 0}
        assert report["amounts"] == [{"currency": "EUR", "net": "150.00"}]

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_of_an_empty_net_cell_sets_the_row_aside(self, give, dry_run):
        run = give(MIXED, dry_run=dry_run)
        assert run.state == "done", run.error
        assert (run.read, run.accepted, run.rejected, run.skipped) == (2, 1, 1, 0)
        assert set(stored()) == (set() if dry_run else {"F1"})
        with system_context("a test looks"):
            (row,) = RejectedRow.objects.filter(run=run)
        assert (row.code, row.column) == ("net_amount_unknown", "gross")

    def test_waits_for_the_answer_and_loads_nothing_before(self, give):
        run = give(GROSS)
        assert (run.state, [q["id"] for q in run.questions]) == ("needs_answers", [RATE])
        assert stored() == {}

    def test_keeps_the_answer_in_its_mapping(self, give):
        first = give(GROSS, answers={RATE: "21%"})
        with system_context("a test keeps a mapping"):
            save_mapping(
                access=give.company.access("data_steward"), public_id=str(first.public_id),
                name="shop", at=NOON,
            )  # fmt: skip
        rows = list(csv.reader(io.StringIO(GROSS)))
        later = "\n".join(",".join([f"G{n}", *row[1:]]) if n else ",".join(row)
                          for n, row in enumerate(rows))  # fmt: skip
        run = give(later + "\n", name="april.csv", mapping="shop")
        assert run.state == "done", run.questions
        assert stored()["G1"] == (10000, 2100, 12100)


class TestCompletedAmounts:
    @pytest.mark.parametrize("net", [None, D(100)])
    @pytest.mark.parametrize("tax", [None, D(21)])
    @pytest.mark.parametrize("gross", [None, D(121)])
    @pytest.mark.parametrize("rate", [None, D("0.21")])
    def test_give_a_net_amount_or_say_why_not(self, net, tax, gross, rate):
        code, found = completed_amounts(net, tax, gross, rate=rate, currency="EUR")
        known = [net is not None, tax is not None or rate is not None, gross is not None]
        if code:
            assert (net, gross) == (None, None) or (net, tax, rate) == (None, None, None)
            assert code == ("amount_missing" if gross is None else "net_amount_unknown")
        elif sum(known) >= 2:
            assert found == (D(100), D(21), D(121))
        else:
            assert found == (D(100), None, None)

    @pytest.mark.parametrize(("currency", "tax"), [("JPY", "9"), ("EUR", "9.09"), ("KWD", "9.091")])
    def test_round_the_tax_once_to_the_minor_unit(self, currency, tax):
        _, found = completed_amounts(None, None, D(100), rate=D("0.1"), currency=currency)
        assert found == (D(100) - D(tax), D(tax), D(100))
