"""The trail: every event sealed in order, and every kind of tampering found."""

import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clientela.audit import rules
from clientela.audit.models import Checkpoint, Event, Seal
from clientela.audit.sealer import public_key, seal_events
from clientela.audit.selectors import blocks, sealed_events
from clientela.audit.services import record_event
from clientela.audit.verification import verify
from tests.factories import NOON

MINUTE = timedelta(seconds=61)


@pytest.fixture
def trail(fresh_database):
    """300 events in three blocks or more, as they are read back."""
    for block in range(3):
        for n in range(100):
            record_event(
                act="test.done",
                at=NOON + block * MINUTE,
                subject=("x.Y", n),
                after={"n": n, "é": 1.5},
            )
        seal_all(at=NOON + block * MINUTE)
    seal_events(at=NOON + 3 * MINUTE)
    return list(sealed_events()), list(blocks())


def seal_all(at):
    """Seal until nothing waits: a transaction of another test holds the horizon back."""
    until = time.monotonic() + 120
    while Seal.objects.count() < Event.objects.count() and time.monotonic() < until:
        seal_events(at=at)
        time.sleep(0.01)


class TestTrail:
    def test_is_whole_as_the_sealer_left_it(self, trail):
        sealed, checkpoints = trail
        verdict = verify(sealed, checkpoints, public_key())
        assert (verdict.events, verdict.blocks) == (300, len(checkpoints))
        assert verdict.first_bad is None
        assert len(checkpoints) >= 3

    def test_is_sealed_by_one_sealer_and_each_event_once(self, trail):
        assert seal_events(at=NOON + 9 * MINUTE) == 0
        assert Seal.objects.count() == Event.objects.count() == 300
        sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
        assert sizes[-1] == 300

    @pytest.mark.parametrize("kind", ["change", "delete", "swap", "duplicate", "tail", "rechain"])
    def test_shows_tampering_of_every_kind_at_any_place(self, trail, kind):
        chance = random.Random(5)
        for _ in range(100):
            place = chance.randrange(300)
            sealed, checkpoints = tampered(trail, kind, place)
            verdict = verify(sealed, checkpoints, public_key())
            assert not verdict
            assert verdict.first_bad is not None

    def test_is_not_fooled_by_checkpoints_of_another_key(self, trail):
        sealed, checkpoints = trail
        other = Ed25519PrivateKey.generate()
        forged = [replace(block, signature=other.sign(b"anything")) for block in checkpoints]
        assert verify(sealed, forged, public_key()).why == "signature_wrong"


def tampered(trail, kind, place):
    """Return the trail as somebody with the database, but without the key, could leave it."""
    sealed, checkpoints = list(trail[0]), list(trail[1])
    if kind == "change":
        event = dict(sealed[place].event) | {"actor": "somebody else"}
        sealed[place] = replace(sealed[place], event=event)
    elif kind == "delete":
        del sealed[min(place, 298)]
    elif kind == "swap":
        other = (place + 1) % 300
        one, two = sealed[place], sealed[other]
        sealed[place] = replace(two, seq=one.seq)
        sealed[other] = replace(one, seq=two.seq)
    elif kind == "duplicate":
        sealed.insert(place, sealed[place])
    elif kind == "tail":
        sealed = sealed[: max(place, 1) if place < 299 else 298]
    else:
        event = dict(sealed[place].event) | {"actor": "somebody else"}
        sealed[place] = replace(sealed[place], event=event, leaf=rules.leaf(event))
        chain = sealed[place - 1].chain if place else rules.START
        for n in range(place, 300):
            chain = rules.link(chain, sealed[n].leaf)
            sealed[n] = replace(sealed[n], chain=chain)
    return sealed, checkpoints


class TestMerkleRoot:
    def test_equals_the_known_values_of_the_certificate_transparency_tests(self):
        # The empty tree and the one-leaf tree of RFC 6962: SHA-256("") and SHA-256(0x00).
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        one = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        assert rules.merkle_root([]).hex() == empty
        assert rules.merkle_root([b""]).hex() == one
