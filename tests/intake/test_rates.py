"""Exchange rates by hand and from a file, and the amounts of documents that follow them."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from clientela.audit.models import Event
from clientela.intake.services.rates_file import bring_rates
from clientela.kernel.reasons import Invalid, NotPermitted
from clientela.security.selectors import context_of
from clientela.store.bulk import fetch
from clientela.store.context import database_context, system_context
from clientela.trade.models import ExchangeRate, Invoice, InvoiceLine
from clientela.trade.selectors.rates import missing_rates, rates_in_force
from clientela.trade.services import GivenRate, enter_rates
from tests.factories import NOON, add_customer, make_company

LATER = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.fixture
def company(db):
    return make_company()


@pytest.fixture
def steward(company):
    access = company.access("data_steward")
    with database_context(context_of(access)):
        yield access


def given(rate: str, day: str = "2026-04-01", currency: str = "USD") -> GivenRate:
    return GivenRate(
        currency=currency, base="EUR", on_day=date.fromisoformat(day), rate=Decimal(rate)
    )


def enter(access, *rates: GivenRate, at: datetime = NOON, dry_run: bool = False):
    return enter_rates(access=access, rates=rates, origin="test", at=at, dry_run=dry_run)


def sell(company, number: str, day: str, lines: list[tuple[int, int]], currency: str = "USD"):
    """Book an invoice without a rate. `lines`: (net, cost) in minor units."""
    with system_context("an invoice for a test"):
        add_customer(company, node="madrid", key="buyer")
        from clientela.records.models import Customer, Source

        customer = Customer.objects.order_by("-id").first()
        net, cost = (sum(line[n] for line in lines) for n in (0, 1))
        scope = {
            "customer_id": customer.pk, "org_node_id": customer.org_node_id,
            "owner_id": None, "sold_by_id": customer.org_node_id, "currency": currency,
        }  # fmt: skip
        invoice = Invoice.objects.create(
            source=Source.objects.get(name="erp"),
            account=customer.links.first().source_record, number=number, digest=b"x",
            recorded_at=NOON, settlement="known", issued_on=date.fromisoformat(day),
            net=Decimal(net) / 100, tax=Decimal(net) / 500, net_minor=net,
            gross_minor=net + net // 5, cost_minor=cost, lines_count=len(lines), **scope,
        )  # fmt: skip
        for n, (line_net, line_cost) in enumerate(lines, start=1):
            InvoiceLine.objects.create(
                invoice=invoice, line=n, quantity=1, unit_price=Decimal(line_net) / 100,
                net_minor=line_net, cost_minor=line_cost, kind="invoice",
                issued_on=invoice.issued_on, source_id=invoice.source_id, **scope,
            )  # fmt: skip
        return invoice


def rounded(minor: int, rate: str) -> int:
    return int((minor * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_EVEN))


def amounts(number: str) -> tuple[int | None, ...]:
    with system_context("looking at an invoice"):
        return fetch(
            """select net_base_minor, gross_base_minor, cost_base_minor from trade_invoice
               where number = %s""",
            [number],
        )[0]


def of_lines(number: str) -> list[tuple[int | None, int | None]]:
    with system_context("looking at lines"):
        return fetch(
            """select l.net_base_minor, l.cost_base_minor from trade_invoiceline l
               join trade_invoice i on i.id = l.invoice_id where i.number = %s order by l.line""",
            [number],
        )


class TestARate:
    def test_gives_documents_of_its_day_and_the_seven_after_their_amounts(self, company, steward):
        lines = [(333, 100), (333, 101), (335, 102)]
        for number, day in (
            ("before", "2026-03-31"), ("first", "2026-04-01"), ("last", "2026-04-08"),
            ("after", "2026-04-09"),
        ):  # fmt: skip
            sell(company, number, day, lines)
        done = enter(steward, given("0.9137"))
        assert (done.added, done.corrected, done.documents) == (1, 0, 2)
        assert amounts("before") == amounts("after") == (None, None, None)
        expected = tuple(rounded(minor, "0.9137") for minor in (1001, 1201, 303))
        assert amounts("first") == amounts("last") == expected
        assert tuple(map(sum, zip(*of_lines("first"), strict=True))) == (expected[0], expected[2])

    def test_that_is_corrected_stays_as_it_was_and_documents_follow(self, company, steward):
        sell(company, "one", "2026-04-03", [(10_000, 6_000)])
        enter(steward, given("0.90"))
        done = enter(steward, given("0.95"), at=LATER)
        assert (done.added, done.corrected, done.documents) == (0, 1, 1)
        assert amounts("one") == (9_500, 11_400, 5_700)
        rows = ExchangeRate.objects.order_by("id").values_list("rate", "recorded_at", "replaced_at")
        assert list(rows) == [(Decimal("0.90"), NOON, LATER), (Decimal("0.95"), LATER, None)]
        assert [one.rate for one in rates_in_force(steward)] == [Decimal("0.95")]

    def test_that_is_given_again_changes_nothing(self, company, steward):
        sell(company, "one", "2026-04-03", [(10_000, 6_000)])
        enter(steward, given("0.90"))
        events = Event.objects.filter(act="trade.rates.set").count()
        done = enter(steward, given("0.900"), at=LATER)
        assert (done.added, done.corrected, done.unchanged, done.documents) == (0, 0, 1, 0)
        assert ExchangeRate.objects.count() == 1
        assert Event.objects.filter(act="trade.rates.set").count() == events == 1

    def test_of_a_trial_changes_nothing(self, company, steward):
        sell(company, "one", "2026-04-03", [(10_000, 6_000)])
        done = enter(steward, given("0.90"), dry_run=True)
        assert (done.added, done.documents, ExchangeRate.objects.count()) == (1, 0, 0)
        assert amounts("one") == (None, None, None)

    @pytest.mark.parametrize(
        ("rate", "code"),
        [
            (given("0"), "rate_out_of_range"),
            (given("0.12345678901"), "rate_out_of_range"),
            (given("10000000000"), "rate_out_of_range"),
            (given("1", currency="EUR"), "rate_of_base"),
            (given("1", currency="usd"), "rate_currency_unknown"),
            (given("1", day="2026-05-06"), "rate_in_the_future"),
        ],
    )
    def test_that_cannot_be_is_refused(self, steward, rate, code):
        with pytest.raises(Invalid) as refused:
            enter(steward, given("0.90", day="2026-03-01"), rate)
        assert [reason.code for reason in refused.value.reasons] == [code]
        assert ExchangeRate.objects.count() == 0

    def test_is_entered_by_stewards_and_credit_managers_alone(self, company):
        for role in ("sales", "administrator", "auditor", "analyst", "credit_controller"):
            with pytest.raises(NotPermitted):
                enter(company.access(role), given("0.90"))
        assert enter(company.access("credit_manager"), given("0.90")).added == 1


class TestMissingRates:
    def test_name_currency_days_and_documents(self, company, steward):
        assert missing_rates(steward, today=date.max) == []
        sell(company, "one", "2026-04-03", [(10_000, 6_000)])
        sell(company, "two", "2026-04-20", [(10_000, 6_000)])
        (found,) = missing_rates(steward, today=date.max)
        assert (found.currency, found.base, found.documents) == ("USD", "EUR", 2)
        assert (found.first_on, found.last_on) == (date(2026, 4, 3), date(2026, 4, 20))
        enter(steward, given("0.90"))
        assert [one.documents for one in missing_rates(steward, today=date.max)] == [1]


class TestAFile:
    def bring(self, access, tmp_path, text: str, *, dry_run: bool = False):
        path = tmp_path / "rates.csv"
        path.write_text(text, encoding="utf-8")
        return bring_rates(access=access, path=path, name=path.name, at=NOON, dry_run=dry_run)

    def test_brings_its_rates_in_once(self, company, steward, tmp_path):
        sell(company, "one", "2026-04-03", [(10_000, 6_000)])
        text = "day,from,to,rate\n2026-04-01,USD,EUR,0.9\n2026-04-01,GBP,EUR,1.17\n"
        done = self.bring(steward, tmp_path, text).entered
        assert (done.added, done.documents) == (2, 1)
        assert amounts("one") == (9_000, 10_800, 5_400)
        again = self.bring(steward, tmp_path, text).entered
        assert (again.added, again.corrected, again.unchanged) == (0, 0, 2)
        assert ExchangeRate.objects.count() == 2

    def test_reads_decimal_commas_and_chinese_names(self, steward, tmp_path):
        text = "日期;货币;本位币;汇率\n2026-04-01;USD;EUR;1,085\n2026-04-02;USD;EUR;1,1\n"
        assert self.bring(steward, tmp_path, text).entered.added == 2
        assert [str(r.rate.normalize()) for r in ExchangeRate.objects.order_by("on_day")] == [
            "1.085", "1.1",
        ]  # fmt: skip

    def test_with_bad_rows_tells_each_and_keeps_nothing(self, steward, tmp_path):
        text = (
            "day,from,to,rate\n2026-04-01,USD,EUR,0.9\n2026-02-30,USD,EUR,0.9\n"
            "2026-04-02,USD,EUR,nine\n2026-04-03,USD,GBP,0.9\n2026-04-01,USD,EUR,0.8\n"
            "2026-04-04,,EUR,-1\n"
        )
        done = self.bring(steward, tmp_path, text)
        assert done.entered is None
        assert [(one.line, one.column, one.reason.code) for one in done.bad] == [
            (3, "day", "no_such_day"), (4, "rate", "not_a_number"), (5, "to", "rate_not_in_base"),
            (6, "rate", "rate_given_twice"), (7, "from", "required"),
        ]  # fmt: skip
        assert ExchangeRate.objects.count() == 0

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("day,from,rate\n2026-04-01,USD,0.9\n", "column_missing"),
            ("day,date,from,to,rate\n2026-04-01,2026-04-01,USD,EUR,0.9\n", "rates_column_twice"),
            ("day,from,to,rate\n03/04/2026,USD,EUR,0.9\n", "rates_days_unclear"),
            ("", "empty_file"),
        ],
    )
    def test_that_cannot_be_read_says_why(self, steward, tmp_path, text, code):
        with pytest.raises(Invalid) as refused:
            self.bring(steward, tmp_path, text)
        assert [reason.code for reason in refused.value.reasons] == [code]

    def test_of_a_trial_changes_nothing(self, steward, tmp_path):
        text = "day,from,to,rate\n2026-04-01,USD,EUR,0.9\n"
        assert self.bring(steward, tmp_path, text, dry_run=True).entered.added == 1
        assert ExchangeRate.objects.count() == 0
