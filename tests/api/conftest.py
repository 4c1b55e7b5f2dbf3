"""Programs that call: each role's service account with a token for all of its acts."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clientela.security.models import Token
from clientela.security.roles import ACTS
from clientela.security.services import token_digest
from tests.factories import make_company


class Caller:
    """One program, speaking JSON."""

    def __init__(self, token: str) -> None:
        self.client, self.token, self.keys = Client(), token, 0

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def send(self, method, path, body=None, key=None):
        self.keys += 1
        return self.client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers=self._headers() | {"Idempotency-Key": key or f"{self.token}-{self.keys}"},
        )

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def company(db):
    return make_company()


@pytest.fixture
def caller(company):
    """Return a function: the caller that acts as a user, perhaps limited to some acts."""

    def call(name, acts=None):
        now = timezone.now()
        secret = f"clt_{name}_{acts}"
        Token.objects.create(
            user=company.users[name], name=name, digest=token_digest(secret),
            acts=sorted(acts or ACTS), proposed_by="a", proposed_at=now, approved_by="b",
            approved_at=now, expires_at=now + timedelta(days=1),
        )  # fmt: skip
        return Caller(secret)

    return call
