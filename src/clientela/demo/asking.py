"""Surveys: six of them, who was asked, who answered, and what.

Every half-year four in ten are asked, and less than half of them answer. Unhappy customers
answer lower, and name what they are unhappy with.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from clientela.demo.drawing import Floats, Ints, generator
from clientela.demo.moments import at_work
from clientela.demo.moods import WITH, Moods
from clientela.demo.people import People
from clientela.demo.world import DAYS, World

BEGINS = tuple(range(90, DAYS - 60, 182))
OPEN_DAYS = 21
ASKED, ANSWERS = 0.4, 0.43
BETTER = (*WITH, "delivery", "nothing")
QUESTIONS: list[dict[str, Any]] = [
    {"code": "nps", "kind": "score", "low": 0, "high": 10, "text": {
        "en": "How likely are you to recommend us?", "zh-hans": "您向他人推荐我们的可能性有多大？",
        "es": "¿Qué probabilidad hay de que nos recomiende?"}},
    {"code": "csat", "kind": "score", "low": 1, "high": 5, "text": {
        "en": "How satisfied are you with us?", "zh-hans": "您对我们的满意程度如何？",
        "es": "¿Qué grado de satisfacción tiene con nosotros?"}},
    {"code": "ces", "kind": "score", "low": 1, "high": 7, "text": {
        "en": "How much effort does it take to buy from us?", "zh-hans": "向我们采购费力吗？",
        "es": "¿Cuánto esfuerzo le supone comprarnos?"}},
    {"code": "better", "kind": "choice", "choices": list(BETTER), "text": {
        "en": "What should we do better?", "zh-hans": "我们最应改进什么？",
        "es": "¿Qué deberíamos mejorar?"}, "labels": {
        "price": {"en": "Price", "zh-hans": "价格", "es": "Precio"},
        "service": {"en": "Service", "zh-hans": "服务", "es": "Atención"},
        "goods": {"en": "Goods", "zh-hans": "商品", "es": "Productos"},
        "delivery": {"en": "Delivery", "zh-hans": "交货", "es": "Entrega"},
        "nothing": {"en": "Nothing", "zh-hans": "无", "es": "Nada"}}},
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Invitations, one array each; the answers stand beside, where there are any."""

    customer: Ints
    survey: Ints  # place in BEGINS
    day: Ints
    answered: Ints  # instant; -1: not
    scores: Ints  # question × invitation
    better: Ints  # place in BETTER

    def __len__(self) -> int:
        return len(self.customer)


def code(survey: int) -> str:
    """Return the code of a survey."""
    return f"S{survey + 1}"


def asked(world: World, part: int, who: People, mood: Moods) -> Asked:
    """Draw who of a slice was asked, and the answers."""
    rng = generator(world.seed, "asking", part)
    n = len(who)
    taste = rng.standard_normal(n)
    day_of = np.array(BEGINS)
    there = (np.maximum(who.joined, 0) < day_of[:, None]) & (who.left > day_of[:, None])
    there &= ~who.prospect & (rng.random((len(BEGINS), n)) < ASKED)
    survey, customer = np.nonzero(there)
    day = day_of[survey] + rng.integers(0, 3, len(survey))
    low = mood.unhappy(customer, day)
    answers = rng.random(len(survey)) < ANSWERS + 0.1 * low
    when = at_work(rng, world, day + 3 + rng.integers(0, OPEN_DAYS - 6, len(survey)))
    better = np.where(rng.random(len(survey)) < 0.55, BETTER.index("nothing"),
                      rng.integers(0, len(BETTER) - 1, len(survey)))  # fmt: skip
    named = low & (rng.random(len(survey)) < 0.85)
    return Asked(
        customer=customer, survey=survey, day=day, answered=np.where(answers, when, -1),
        scores=_scores(rng, taste[customer], low.astype(np.float64)),
        better=np.where(named, mood.reason[customer], better),
    )  # fmt: skip


def _scores(rng: np.random.Generator, taste: Floats, low: Floats) -> Ints:
    """Return recommendation 0–10, satisfaction 1–5 and effort 1–7."""
    noise = rng.standard_normal((3, len(low)))
    return np.stack([
        np.clip(np.rint(8.1 + 0.7 * taste + 1.2 * noise[0] - 4.5 * low), 0, 10),
        np.clip(np.rint(4.2 + 0.3 * taste + 0.6 * noise[1] - 1.9 * low), 1, 5),
        np.clip(np.rint(2.8 - 0.3 * taste + 1.1 * noise[2] + 2.0 * low), 1, 7),
    ]).astype(np.int64)  # fmt: skip
