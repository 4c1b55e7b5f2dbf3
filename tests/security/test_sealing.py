"""A sealed value opens in its own place, under its own key, and nowhere else."""

import pytest

from clientela.store.sealing import (
    SealBroken,
    digest,
    is_sealed,
    new_data_key,
    seal,
    unseal,
    unwrap,
)

WHERE = {"attribute": "phone", "record_id": 7}


@pytest.fixture
def key():
    plain, _ = new_data_key(7)
    return plain


class TestSealedValue:
    def test_opens_with_what_it_was_sealed_with(self, key):
        sealed = seal("+34600123456", data_key=key, **WHERE)
        assert is_sealed(sealed)
        assert "600123456" not in str(sealed)
        assert unseal(sealed, attribute="phone", data_key=key) == "+34600123456"

    def test_opens_not_as_another_attribute(self, key):
        sealed = seal("+34600123456", data_key=key, **WHERE)
        with pytest.raises(SealBroken):
            unseal(sealed, attribute="email", data_key=key)

    def test_opens_not_as_another_record(self, key):
        sealed = seal("+34600123456", data_key=key, **WHERE)
        with pytest.raises(SealBroken):
            unseal({**sealed, "key": 8}, attribute="phone", data_key=key)

    def test_opens_not_with_another_key_nor_when_changed(self, key):
        sealed = seal("+34600123456", data_key=key, **WHERE)
        other, _ = new_data_key(7)
        with pytest.raises(SealBroken):
            unseal(sealed, attribute="phone", data_key=other)
        flipped = "A" if sealed["cipher"][30] != "A" else "B"
        changed = {**sealed, "cipher": sealed["cipher"][:30] + flipped + sealed["cipher"][31:]}
        with pytest.raises(SealBroken):
            unseal(changed, attribute="phone", data_key=key)

    def test_never_looks_the_same_twice_but_compares_by_digest(self, key):
        one, two = (seal("x", data_key=key, **WHERE) for _ in range(2))
        assert one["cipher"] != two["cipher"]
        assert one["digest"] == two["digest"] == digest("phone", "x") != digest("email", "x")


class TestDataKey:
    def test_unwraps_for_its_own_record_alone(self):
        plain, wrapped = new_data_key(7)
        assert unwrap(wrapped, 7) == plain
        with pytest.raises(SealBroken):
            unwrap(wrapped, 8)

    def test_that_was_destroyed_opens_nothing(self):
        with pytest.raises(SealBroken, match="destroyed"):
            unwrap(None, 7)
