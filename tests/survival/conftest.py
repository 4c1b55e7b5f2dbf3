"""An installation that commands can work in."""

import pytest
from django.utils import timezone

from clientela.security.services.founding import found
from clientela.store.context import system_context


@pytest.fixture
def founded(fresh_database):
    """Found the installation in the test's own database."""
    with system_context("founding for a test"):
        return found(name="Group", base_currency="", at=timezone.now())
