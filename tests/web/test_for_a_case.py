"""Where a person lives is shown for a case alone, whatever the purpose, and the case is named."""

import pytest
from django.urls import reverse

from clientela.audit.models import Event
from clientela.kernel.reasons import Invalid
from clientela.records.models import Customer
from clientela.records.services.revealing import reveal_fact
from clientela.runtime.cases import case_in, forms
from clientela.runtime.refusals import CannotStart
from clientela.security.models import Purpose
from clientela.store.context import system_context
from tests.factories import NOON, add_customer
from tests.web import policy_table as table
from tests.web.world import World

STREET = "Calle Mayor 1"
NO_CASE = (
    "", "  ", "-", "…", "x", "asdf", "12", "the customer called", "a 1", "Case", "case at 5pm",
    "he owes 500 euro", "Mr Smith 3rd floor", "2026", "2026-11-26", "Invoice INV000-1",
)  # fmt: skip
FORM = r'name="note" required'


@pytest.fixture
def person(world: World) -> Customer:
    with system_context("where a person lives"):
        add_customer(
            world.company, node="madrid", owner="sales", name="Name own", key="lives",
            kind="person", address=STREET, phone="+34600123457",
        )  # fmt: skip
        return Customer.objects.order_by("-id").first()


def asked(world: World, who: str, person: Customer, **body: str):
    url = reverse("customers:reveal", args=[person.public_id])
    return world.client(who).post(url, {"key": "address"} | body)


class TestAddress:
    @pytest.mark.parametrize("who", ["credit_controller", "credit_manager", "auditor"])
    def test_takes_a_case_under_every_purpose(self, world: World, person: Customer, who: str):
        own = [p.code for p in Purpose.objects.all() if "S4" in p.classes and who in p.roles]
        assert own
        for purpose in own:
            for note in NO_CASE:
                refused = asked(world, who, person, purpose=purpose, note=note)
                assert refused.status_code == 422
                assert STREET not in refused.content.decode()
                assert "shown for a case alone" in refused.content.decode()
                assert "like Case 2026/17, INC0012345" in refused.content.decode()
            seen = Event.objects.filter(act="security.field.revealed")
            assert not seen.filter(purpose__startswith=purpose).exists()
            shown = asked(world, who, person, purpose=purpose, note="Case 2026/17")
            assert STREET in shown.content.decode()
            event = Event.objects.get(act="security.field.revealed", purpose__startswith=purpose)
            assert (event.purpose, event.fields_read) == (
                f"{purpose}: Case 2026/17", {"address": "S4"}
            )  # fmt: skip

    def test_is_shown_to_the_roles_of_the_table_and_to_nobody_else(
        self, world: World, person: Customer
    ):
        got = {}
        for who in table.REVEAL["customers:reveal"]["POST"]:
            purpose = table.REVEAL_PURPOSES.get(who, "data_quality")
            answer = asked(world, who, person, purpose=purpose, note="Case 2026/17")
            got[who] = answer.status_code
            assert (STREET in answer.content.decode()) == (answer.status_code == 200)
        assert got == table.REVEAL_FOR_A_CASE

    def test_asks_for_the_case_on_the_page_and_a_number_does_not(
        self, world: World, person: Customer
    ):
        url = reverse("customers:file", args=[person.public_id])
        text = world.client("credit_manager").get(url).content.decode()
        assert text.count(FORM) == 1
        assert text.count('placeholder="Case, like Case 2026/17, INC0012345"') == 1
        assert text.count('aria-label="Number of the case"') == 1
        before = text[: text.index(FORM)]
        assert before.rindex('value="address"') > before.rindex('value="phone"')

    def test_of_a_collection_is_no_exception_for_a_service_either(
        self, world: World, person: Customer
    ):
        access = world.company.access("credit_controller")
        given = {"access": access, "public_id": str(person.public_id), "at": NOON}
        with system_context("a test asks"):
            with pytest.raises(Invalid) as refused:
                reveal_fact(**given, key="address", purpose="collection")
            assert [reason.code for reason in refused.value.reasons] == ["class_needs_a_case"]
            assert (
                reveal_fact(**given, key="address", purpose="collection", note="Case 109").plain
                == STREET
            )
            # a telephone number is what a collection calls: no case is asked for
            assert reveal_fact(**given, key="phone", purpose="collection").plain == "+34600123457"

    def test_asks_for_the_form_that_the_company_uses(
        self, world: World, person: Customer, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("CLIENTELA_CASE_NUMBERS", "COL-####-###, @@#####")
        own = {"purpose": "collection"}
        for note in (
            "Case 2026/17",
            "COL-2026-17",
            "COL-2026-1234",
            "AB123456",
            "see COL-2026-017",
        ):
            refused = asked(world, "credit_controller", person, **own, note=note)
            assert refused.status_code == 422
            assert "written like COL-1234-567, AA12345" in refused.content.decode()
        for note in (
            "COL-2026-017",
            "col-2026-017: asked twice",
            "#ab12345",
            "ＣＯＬ－２０２６－017",
        ):
            shown = asked(world, "credit_controller", person, **own, note=note)
            assert STREET in shown.content.decode()
        events = Event.objects.filter(act="security.field.revealed").order_by("id")
        kept = [one.purpose for one in events]
        assert kept[-4:] == [
            "collection: COL-2026-017", "collection: col-2026-017: asked twice",
            "collection: #ab12345", "collection: ＣＯＬ－２０２６－017",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "number"),
    [
        ("Case 2026/17", "Case 2026/17"), ("INC0012345", "INC0012345"), ("2026/17", "2026/17"),
        ("#4711", "4711"), ("Caso n. 2026-17, dice que", "Caso n. 2026-17"), ("TKT-ABC-123", "TKT-ABC-123"),
        ("案件2026-17", "案件2026-17"), ("案件：2026-17", "案件:2026-17"), ("4711 and more", ""),
        ("2026/11/26", ""), ("AB 12", ""), ("case closed 2 days ago", ""), ("filed 3 days", ""),
        ("Expediente nº 12", "Expediente no 12"), ("工单号 A-12", "工单号 A-12"),
        ("asdf", ""), ("x", ""), ("1", ""), ("", ""), ("case", ""), ("one two three four 5", ""),
        ("....", ""), ("_" * 200, ""), ("a." * 100, ""), ("ab" * 100, ""),
    ],
)  # fmt: skip
def test_a_number_is_told_from_other_text(note: str, number: str):
    assert case_in(note) == number


def test_a_form_without_a_digit_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CLIENTELA_CASE_NUMBERS", "COL-####,CASE")
    with pytest.raises(CannotStart) as refused:
        forms()
    assert refused.value.codes == ("case_numbers_unreadable",)
    assert "names CASE" in str(refused.value)
