"""A source has a name of its own, whoever writes it first."""

from datetime import timedelta

import pytest

from clientela.kernel.reasons import Invalid
from clientela.records.models import Source
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from tests.factories import NOON, make_company


@pytest.fixture
def group(db) -> int:
    return make_company().nodes["group"].pk


class TestSource:
    def test_is_refused_a_name_that_is_taken_and_the_work_goes_on(self, group):
        with system_context("sources"):
            make_source(name="erp", node_id=group, at=NOON, by="t")
            with pytest.raises(Invalid) as refused:
                make_source(name=" ERP ", node_id=group, at=NOON + timedelta(days=1), by="t")
            assert refused.value.reasons[0].code == "source_name_taken"
            make_source(name="shop", node_id=group, at=NOON, by="t")
            assert set(Source.objects.values_list("name", flat=True)) == {"erp", "shop"}
