"""The trail: every event sealed in order, and every kind of tampering found."""

import os
import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from clientela.audit import rules
from clientela.audit.models import Checkpoint, Event, Seal
from clientela.audit.sealer import public_key, seal_events
from clientela.audit.selectors import blocks, sealed_events
from clientela.audit.services import record_event
from clientela.audit.verification import verify
from tests.audit.tampering import KINDS, OTHER, Trail
from tests.factories import NOON

MINUTE = timedelta(seconds=61)
TAMPERINGS = int(os.environ.get("CLIENTELA_TAMPERINGS", "100"))  # of each kind; release: 1,000


@pytest.fixture
def trail(fresh_database, tmp_path):
    """300 events in three blocks or more, as they are read back, and the file outside."""
    anchor = tmp_path / "checkpoints"
    for block in range(3):
        for n in range(100):
            record_event(
                act="test.done",
                at=NOON + block * MINUTE,
                subject=("x.Y", n),
                after={"n": n, "é": 1.5},
            )
        seal_all(at=NOON + block * MINUTE, anchor=anchor)
    seal_events(at=NOON + 3 * MINUTE, anchor=anchor)
    lines = anchor.read_bytes().splitlines()
    return Trail(list(sealed_events()), list(blocks()), lines)


def checked(trail):
    return verify(trail.sealed, trail.blocks, public_key(), anchors=trail.anchors)


def seal_all(at, anchor):
    """Seal until nothing waits: a transaction of another test holds the horizon back."""
    until = time.monotonic() + 120
    while Seal.objects.count() < Event.objects.count() and time.monotonic() < until:
        seal_events(at=at, anchor=anchor)
        time.sleep(0.01)


class TestTrail:
    def test_is_whole_as_the_sealer_left_it(self, trail):
        verdict = checked(trail)
        assert (verdict.events, verdict.blocks) == (300, len(trail.blocks))
        assert verdict.first_bad is None
        assert len(trail.blocks) == len(trail.anchors) >= 3

    def test_is_sealed_by_one_sealer_and_each_event_once(self, trail):
        assert seal_events(at=NOON + 9 * MINUTE) == 0
        assert Seal.objects.count() == Event.objects.count() == 300
        sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
        assert sizes[-1] == 300

    def test_shows_tampering_of_every_kind_at_any_place(self, trail):
        assert len(KINDS) == 11
        chance = random.Random(5)
        unseen = []
        for kind, tamper in KINDS.items():
            for _ in range(TAMPERINGS):
                place, changed = chance.randrange(300), trail.copied()
                tamper(changed, place)
                verdict = checked(changed)
                if verdict or verdict.first_bad is None:
                    unseen.append((kind, place))
        assert unseen == []

    def test_names_the_first_event_that_does_not_hold(self, trail):
        for kind in ("change", "delete", "swap", "redate"):
            changed = trail.copied()
            KINDS[kind](changed, 122)
            assert checked(changed).first_bad == 123, kind

    def test_is_not_taken_for_whole_when_an_older_state_was_put_back(self, trail):
        changed = trail.copied()
        KINDS["restore"](changed, 299)
        assert verify(changed.sealed, changed.blocks, public_key())  # whole in itself
        verdict = checked(changed)
        assert (verdict.why, verdict.first_bad) == ("rolled_back", changed.blocks[-1].size + 1)

    def test_is_not_fooled_by_checkpoints_of_another_key(self, trail):
        forged = [replace(block, signature=OTHER.sign(b"anything")) for block in trail.blocks]
        assert verify(trail.sealed, forged, public_key()).why == "signature_wrong"


class TestMerkleRoot:
    def test_equals_the_known_values_of_the_certificate_transparency_tests(self):
        # The empty tree and the one-leaf tree of RFC 6962: SHA-256("") and SHA-256(0x00).
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        one = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        assert rules.merkle_root([]).hex() == empty
        assert rules.merkle_root([b""]).hex() == one
