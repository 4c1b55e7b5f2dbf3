"""The list of payments: what each row says, who sees it, and what it may be narrowed to."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientela.audit.models import Event
from clientela.store.context import system_context
from clientela.trade.models import Allocation, Invoice, Payment
from tests.factories import NOON
from tests.web.paying import DAY, give_payments, pay
from tests.web.world import World

LIST = "/payments/"
HTMX = {"HX-Request": "true", "HX-Target": "rows"}


@pytest.fixture
def paid(world: World) -> World:
    """A payment of each customer; of `own` one that waits, one applied in part and one applied;
    and two of nobody, of two branches."""
    give_payments(world)
    with system_context("payments"):
        pay(world, "WAITS", "own", invoice_number="N-later", standing="waits")
        pay(world, "PART", "own", invoice_number="N-own")
        pay(world, "WHOLE", "own", received_on=DAY - timedelta(days=9), method="card")
        settle(world, "PART", 400)
        settle(world, "WHOLE", 1000)
        pay(world, "NOBODY", None, invoice_number="X-9", standing="waits", customer_key="K-77")
        pay(world, "NOBODY-FAR", None, node="shanghai", invoice_number="X-8", standing="waits")
        pay(world, "BACK", "own", amount=-3, amount_minor=-300, standing="paid_back")
    return world


def settle(world: World, number: str, minor: int) -> None:
    payment = Payment.objects.get(number=number)
    scope = {
        name: getattr(payment, name) for name in ("customer_id", "org_node_id", "owner_id")
    }  # fmt: skip
    Allocation.objects.create(
        invoice=world.invoices["own"], payment=payment, amount_minor=minor, amount_base_minor=minor,
        currency="EUR", allocated_on=DAY, **scope,
    )  # fmt: skip


def numbers(world: World, who: str, **query: str) -> list[str]:
    answer = world.client(who).get(LIST, query)
    assert answer.status_code == 200, answer.content.decode()[-900:]
    return [line["payment"].number for line in answer.context["lines"]]


def shown(world: World, who: str, **query: str) -> str:
    return world.client(who).get(LIST, query).content.decode()


class TestList:
    def test_says_of_each_what_is_not_applied_and_how_it_stands(self, paid: World) -> None:
        answer = paid.client("credit_manager").get(LIST)
        found = {line["payment"].number: line["payment"] for line in answer.context["lines"]}
        said = {n: (p.applied_minor, p.unapplied_minor, p.standing) for n, p in found.items()}
        assert said["PART"] == (400, 600, "over")
        assert said["WHOLE"] == (1000, 0, "applied")
        assert said["WAITS"] == (0, 1000, "waits")
        assert said["Z-own"] == (0, 1000, "unnamed")
        assert said["BACK"] == (0, -300, "paid_back")
        text = answer.content.decode()
        for one in ("€10.00", "€6.00", "Waits for its invoice", "More than is open",
                    "not known yet", "N-later"):  # fmt: skip
            assert one in text, one
        assert reverse("trade:invoice", args=[paid.invoices["own"].public_id]) in text
        assert reverse("customers:file", args=[paid.customers["own"].public_id]) in text

    def test_is_newest_first(self, paid: World) -> None:
        days = [
            line["payment"].received_on
            for line in paid.client("credit_manager").get(LIST).context["lines"]
        ]
        assert days == sorted(days, reverse=True)

    def test_says_what_to_do_where_there_is_none(self, world: World) -> None:
        assert "Payments come in with imports." in shown(world, "auditor")
        assert "No payment fits these filters" in shown(world, "auditor", state="waits")

    def test_leaves_out_what_is_voided_which_its_page_says(self, paid: World) -> None:
        with system_context("voided"):
            gone = Payment.objects.get(number="WHOLE")
            Payment.objects.filter(pk=gone.pk).update(voided_at=NOON)
        assert "WHOLE" not in numbers(paid, "credit_manager")
        page = paid.client("credit_manager").get(reverse("payments:one", args=[gone.public_id]))
        assert "Voided" in page.content.decode()

    def test_is_in_the_way_of_who_may_read_it(self, world: World) -> None:
        for who, there in (("sales", True), ("data_steward", True), ("service", False)):
            text = world.client(who).get("/work/").content.decode()
            assert (f'href="{LIST}"' in text) is there, who


class TestScope:
    def test_of_a_branch_ends_at_its_payments(self, paid: World) -> None:
        madrid = {"Z-own", "Z-colleague", "Z-archived", "WAITS", "PART", "WHOLE", "NOBODY", "BACK"}
        for who in ("credit_controller", "credit_manager", "data_steward", "auditor"):
            assert set(numbers(paid, who)) == madrid, who
        assert set(numbers(paid, "boss")) == madrid | {"Z-other_branch"}

    def test_of_a_seller_is_that_of_the_own_customers(self, paid: World) -> None:
        own = {"Z-own", "Z-archived", "WAITS", "PART", "WHOLE", "BACK"}
        assert set(numbers(paid, "sales")) == own
        assert set(numbers(paid, "colleague")) == {"Z-colleague"}
        assert numbers(paid, "stranger") == []

    def test_holds_in_the_database_too(self, paid: World) -> None:
        from clientela.security.selectors import context_of
        from clientela.store.context import database_context

        def seen(who: str) -> set[str]:
            with database_context(context_of(paid.company.access(who))):
                return set(Payment.objects.values_list("number", flat=True))

        assert "NOBODY" in seen("credit_controller")
        assert "NOBODY-FAR" not in seen("credit_controller")
        assert "Z-other_region" not in seen("boss")
        assert seen("colleague") == {"Z-colleague"}
        assert seen("stranger") == set()  # of nobody's customer: not a seller's own

    def test_is_left_by_no_filter(self, paid: World) -> None:
        for query in (
            {"number": "NOBODY-FAR"}, {"invoice": "X-8"}, {"state": "waits"},
            {"customer": str(paid.customers["other_region"].public_id)},
        ):  # fmt: skip
            found = numbers(paid, "credit_controller", **query)
            assert not {"NOBODY-FAR", "Z-other_region"} & set(found), query


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"state": "waits"}, {"WAITS", "NOBODY"}),
            ({"state": "no_customer"}, {"NOBODY"}),
            ({"state": "applied"}, {"WHOLE"}),
            ({"state": "unapplied", "received_to": "2026-03-20"},
             {"WAITS", "PART", "NOBODY", "Z-own", "BACK"}),
            ({"number": "PART"}, {"PART"}),
            ({"invoice": "X-9"}, {"NOBODY"}),
            ({"received_to": "2026-03-11"}, {"WHOLE"}),
            ({"currency": "eur", "state": "over"}, {"PART"}),
            ({"currency": "USD"}, set()),
            ({"source": "erp", "state": "over"}, {"PART"}),
            ({"source": "none-such"}, set()),
            ({"run": "00000000-0000-4000-8000-000000000000"}, set()),
        ],
    )  # fmt: skip
    def test_narrow_the_list(self, paid: World, query: dict[str, str], found: set[str]) -> None:
        assert set(numbers(paid, "auditor", **query)) == found

    def test_by_customer_are_those_of_the_customer(self, paid: World) -> None:
        own = str(paid.customers["own"].public_id)
        assert set(numbers(paid, "auditor", customer=own, state="unapplied")) == {
            "Z-own", "WAITS", "PART", "BACK",
        }  # fmt: skip

    def test_that_cannot_be_read_are_told_beside_the_field(self, paid: World) -> None:
        answer = paid.client("sales").get(LIST, {"received_from": "soon", "currency": "euros"})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert 'value="soon"' in text
        assert {field for field, said in answer.context["wrong"].items() if said} == {
            "received_from", "currency",
        }  # fmt: skip
        assert "These filters cannot be read" in text
        assert paid.client("sales").get(LIST, {"colour": "red"}).status_code == 422
        assert paid.client("sales").get(LIST, {"state": "lost"}).status_code == 422

    def test_by_import_are_for_who_may_look_at_imports(self, paid: World) -> None:
        asked = {"run": "00000000-0000-4000-8000-000000000000"}
        assert paid.client("credit_manager").get(LIST, asked).status_code == 403

    def test_answer_a_part_of_the_page_where_asked(self, paid: World) -> None:
        answer = paid.client("auditor").get(LIST, {"state": "waits"}, headers=HTMX)
        text = answer.content.decode()
        assert "<html" not in text
        assert "WAITS" in text


class TestPaging:
    def test_reaches_each_once_with_few_queries(self, paid: World) -> None:
        with system_context("many"):
            like = Payment.objects.get(number="Z-own")
            fields = {f.attname: getattr(like, f.attname) for f in Payment._meta.concrete_fields}
            del fields["id"], fields["public_id"]
            Payment.objects.bulk_create(
                Payment(**fields | {"number": f"M{n}", "received_on": date(2026, 1, 1 + n % 9),
                                    "invoice_number": f"X{n}"})
                for n in range(230)
            )  # fmt: skip
        client, seen, cursor, counts = paid.client("auditor"), [], "", []
        while True:
            with CaptureQueriesContext(connection) as caught:
                answer = client.get(LIST, {"cursor": cursor} if cursor else {})
            counts.append(len(caught))
            seen += [line["payment"].number for line in answer.context["lines"]]
            forward = answer.context["rows"].forward
            if not forward:
                break
            cursor = forward["cursor"]
        assert len(seen) == len(set(seen)) == 230 + 8
        assert len(counts) == 5
        with CaptureQueriesContext(connection) as one:
            client.get(LIST, {"number": "M1"})
        assert max(counts) <= len(one) + 1, (counts, len(one))


class TestPage:
    def page(self, world: World, number: str, who: str = "auditor") -> HttpResponse:
        with system_context("a test looks"):
            found = Payment.objects.get(number=number)
        answer: Any = world.client(who).get(reverse("payments:one", args=[found.public_id]))
        return answer

    def test_says_what_it_settles_and_what_is_left(self, paid: World) -> None:
        text = self.page(paid, "PART").content.decode()
        for one in ("€10.00", "€4.00", "€6.00", "Applied to", "N-own", "More than is open"):
            assert one in text, one

    def test_says_why_it_waits(self, paid: World) -> None:
        text = self.page(paid, "NOBODY").content.decode()
        assert "The invoice that it names is not in the books." in text
        assert "K-77: not known yet" in text
        assert "It will be that customer’s as soon as an import brings the number." in text

    def test_says_whose_it_is_until_the_customer_comes_that_it_names(self, paid: World) -> None:
        with system_context("names somebody else"):
            Payment.objects.filter(number="PART").update(customer_key="K-78")
        text = self.page(paid, "PART").content.decode()
        assert "K-78: not known yet" in text
        assert "it counts for the customer of its invoice" in text
        assert "PART" in numbers(paid, "auditor", state="no_customer")

    def test_says_what_settles_invoices_out_of_reach_as_a_sum(self, paid: World) -> None:
        with system_context("another's invoice"):
            payment = Payment.objects.get(number="PART")
            far = paid.invoices["other_region"]
            Allocation.objects.create(
                invoice=far, payment=payment, amount_minor=250, currency="EUR", allocated_on=DAY,
                customer_id=far.customer_id, org_node_id=far.org_node_id,
            )  # fmt: skip
        text = self.page(paid, "PART").content.decode()
        assert "Other invoices" in text
        assert "€2.50" in text
        assert "N-other_region" not in text

    def test_leaves_an_event_of_its_customer(self, paid: World) -> None:
        self.page(paid, "PART", "credit_manager")
        with system_context("a test looks"):
            event = Event.objects.filter(act="records.customer.read").latest("id")
        assert event.customer_ids == [paid.customers["own"].pk]
        assert event.fields_read == {"trade.Payment": "S3"}


class TestPrograms:
    def test_are_told_the_same(self, paid: World) -> None:
        client = paid.client("auditor")
        found = {p["number"]: p for p in client.get("/api/v1/payments").json()["items"]}
        part = found["PART"]
        assert part["applied"] == {"amount": "4.00", "currency": "EUR"}
        assert part["unapplied"] == {"amount": "6.00", "currency": "EUR"}
        assert (part["state"], part["invoice_number"]) == ("over", "N-own")
        assert part["invoice"] == str(paid.invoices["own"].public_id)
        assert (found["NOBODY"]["customer"], found["NOBODY"]["invoice"]) == (None, None)
        assert (found["NOBODY"]["customer_key"], part["customer_key"]) == ("K-77", None)
        one = client.get(f"/api/v1/payments/{part['id']}").json()
        assert [s["amount"]["amount"] for s in one["settles"]] == ["4.00"]
        asked = client.get("/api/v1/payments?state=waits&limit=1").json()
        assert len(asked["items"]) == 1
        after = client.get(f"/api/v1/payments?state=waits&limit=1&cursor={asked['next']}").json()
        both = {p["number"] for p in (*asked["items"], *after["items"])}
        assert both == {"WAITS", "NOBODY"}
        assert client.get("/api/v1/payments?colour=red").status_code == 422


class TestInvoicesOfACustomer:
    def test_say_what_stands_beside_what_is_open(self, paid: World) -> None:
        with system_context("a credit note"):
            like = paid.invoices["own"]
            fields = {f.attname: getattr(like, f.attname) for f in Invoice._meta.concrete_fields}
            del fields["id"], fields["public_id"]
            Invoice.objects.create(
                **fields | {"number": "CREDIT", "kind": "credit_note", "gross_minor": -300}
            )
        url = reverse("customers:invoices", args=[paid.customers["own"].public_id])
        answer = paid.client("sales").get(url)
        (owed,) = answer.context["owed"]
        assert (owed.open_minor, owed.overdue_minor) == (123450 - 1400, 123450 - 1400)
        # Z-own, WAITS, the rest of PART, less what was paid back
        assert (owed.money_minor, owed.credit_minor) == (1000 + 1000 + 600 - 300, 300)
        text = answer.content.decode()
        for one in ("€1,220.50", "€23.00", "€3.00", "Beside it, not applied"):
            assert one in text, one
        assert "Beside it" not in paid.client("service").get(url).content.decode()

    def test_lead_to_the_payments_that_make_it_up(self, paid: World) -> None:
        own = str(paid.customers["own"].public_id)
        asked = {"customer": own, "state": "unapplied", "currency": "EUR"}
        answer = paid.client("sales").get(LIST, asked)
        left = sum(line["payment"].unapplied_minor for line in answer.context["lines"])
        page = paid.client("sales").get(reverse("customers:invoices", args=[own]))
        assert left == page.context["owed"][0].money_minor
