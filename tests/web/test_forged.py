"""Fields that a form does not have are refused, and nothing is changed by them.

Every route that takes a form is sent every field of every model that is not in its form by
the table written by hand, on top of what makes the form right.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from clientela.audit.models import Event
from clientela.records.models import Customer
from clientela.store.context import system_context
from tests.web import policy_table as table
from tests.web.editing import shown
from tests.web.test_matrix import Matrix, routes
from tests.web.world import World

AT_ONCE = 20  # as many as one refusal names; what it left out is sent again
# who is let in to each form; whoever is not there is signed in as `sales`
SIGNED_IN = {
    "admin:source_trust": "data_steward", "admin:source_settlement": "data_steward",
    "account_login": "anonymous",
}  # fmt: skip


def model_fields() -> list[str]:
    """Return the name of every column of every model, and what Django calls its value."""
    names: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            names |= {field.name, getattr(field, "attname", field.name)}
    return sorted(names)


def forms() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every route that takes a form, with the rule of its POST."""
    rules = table.CUSTOMER_ROUTES | table.REVEAL | table.PLAIN_ROUTES
    for name, methods in rules.items():
        if "POST" in methods:
            yield name, methods["POST"]
    for name in table.ACCOUNT_ROUTES:
        yield name, {"do": "sales"}


FORMS = dict(forms())


@pytest.fixture(scope="class")
def matrix(django_db_setup: None, django_db_blocker: Any) -> Iterator[Matrix]:
    """One world for all forms: each request of the matrix is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Matrix()
        transaction.set_rollback(True)


def address(matrix: Matrix, name: str, rule: dict[str, Any], who: str) -> str:
    if name.startswith("customers:") and name not in table.PLAIN_ROUTES:
        return reverse(name, args=[matrix.customer("own")])
    kwargs = {
        "account_reset_password_from_key": {"uidb36": "1" * 32, "key": "no-such-key"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
    }.get(name)
    if kwargs:
        return reverse(name, kwargs=kwargs)
    return reverse(name, args=[matrix.fill(one, who) for one in rule.get("args", [])])


def somebody(name: str, rule: dict[str, Any]) -> str:
    """Return one who may send this form."""
    if name == "customers:reveal":
        return "data_steward"
    allowed = rule.get("do", "sales").split() or ["data_steward"]
    return SIGNED_IN.get(name, allowed[0])


class TestEveryForm:
    def test_is_known(self) -> None:
        assert set(table.FORMS) <= set(FORMS) <= set(routes())
        assert len(model_fields()) > 200

    @pytest.mark.parametrize("name", FORMS)
    def test_refuses_each_field_that_is_not_its_own(
        self, matrix: Matrix, settings: Any, name: str
    ) -> None:
        settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
        rule, own = FORMS[name], table.FORMS.get(name, "").split()
        who = somebody(name, rule)
        url = address(matrix, name, rule, who)
        body = matrix.body(rule.get("body", {}), who, url)
        forged = [one for one in model_fields() if one not in own]
        wrong = []
        while forged:
            some = forged[:AT_ONCE]
            status, answer, wrote = matrix.ask(who, "POST", url, body | dict.fromkeys(some, "1"))
            refusal = getattr(answer.wsgi_request, "refusal", None)
            told = {r.params.get("field") for r in getattr(refusal, "reasons", ())} & set(some)
            if status != 422 or wrote or not told:
                wrong.append((status, wrote, some))
            forged = [one for one in forged if one not in (told or some)]
        assert not wrong, f"{name}: {wrong}"

    @pytest.mark.parametrize("name", [one for one in FORMS if table.FORMS.get(one)])
    def test_refuses_in_each_field_what_nothing_can_hold(
        self, matrix: Matrix, settings: Any, name: str
    ) -> None:
        settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
        rule = FORMS[name]
        who = somebody(name, rule)
        url = address(matrix, name, rule, who)
        body = matrix.body(rule.get("body", {}), who, url)
        wrong = []
        for field in table.FORMS[name].split():
            status, answer, wrote = matrix.ask(who, "POST", url, body | {field: "a\x00b"})
            refusal = getattr(answer.wsgi_request, "refusal", None)
            told = {r.params.get("field") for r in getattr(refusal, "reasons", ())}
            if status != 422 or wrote or field not in told:
                wrong.append((field, status, wrote, told))
        assert not wrong, f"{name}: {wrong}"


class TestForgedFields:
    def test_of_files_are_refused_alike(self, world: World, tmp_path: Any) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("a.txt", b"x")
        answer = world.client("sales").post("/preferences", {"language": "es", "photo": file})
        assert answer.status_code == 422
        assert "photo" in answer.content.decode()

    def test_leave_the_customer_as_it_was_and_an_event(self, world: World) -> None:
        customer = world.customers["colleague"]  # a company
        with system_context("a look"):
            before = Customer.objects.filter(pk=customer.pk).values().get()
        url = reverse("customers:edit", args=[customer.public_id])
        forged = {"owner": "1", "org_node": "2", "abc_class": "A", "birth_date": "1980-01-01",
                  "phone#other": "+34911234567"}  # fmt: skip
        client = world.client("data_steward")
        for name, value in forged.items():
            answer = client.post(url, {"city": "Toledo", name: value})
            assert answer.status_code == 422, name
            assert "This form has no field" in answer.content.decode()
        with system_context("a look"):
            assert Customer.objects.filter(pk=customer.pk).values().get() == before
        assert Event.objects.filter(act="web.request.refused").count() == len(forged)

    def test_a_form_of_its_own_fields_is_taken(self, world: World) -> None:
        url = reverse("customers:edit", args=[world.customers["colleague"].public_id])
        body = {"city": "Toledo", "csrfmiddlewaretoken": "x", "reason": "call", "true_from": ""}
        client = world.client("data_steward")
        assert client.post(url, body | shown(client, url)).status_code == 302

    def test_are_refused_at_the_sign_in_too(self, world: World) -> None:
        body = {"login": "sales", "password": "x", "is_superuser": "1"}
        assert Client().post(reverse("account_login"), body).status_code == 422
