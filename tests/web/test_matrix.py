"""Every route, method, principal and kind of record against the table written by hand.

Each cell is a request in a savepoint that is undone. What it attempted to write is read
from the statistics of the transaction (they count what was rolled back as well) and from
the sequences: a refused request may attempt nothing but its one audit event.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web import policy_table as table
from tests.web.editing import as_shown
from tests.web.paying import give_payments
from tests.web.world import World, make_world

ROLES = table.EVERYBODY.split()
OUTSIDE = ("anonymous", "disabled")
IN_REACH = {"own", "colleague", "archived"}
RECORDS = ["own", "colleague", "archived", "other_branch", "other_region", "none"]
# Sessions are kept alive by every request; the audit trail is what a refusal leaves.
ALLOWED = {"django_session", "audit_event", "usersessions_usersession", "store_cache"}
WRITES = """
    select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables
    where n_tup_ins + n_tup_upd + n_tup_del > 0
    union all
    select sequencename, last_value from pg_sequences where last_value is not null"""


def routes() -> dict[str, URLPattern]:
    """Return every route of the product by its full name."""

    def walk(patterns: Any, space: str) -> Iterator[tuple[str, URLPattern]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one.url_patterns, inner)
            else:
                yield f"{space}{one.name}", one

    found = [one for one in walk(get_resolver().url_patterns, "") if ours(one[0])]
    assert len(found) == len(dict(found)), "two routes have one name"
    return dict(found)


def ours(name: str) -> bool:
    """Leave out what has an enumeration of its own: the API and the imports."""
    return not name.startswith(("api", "imports:"))


class Matrix:
    """The world, a signed-in client for each principal, and one request at a time."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.payments = give_payments(self.world)
        self.clients: dict[str, Client] = {name: self.world.client(name) for name in ROLES}
        self.clients |= {"anonymous": self.world.client(None)}
        self.clients["disabled"] = self.world.client("disabled")
        user = self.world.company.users["disabled"]
        user.is_active = False
        user.save()
        self.cells = 0

    def ask(
        self, who: str, method: str, url: str, body: dict[str, Any] | None = None
    ) -> tuple[int, HttpResponse, set[str]]:
        """Return status, answer and the tables that the request attempted to write."""
        self.cells += 1
        before = self._writes()
        with transaction.atomic():
            answer = self.clients[who].generic(
                method, url, self._form(body), "application/x-www-form-urlencoded"
            )
            after = self._writes()
            transaction.set_rollback(True)
        touched = {name for name, count in after.items() if before.get(name, 0) != count}
        return answer.status_code, answer, {t for t in touched if not _allowed(t)}

    def fill(self, value: str, who: str) -> Any:
        """Return the thing of the world that a name in angle brackets stands for."""
        if not value.startswith("<"):
            return value
        if value == "<own_view>":
            return self.world.objects["views"].get(who, self.world.objects["nothing"])
        return self.world.objects[value.strip("<>")]

    def body(self, given: dict[str, str], who: str, url: str = "") -> dict[str, Any]:
        """Return what is sent to `url`; a form that tells what it showed is opened there first."""
        shown = {"<seen>": as_shown(self.clients[who].get(url)).get("seen", "")
                 if "<seen>" in given.values() else ""}  # fmt: skip
        return {name: shown[v] if v in shown else self.fill(v, who) for name, v in given.items()}

    def customer(self, record: str) -> Any:
        if record == "none":
            return self.world.objects["nothing"]
        return self.world.customers[record].public_id

    def invoice(self, record: str) -> Any:
        if record == "none":
            return self.world.objects["nothing"]
        return self.world.invoices[record].public_id

    def payment(self, record: str) -> Any:
        if record == "none":
            return self.world.objects["nothing"]
        return self.payments[record].public_id

    def _writes(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(WRITES)
            return dict(cursor.fetchall())

    def _form(self, body: dict[str, Any] | None) -> str:
        from urllib.parse import urlencode

        return urlencode(body or {})


def _allowed(name: str) -> bool:
    return name in ALLOWED or any(name.startswith(f"{one}_") for one in ALLOWED)


def expected(rule: dict[str, Any], role: str, record: str, method: str) -> int:
    """Return what the table says for a record with a branch."""
    if role not in rule["see" if method == "GET" else "do"].split():
        return 403
    reached = record in IN_REACH and (record != "colleague" or role != table.OWN_ONLY)
    if not reached:
        return 404
    return int(rule["ok"]) if role in rule["do"].split() else 403


def plain(body: bytes, *secrets: object) -> str:
    """Return a page without what differs by the request itself: token and address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body.decode())
    text = re.sub(r"X-CSRFToken&quot;: &quot;[^&]+|X-CSRFToken\": \"[^\"]+", "", text)
    for secret in secrets:
        text = text.replace(str(secret), "")
    return text


@pytest.fixture
def matrix(db: None, settings: Any) -> Matrix:
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MFA_RATE_LIMITS = False
    return Matrix()


class TestTable:
    def test_names_every_route_and_no_other(self) -> None:
        known = {
            *table.CUSTOMER_ROUTES, *table.REVEAL, *table.INVOICE_ROUTES, *table.PAYMENT_ROUTES,
            *table.PLAIN_ROUTES, *table.ACCOUNT_ROUTES,
        }  # fmt: skip
        assert set(routes()) == known


class TestMatrix:
    @pytest.mark.parametrize("kind", ["customer", "invoice", "payment"])
    def test_holds_for_records(self, matrix: Matrix, kind: str) -> None:
        rules, identify = {
            "customer": (table.CUSTOMER_ROUTES, matrix.customer),
            "invoice": (table.INVOICE_ROUTES, matrix.invoice),
            "payment": (table.PAYMENT_ROUTES, matrix.payment),
        }[kind]
        wrong, missing_bodies = [], set()
        for name, methods in rules.items():
            for method, rule in methods.items():
                for record in RECORDS:
                    url = reverse(name, args=[identify(record)])
                    for who in (*ROLES, *OUTSIDE):
                        want = 302 if who in OUTSIDE else expected(rule, who, record, method)
                        body = matrix.body(rule.get("body", {}), who, url)
                        status, answer, wrote = matrix.ask(who, method, url, body)
                        refused = want >= 400 or who in OUTSIDE or method == "GET"
                        if status != want or (refused and wrote):
                            wrong.append((name, method, who, record, status, want, wrote))
                        if status == 404 and who == "auditor":
                            here = plain(answer.content, identify(record))
                            missing_bodies.add((name, method, here))
        assert not wrong, "\n".join(map(str, wrong))
        # what is foreign and what is not there is one page
        assert len({(n, m) for n, m, _ in missing_bodies}) == len(missing_bodies)
        assert missing_bodies

    def test_holds_for_reveals(self, matrix: Matrix) -> None:
        wrong = []
        body = {"key": "phone", "purpose": "data_quality", "note": "case 7"}
        for who, want in table.REVEAL["customers:reveal"]["POST"].items():
            mine = body | {"purpose": table.REVEAL_PURPOSES.get(who, "data_quality")}
            for record in RECORDS:
                url = reverse("customers:reveal", args=[matrix.customer(record)])
                # only the first record has a phone; a company's would be plain to all
                at_hand = record == "own" or want == 403
                status, answer, wrote = matrix.ask(who, "POST", url, mine)
                if status != (want if at_hand else 404) or wrote:
                    wrong.append((who, record, status, want, wrote))
                if status >= 400 and b"600123456" in answer.content:
                    wrong.append((who, record, "told"))
        assert not wrong, "\n".join(map(str, wrong))

    def test_holds_where_there_is_no_record(self, matrix: Matrix) -> None:
        wrong = []
        for name, methods in table.PLAIN_ROUTES.items():
            for method, rule in methods.items():
                for who in (*ROLES, *OUTSIDE):
                    args = [matrix.fill(one, who) for one in rule.get("args", [])]
                    body = matrix.body(rule.get("body", {}), who)
                    want = _plain_want(name, rule, who)
                    status, _, wrote = matrix.ask(who, method, reverse(name, args=args), body)
                    refused = want >= 400 or (who in OUTSIDE) or method == "GET"
                    if status != want or (refused and wrote):
                        wrong.append((name, method, who, status, want, wrote))
        assert not wrong, "\n".join(map(str, wrong))

    def test_refuses_a_write_without_the_right_whatever_is_sent(self, matrix: Matrix) -> None:
        wrong, asked = [], 0
        rules = table.CUSTOMER_ROUTES | table.REVEAL | table.PLAIN_ROUTES
        for name, methods in rules.items():
            if "POST" not in methods:
                continue
            for who in sorted(set(ROLES) - _writers(name, methods["POST"])):
                url = _address(matrix, name, {"POST": methods["POST"]})
                told = set()
                for body in ({}, {"is_admin": "1"}, {"name": "x", "key": "x", "reason": ""}):
                    asked += 1
                    status, answer, wrote = matrix.ask(who, "POST", url, body)
                    told.add(plain(answer.content))
                    if status != 403 or wrote:
                        wrong.append((name, who, body, status, wrote))
                if len(told) != 1:
                    wrong.append((name, who, "the refusals differ"))
        assert not wrong, "\n".join(map(str, wrong))
        assert asked > 500

    def test_knows_no_other_method(self, matrix: Matrix) -> None:
        wrong = []
        records = table.CUSTOMER_ROUTES | table.INVOICE_ROUTES | table.PAYMENT_ROUTES
        rules = records | table.REVEAL | table.PLAIN_ROUTES
        for name, methods in rules.items():
            url = _address(matrix, name, methods)
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
                for who in ("sales", "administrator", "security_officer"):
                    if method in methods:
                        continue
                    status, _, wrote = matrix.ask(who, method, url)
                    if status != 405 or wrote:
                        wrong.append((name, method, who, status, wrote))
        assert not wrong, "\n".join(map(str, wrong))

    def test_holds_for_the_pages_of_sign_in(self, matrix: Matrix) -> None:
        wrong = []
        for name, (inside, outside) in table.ACCOUNT_ROUTES.items():
            kwargs: dict[str, Any] = {}
            if name == "account_reset_password_from_key":
                kwargs = {"uidb36": "1" * 32, "key": "no-such-key"}
            elif name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
                kwargs = {"pk": 1}
            url = reverse(name, kwargs=kwargs)
            for who in ("sales", "administrator", *OUTSIDE):
                want = outside if who in OUTSIDE else inside
                status, _, wrote = matrix.ask(who, "GET", url)
                if status != want or wrote:
                    wrong.append((name, who, status, want, wrote))
                if matrix.ask(who, "PUT", url)[0] not in (405, 302):
                    wrong.append((name, who, "PUT"))
        assert not wrong, "\n".join(map(str, wrong))


def _plain_want(name: str, rule: dict[str, Any], who: str) -> int:
    if who in OUTSIDE:
        return int(rule.get("public", 302))
    if name in ("admin:source_trust", "admin:source_settlement"):
        return table.SOURCE_READERS.get(who, 403)
    return int(rule["ok"]) if who in rule["do"].split() else 403


def _writers(name: str, rule: dict[str, Any]) -> set[str]:
    """Return who may do this write at all, to some record."""
    if name in table.REVEAL:
        return {who for who, status in rule.items() if status != 403}
    if name in ("admin:source_trust", "admin:source_settlement"):
        return set(table.SOURCE_READERS)
    return set(rule["do"].split())


def _address(matrix: Matrix, name: str, methods: dict[str, Any]) -> str:
    if name in table.CUSTOMER_ROUTES or name in table.REVEAL:
        return reverse(name, args=[matrix.customer("own")])
    if name in table.INVOICE_ROUTES:
        return reverse(name, args=[matrix.invoice("own")])
    if name in table.PAYMENT_ROUTES:
        return reverse(name, args=[matrix.payment("own")])
    rule = next(iter(methods.values()))
    return reverse(name, args=[matrix.fill(one, "sales") for one in rule.get("args", [])])
