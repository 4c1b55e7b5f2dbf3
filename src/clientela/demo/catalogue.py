"""What the demo company sells: 240 products in a tree of three levels, with prices and costs."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clientela.demo.drawing import Floats, Ints, generator
from clientela.demo.lands import LANDS
from clientela.demo.world import DAYS, World

# Third level: (first, second, third), what one piece costs in euros, pieces a purchase,
# how far restaurants, hotels, shops, schools and homes want it, and the goods themselves.
CATEGORIES = (
    ("Kitchen", "Cookware", "Pans", 38.0, 2, (9, 4, 5, 3, 8), ("Frying pan", "Sauté pan", "Wok", "Grill pan")),
    ("Kitchen", "Cookware", "Pots", 55.0, 2, (8, 4, 4, 4, 5), ("Stock pot", "Casserole", "Steamer")),
    ("Kitchen", "Tools", "Knives", 29.0, 3, (7, 3, 4, 2, 7), ("Chef's knife", "Boning knife", "Cleaver", "Bread knife")),
    ("Kitchen", "Tools", "Utensils", 8.0, 6, (7, 3, 6, 3, 9), ("Ladle", "Tongs", "Whisk", "Spatula", "Strainer")),
    ("Kitchen", "Machines", "Mixers", 420.0, 1, (3, 2, 1, 2, 2), ("Planetary mixer", "Hand blender", "Cutter")),
    ("Kitchen", "Machines", "Refrigeration", 1350.0, 1, (3, 2, 3, 1, 0), ("Upright fridge", "Undercounter freezer", "Ice maker")),
    ("Table", "Tableware", "Plates", 5.5, 24, (9, 8, 4, 5, 5), ("Dinner plate", "Soup bowl", "Dessert plate", "Platter")),
    ("Table", "Tableware", "Glasses", 3.2, 36, (9, 8, 4, 2, 6), ("Wine glass", "Tumbler", "Beer glass", "Flute")),
    ("Table", "Linen", "Tablecloths", 17.0, 10, (4, 9, 2, 1, 3), ("Tablecloth", "Napkin set", "Runner")),
    ("Shop", "Packaging", "Take-away", 0.35, 500, (8, 1, 7, 1, 0), ("Paper box", "Cup with lid", "Carrier bag", "Foil tray")),
    ("Shop", "Display", "Shelving", 145.0, 3, (1, 1, 9, 3, 1), ("Wall shelf", "Gondola unit", "Price rail")),
    ("Shop", "Hygiene", "Cleaning", 6.8, 20, (8, 8, 6, 8, 1), ("Degreaser", "Floor cleaner", "Paper towels", "Gloves")),
)  # fmt: skip
LINES = ("Basic", "Classic", "Pro", "Chef", "Compact")
EACH = 20  # products of a category
PRODUCTS = len(CATEGORIES) * EACH
PAIRS = 8
PAIRED = 0.55  # how often the second of a pair goes with the first
NEW = 36  # products launched within the three years
RISE = 0.03  # of prices, a year


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Arrays over products; prices in minor units of each country's currency."""

    names: tuple[str, ...]
    category: Ints
    pieces: Ints  # of a usual purchase
    launched: Ints  # day; long before for most
    prices: Ints  # country × product, on the last day
    cost_share: Floats  # of the price
    wanted: Floats  # trade × product: how likely a line is of it
    pairs: tuple[tuple[int, int], ...]

    def code(self, product: int) -> str:
        return f"{10 + int(self.category[product])}-{100 + product}"


@lru_cache(maxsize=4)
def catalogue(world: World) -> Catalogue:
    """Draw the catalogue of a world."""
    rng = generator(world.seed, "catalogue")
    category = np.repeat(np.arange(len(CATEGORIES)), EACH)
    euros = np.array([row[3] for row in CATEGORIES])[category]
    euros = euros * np.exp(0.45 * rng.standard_normal(PRODUCTS))
    prices = np.stack([np.maximum(np.rint(euros * land.price * 100), 5) for land in LANDS])
    launched = np.full(PRODUCTS, -3000)
    new = rng.permutation(PRODUCTS)[:NEW]
    launched[new] = rng.integers(60, DAYS - 60, NEW)
    popular = 1 / (1 + rng.permuted(np.tile(np.arange(EACH), (len(CATEGORIES), 1)), axis=1).ravel())
    want = np.array([row[5] for row in CATEGORIES], dtype=np.float64).T[:, category]
    old = np.flatnonzero(launched < 0)
    paired = rng.permutation(old)[: 2 * PAIRS]
    return Catalogue(
        names=_names(rng, category), category=category, launched=launched,
        pieces=np.array([row[4] for row in CATEGORIES])[category],
        prices=prices.astype(np.int64), cost_share=rng.uniform(0.48, 0.82, PRODUCTS),
        wanted=want * popular,
        pairs=tuple((int(a), int(b)) for a, b in paired.reshape(PAIRS, 2)),
    )  # fmt: skip


def _names(rng: np.random.Generator, category: Ints) -> tuple[str, ...]:
    names = []
    for place, of in enumerate(category.tolist()):
        goods = CATEGORIES[of][6]
        size = int(rng.integers(1, 9)) * 5 + 10
        names.append(f"{goods[place % len(goods)]} {LINES[(place // 3) % len(LINES)]} {size}")
    return tuple(names)
