"""A sealed value opens in its own place, under its own key, and nowhere else."""

import io
import os

import pytest

from clientela.store import sealed_files
from clientela.store.sealed_files import seal_file, unseal_file
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


class TestSealedFile:
    @staticmethod
    def sealed(content: bytes, key: bytes, record_id: int = 7) -> bytes:
        out = io.BytesIO()
        seal_file(io.BytesIO(content), out, record_id=record_id, data_key=key)
        return out.getvalue()

    @staticmethod
    def opened(content: bytes, key: bytes, record_id: int = 7) -> bytes:
        out = io.BytesIO()
        unseal_file(io.BytesIO(content), out, record_id=record_id, data_key=key)
        return out.getvalue()

    @pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 640])
    def test_opens_as_it_was_whatever_its_size(self, size, monkeypatch):
        monkeypatch.setattr(sealed_files, "BLOCK", 64)
        key, content = os.urandom(32), os.urandom(size)
        assert self.opened(self.sealed(content, key), key) == content

    def test_hides_what_it_holds(self):
        assert b"sentinel" not in self.sealed(b"sentinel" * 99, os.urandom(32))

    def test_opens_neither_cut_nor_reordered_nor_for_another_record(self, monkeypatch):
        monkeypatch.setattr(sealed_files, "BLOCK", 64)
        key, block = os.urandom(32), 12 + 64 + 16
        whole = self.sealed(os.urandom(256), key)
        swapped = whole[block : 2 * block] + whole[:block] + whole[2 * block :]
        for broken in (whole[:-block], whole[block:], swapped, whole[:-1], b""):
            with pytest.raises(SealBroken):
                self.opened(broken, key)
        with pytest.raises(SealBroken):
            self.opened(whole, key, record_id=8)
        with pytest.raises(SealBroken):
            self.opened(whole, os.urandom(32))
