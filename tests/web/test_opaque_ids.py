"""No page and no answer of the API holds a key of a row: not in an address, an option or a cursor.

Every sequence of the database begins at numbers that nothing else has, so a key that got out is
recognised wherever it stands. Each role then reads all it can come to: the routes of the table
written by hand, every link it is shown, and every list page by page.
"""

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from urllib.parse import unquote, urljoin

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from clientela.analysis.services import refresh_copy
from clientela.api.root import api
from clientela.audit.services import record_event
from clientela.runtime.database import Urls
from clientela.security.models import Grant
from clientela.store import paging
from clientela.store.context import system_context
from clientela.store.opaque import NotOurs, conceal, disclose
from clientela.web import lists
from tests.web import policy_table as table
from tests.web.paying import give_payments
from tests.web.world import World, make_world

ROLES = table.EVERYBODY.split()
KEY = re.compile(rb"(?<!\d)(?:88000000\d{6}|18880\d{5})(?!\d)")  # what START begins with
LINK = re.compile(r'(?:href|hx-get|src)="(/[^"#]*|\?[^"]*)"')
CURSOR = re.compile(r'(?:cursor=|trail=|"next": ?")([A-Za-z0-9_.:%-]+)')
MOST = 100  # pages that one role reads
ALIKE = 12  # of them, addresses of one page that differ in what stands behind the question mark
SHOWN = ("own", "other_branch")  # records that are begun with; links lead to the others
START = """
    select setval(format('%I.%I', schemaname, sequencename)::regclass,
        case when data_type::text = 'bigint' then 88000000000000 else 1888000000 end
        + 1000 * row_number() over (order by sequencename))
    from pg_sequences where schemaname = 'public'"""
FILE = b"Customer ID,Name,Phone\n1,Ana,+34600111222\n2,Luis,\n,nobody,\n"


@pytest.fixture
def world(fresh_database: Urls, monkeypatch: pytest.MonkeyPatch, settings) -> World:
    """The world of the matrix with recognisable keys, an import, a copy, and pages of one row."""
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    with psycopg.connect(fresh_database.owner) as owner:
        moved = owner.execute(START).fetchall()
    assert 40 < len(moved) < 80  # more would leave what KEY recognises
    world = make_world()
    assert KEY.fullmatch(str(world.customers["own"].pk).encode())
    file = SimpleUploadedFile("a.csv", FILE)
    new = {"file": file, "new_source": "till", "node": "madrid", "kind": "customers"}
    assert world.client("data_steward").post(reverse("imports:new"), new).status_code == 302
    refresh_copy(full=True)
    monkeypatch.setattr(lists, "page_of", partial(_page_of_one))
    return world


def _page_of_one(rows, *, order, cursor, size):
    return paging.page_of(rows, order=order, cursor=cursor, size=1)


def keys_in(text: bytes) -> list[bytes]:
    """Return the keys of rows in a text, also those that a cursor in it hides poorly."""
    found = KEY.findall(text)
    for cursor in CURSOR.findall(text.decode(errors="replace")):
        for layer in layers(unquote(cursor)):
            found += KEY.findall(layer)
    return found


def layers(cursor: str) -> Iterator[bytes]:
    """Return what anybody can read out of a cursor: base64, perhaps compressed, by its parts."""
    for part in re.split(r"[.:]", cursor):
        try:
            plain = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            continue
        yield plain
        try:
            yield zlib.decompress(plain)
        except zlib.error:
            continue


def beginnings(world: World) -> Iterator[str]:
    """Return the addresses that are read by GET, from the tables written by hand."""
    for name, methods in (table.CUSTOMER_ROUTES | table.INVOICE_ROUTES).items():
        if "GET" in methods:
            kinds = world.customers if name in table.CUSTOMER_ROUTES else world.invoices
            yield from (reverse(name, args=[kinds[one].public_id]) for one in SHOWN)
    for name, methods in table.PLAIN_ROUTES.items():
        if "GET" in methods:
            args = [world.objects.get(a.strip("<>"), a) for a in methods["GET"].get("args", [])]
            yield reverse(name, args=args)
    for name in table.ACCOUNT_ROUTES.keys() - {"account_logout"}:
        if not name.startswith(("account_reset", "mfa_remove", "mfa_edit")):
            yield reverse(name)
    yield reverse("imports:list")
    yield reverse("imports:new")


def read_all(world: World, role: str) -> Iterator[tuple[str, HttpResponse]]:
    """Follow every link that this role is shown, each address once, of one page a few."""
    client, ahead, seen = world.client(role), list(beginnings(world)), set[str]()
    alike = Counter[str]()
    while ahead and len(seen) < MOST:
        url = ahead.pop(0)
        path = url.partition("?")[0]
        if url in seen or url.startswith(("/static/", "/healthz")) or alike[path] == ALIKE:
            continue
        seen.add(url)
        alike[path] += 1
        answer = client.get(url)
        yield url, answer
        if "text/html" in answer.headers.get("Content-Type", "") and answer.status_code == 200:
            text = answer.content.decode().replace("&amp;", "&")
            ahead += [urljoin(url, link) for link in LINK.findall(text)]


class TestPages:
    @pytest.mark.slow
    def test_hold_no_key_of_a_row_for_any_role(self, world: World) -> None:
        told, read = [], dict.fromkeys(ROLES, 0)
        for role in ROLES:
            for url, answer in read_all(world, role):
                read[role] += answer.status_code == 200
                whole = b"\n".join(
                    [url.encode(), answer.headers.get("Location", "").encode(), answer.content]
                )
                told += [(role, url, key) for key in keys_in(whole)]
        assert told == []
        assert min(read.values()) >= 10, read  # every role came to something
        assert read["data_steward"] > 40

    def test_hold_no_key_where_something_is_refused(self, world: World) -> None:
        steward = world.client("data_steward")
        for url, body in (
            ("/admin/sources", {"name": "two words", "node": "madrid"}),
            ("/customers/new", {"name": "", "node": "madrid"}),
            ("/admin/sources", {"name": "shop", "node": str(world.company.nodes["madrid"].pk)}),
        ):
            answer = steward.post(url, body)
            assert answer.status_code == 422
            given = body["node"].encode()  # what was sent may come back
            assert [key for key in keys_in(answer.content) if key != given] == []

    def test_hold_no_key_in_the_trail_of_an_older_release(self, world: World) -> None:
        grant = Grant.objects.get(user=world.company.users["sales"])
        with system_context("an event of an older release"):
            record_event(
                act="security.grant.ended",
                at=grant.valid_from,
                subject=("security.Grant", grant.pk),
            )
        page = world.client("security_officer").get("/admin/events?act=security.grant.ended")
        assert "ended a role" in page.content.decode()
        assert keys_in(page.content) == []


class TestApi:
    def test_holds_no_key_of_a_row_in_any_list(self, world: World) -> None:
        own, run = world.customers["own"].public_id, None
        payments, told, read = give_payments(world), [], 0
        for role in ROLES:
            client = world.client(role)
            for path, methods in api.get_openapi_schema()["paths"].items():
                if "get" not in methods:
                    continue
                if "/imports/" in path:
                    items = client.get("/api/v1/imports").json().get("items", [])
                    run = items[0]["run"] if items else own
                record = run if "/imports/" in path else own
                if "/invoices/" in path:
                    record = world.invoices["own"].public_id
                if "/payments/" in path:
                    record = payments["own"].public_id
                url = path.replace("{public_id}", str(record)).replace("{name}", "abc")
                for answer in each_page(client, url):
                    read += answer.status_code == 200
                    told += [(role, url, key) for key in keys_in(body_of(answer))]
        assert told == []
        assert read > 60


def body_of(answer: HttpResponseBase) -> bytes:
    """Return what was sent; a file is read to its end, and so closed."""
    if isinstance(answer, FileResponse):
        with closing(answer):
            return b"".join(answer)  # type: ignore[arg-type]
    return answer.content  # type: ignore[attr-defined]


def each_page(client: Client, url: str) -> Iterator[HttpResponse]:
    """Read a list one row at a time, three pages of it; what is no list, once."""
    query: dict[str, str] = {"limit": "1"} if "{name}" not in url else {}
    for _ in range(3):
        answer = client.get(url, query)
        if answer.status_code == 422:
            answer = client.get(url, {"as_of": "2026-05-01"})
        yield answer
        is_list = answer.headers["Content-Type"].startswith("application/json")
        following = answer.json().get("next") if answer.status_code == 200 and is_list else None
        if not following:
            return
        query["cursor"] = following


class TestCursor:
    def test_of_another_list_or_changed_in_one_place_is_refused(self) -> None:
        text = conceal([["name", "id"], ["Ana", 88000000000001]], use="page of one")
        assert disclose(text, use="page of one") == [["name", "id"], ["Ana", 88000000000001]]
        wrong = [text[:n] + ("A" if c != "A" else "B") + text[n + 1 :] for n, c in enumerate(text)]
        wrong += ["", "x", "=", text + "=", text + "A", text[:-1], "é" * 40, "A" * 9999]
        for one in wrong:
            with pytest.raises(NotOurs):
                disclose(one, use="page of one")
        with pytest.raises(NotOurs):
            disclose(text, use="page of another")

    def test_tells_nothing_of_the_key_to_who_takes_it_apart(self) -> None:
        text = conceal([["id"], [88000000000001]], use="page of one")
        assert keys_in(f"?cursor={text}".encode()) == []

    def test_that_is_only_signed_would_be_found_out(self) -> None:
        from django.core import signing

        for packed in (False, True):
            row = [["id"], [88000000000001, "x" * 200]]
            text = signing.dumps(row, salt="any", compress=packed)
            assert keys_in(f"?cursor={text}".encode()) == [b"88000000000001"]

    def test_stays_the_same_for_the_same_row(self) -> None:
        assert conceal([1], use="a") == conceal([1], use="a") != conceal([1], use="b")


def test_addresses_of_security_keys_hold_none() -> None:
    url = reverse("mfa_edit_webauthn", kwargs={"pk": 88000000000001})
    assert keys_in(url.encode()) == []
    assert resolve(url).kwargs == {"pk": 88000000000001}
    for other in ("/account/second-factor/keys/1", url[:-1] + ("A" if url[-1] != "A" else "B")):
        with pytest.raises(Resolver404):
            resolve(other)
