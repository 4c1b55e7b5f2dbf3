"""Every operation of the API for every role, against a table written by hand.

`do`: the roles that get `ok`; all others get 403, of a write whatever is sent with it. What is
out of reach is 404 for those who may read such records at all, and may write them if it is a
write. A refusal leaves its event and nothing else.
"""

import json

import pytest
from django.db import connection, transaction
from django.test import Client

from clientela.api.root import api
from clientela.records.models import Customer
from clientela.store.context import system_context
from tests.factories import add_customer

ROLES = [
    "sales",
    "credit_controller",
    "credit_manager",
    "marketing",
    "service",
    "analyst",
    "data_steward",
    "auditor",
    "security_officer",
    "administrator",
    "executive",
]
CUSTOMERS = "sales credit_controller credit_manager marketing service data_steward auditor"
TRADE = "sales credit_controller credit_manager service data_steward auditor"
PAYMENTS = "sales credit_controller credit_manager data_steward auditor"
CONTACTS = "sales credit_controller credit_manager marketing service data_steward auditor"
CASES = "sales credit_controller credit_manager service data_steward auditor"
SURVEYS = "sales marketing service auditor"
PROMOTIONS = "sales marketing auditor"
CONTRACTS = "sales credit_controller credit_manager data_steward auditor"
REVEALERS = "sales credit_controller credit_manager service data_steward auditor"
WRITERS = "sales data_steward"
EDITORS = f"{WRITERS} service"  # service changes how customers are reached, and no more
ANALYSES = "sales credit_controller credit_manager marketing analyst data_steward auditor executive"
RATES = "credit_controller credit_manager analyst data_steward auditor administrator"
NEW = {"kind": "company", "branch": "madrid", "attributes": {"name": "Nuevo"}}
NOWHERE = "00000000-0000-4000-8000-000000000000"

# (method, path) -> who gets which answer; {id} is a customer that sales owns in madrid
TABLE = {
    ("GET", "/me"): {"do": " ".join(ROLES), "ok": 200},
    ("GET", "/customers"): {"do": CUSTOMERS, "ok": 200},
    ("POST", "/customers"): {"do": WRITERS, "ok": 201, "body": NEW},
    ("GET", "/customers/{public_id}"): {"do": CUSTOMERS, "ok": 200, "foreign": CUSTOMERS},
    ("PATCH", "/customers/{public_id}"): {
        "do": EDITORS, "ok": 200, "foreign": EDITORS,
        "body": {"changes": {"postcode": "45001"}},
    },
    ("POST", "/customers/{public_id}/archive"): {
        "do": WRITERS, "ok": 200, "foreign": WRITERS, "body": {"archived": True},
    },
    # a company's name is not masked to anybody who reads it: there is nothing to reveal
    ("POST", "/customers/{public_id}/reveal"): {
        "do": REVEALERS, "ok": 422, "foreign": REVEALERS,
        "body": {"field": "name", "purpose": "order"},
    },
    ("GET", "/customers/{public_id}/contacts"): {"do": CONTACTS, "ok": 200, "foreign": CUSTOMERS},
    ("GET", "/customers/{public_id}/cases"): {"do": CASES, "ok": 200, "foreign": CUSTOMERS},
    ("GET", "/customers/{public_id}/surveys"): {"do": SURVEYS, "ok": 200, "foreign": CUSTOMERS},
    ("GET", "/customers/{public_id}/promotions"): {
        "do": PROMOTIONS, "ok": 200, "foreign": CUSTOMERS,
    },
    ("GET", "/customers/{public_id}/contracts"): {
        "do": CONTRACTS, "ok": 200, "foreign": CUSTOMERS,
    },
    ("GET", "/invoices"): {"do": TRADE, "ok": 200},
    ("GET", "/invoices/{public_id}"): {"do": TRADE, "ok": 404, "foreign": TRADE},
    ("GET", "/payments"): {"do": PAYMENTS, "ok": 200},
    ("GET", "/payments/{public_id}"): {"do": PAYMENTS, "ok": 404, "foreign": PAYMENTS},
    ("GET", "/sources"): {"do": "data_steward auditor administrator", "ok": 200},
    ("POST", "/sources"): {
        "do": "data_steward", "ok": 201, "body": {"name": "shop", "branch": "madrid"},
    },
    # there is no source `abc`, which is told to who may change sources
    ("PATCH", "/sources/{name}"): {
        "do": "data_steward", "ok": 404, "body": {"settlement": "known"},
    },
    ("GET", "/sources/{name}/mappings"): {"do": "data_steward auditor", "ok": 404},
    ("GET", "/rates"): {"do": RATES, "ok": 200},
    ("GET", "/rates/missing"): {"do": RATES, "ok": 200},
    ("POST", "/rates"): {
        "do": "credit_manager data_steward", "ok": 201,
        "body": {"rates": [
            {"currency": "USD", "base": "EUR", "day": "2026-03-01", "rate": "0.92"}
        ]},
    },
    ("GET", "/imports"): {"do": "data_steward auditor", "ok": 200},
    ("POST", "/imports"): {"do": "data_steward", "ok": 202, "file": True},
    ("GET", "/imports/{public_id}"): {"do": "data_steward auditor", "ok": 404},
    ("GET", "/imports/{public_id}/rejected"): {"do": "data_steward auditor", "ok": 404},
    ("GET", "/imports/{public_id}/rejected/file"): {"do": "data_steward", "ok": 404},
    ("POST", "/imports/{public_id}/answers"): {"do": "data_steward", "ok": 404, "body": {}},
    ("POST", "/imports/{public_id}/confirm"): {"do": "data_steward", "ok": 404, "body": {}},
    ("POST", "/imports/{public_id}/mapping"): {
        "do": "data_steward", "ok": 404, "body": {"name": "usual"},
    },
    ("POST", "/imports/{public_id}/cancel"): {"do": "data_steward", "ok": 404, "body": {}},
    ("POST", "/imports/{public_id}/take-back"): {
        "do": "data_steward", "ok": 404, "body": {"reason": "wrong month"},
    },
    ("GET", "/analyses"): {"do": ANALYSES, "ok": 200},
    # of `abc`, who knows customers by pseudonym is answered in classes, as management is
    ("GET", "/analyses/{name}"): {"do": ANALYSES, "ok": 200},
}  # fmt: skip
ATTEMPTED = """
    select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables
    where n_tup_ins + n_tup_upd + n_tup_del > 0 and relname <> 'audit_event'"""


@pytest.fixture
def ids(company):
    with system_context("customers for a test"):
        own = add_customer(company, node="madrid", owner="sales", name="Aceros")
        foreign = add_customer(company, node="shanghai", name="上海贸易")
        return {
            "own": str(Customer.objects.get(pk=own).public_id),
            "foreign": str(Customer.objects.get(pk=foreign).public_id),
            "none": NOWHERE,
        }


def operations():
    """Return every operation that the API offers, from its own description."""
    schema = api.get_openapi_schema()
    return {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in schema["paths"].items()
        for method in methods
    }


def call(caller, operation, record):
    method, path = operation
    row = TABLE[operation]
    url = path.replace("{public_id}", record).replace("{name}", "abc")
    if row.get("file"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("a.csv", b"Customer ID,Name\n1,Ana\n")
        headers = caller._headers() | {"Idempotency-Key": f"{caller.token}-file"}
        return caller.client.post(
            "/api/v1/imports", {"file": file, "source": "new-shop"}, headers=headers
        )
    if method == "GET":
        query = {"as_of": "2026-05-01"} if path == "/analyses/{name}" else {}
        return caller.get(url, **query)
    return caller.send(method, url, row["body"])


# What a program may send that has not read how: nothing, no fields, other fields, no JSON.
UNFIT = ["", "{}", '{"is_admin": true}', "[1]", "{", '{"changes": 7, "rates": "x"}']


def unfit_answers(caller, operation, record):
    """Yield body and answer of a write for each body that does not fit, and for a form."""
    method, path = operation
    url = "/api/v1" + path.replace("{public_id}", record).replace("{name}", "abc")
    for body in UNFIT:
        for kind in ("application/json", "text/plain"):
            caller.keys += 1
            headers = caller._headers() | {"Idempotency-Key": f"{caller.token}-{caller.keys}"}
            yield (
                (body, kind),
                caller.client.generic(method, url, body, content_type=kind, headers=headers),
            )
    headers = caller._headers()  # no key, a form of a foreign field
    yield "form", getattr(caller.client, method.lower())(url, {"owner": "me"}, headers=headers)


def attempted():
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPTED)
        return dict(cursor.fetchall())


@pytest.fixture(scope="module", autouse=True)
def copy(django_db_setup, django_db_blocker):
    """Have a columnar copy, though an empty one: who may ask is asked here, not what."""
    from clientela.analysis.services import ensure_copy

    with django_db_blocker.unblock():
        ensure_copy()


class TestMatrix:
    def test_knows_every_operation(self):
        assert operations() == TABLE.keys()

    @pytest.mark.parametrize("role", ROLES)
    def test_answers_each_role_as_the_table_says(self, caller, ids, role):
        program, wrong = caller(role), {}
        for operation, row in TABLE.items():
            with transaction.atomic():
                before = attempted()
                answer = call(program, operation, ids["own"])
                wanted = row["ok"] if role in row["do"].split() else 403
                written = attempted() if answer.status_code == 403 else before
                transaction.set_rollback(True)
            if answer.status_code != wanted or written != before:
                wrong[operation] = (answer.status_code, wanted, written, before)
        assert wrong == {}

    @pytest.mark.parametrize("role", ROLES)
    def test_refuses_a_write_without_the_right_whatever_is_sent(self, caller, ids, role):
        program, wrong, asked = caller(role), [], 0
        writes = [(method, path) for method, path in operations() if method != "GET"]
        for operation in sorted(writes):
            if role in TABLE[operation]["do"].split():
                continue
            for record in ids.values():
                told = set()
                for sent, answer in unfit_answers(program, operation, record):
                    asked += 1
                    told.add(answer.content)
                    if answer.status_code != 403:
                        wrong.append((operation, sent, answer.status_code))
                if len(told) != 1:
                    wrong.append((operation, record, told))
        assert wrong == []
        assert asked or role == "data_steward"

    def test_attempts_nothing_where_the_right_is_narrower_than_the_write(self, caller, ids):
        service = caller("service")  # may change how a customer is reached, and no more
        with transaction.atomic():
            before = attempted()
            body = {"changes": {"industry": "steel"}}
            answer = service.send("PATCH", f"/customers/{ids['own']}", body)
            assert (answer.status_code, attempted()) == (403, before)

    @pytest.mark.parametrize("role", ROLES)
    def test_hides_whether_a_foreign_record_is_there(self, caller, ids, role):
        program = caller(role)
        for operation, row in TABLE.items():
            if "foreign" not in row:
                continue
            answers = [call(program, operation, ids[name]) for name in ("foreign", "none")]
            wanted = 404 if role in row["foreign"].split() else 403
            assert [a.status_code for a in answers] == [wanted, wanted], operation
            assert answers[0].content == answers[1].content

    @pytest.mark.parametrize("operation", sorted(TABLE))
    def test_answers_nobody_who_is_not_signed_in(self, company, operation):
        method, path = operation
        url = "/api/v1" + path.replace("{public_id}", NOWHERE).replace("{name}", "abc")
        body = json.dumps(TABLE[operation].get("body") or {})
        answer = Client().generic(method, url, body, content_type="application/json")
        assert answer.status_code == 401
