"""Where the demo company trades: four countries, their branches, and how trade runs there."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A branch and the city around it. `dial` is the area's part of a landline number."""

    code: str
    name: str
    region: str  # code of the sales region it belongs to
    city: str
    province: str
    zone: str
    postcode: str  # its first characters
    dial: str
    division: str = ""  # administrative division in Chinese registration numbers


@dataclass(frozen=True, kw_only=True)
class Land:
    """A country with a company of its own."""

    code: str
    name: str  # of the company
    currency: str
    tax_percent: int
    terms: tuple[int, ...]  # days to pay, each as likely
    growth: float  # a year
    share: float  # of the customers
    euro: float  # worth of one unit of the currency, in EUR
    price: float  # of goods worth one euro, in the currency, with the local price level
    season: tuple[float, ...]  # by month, January first
    regions: dict[str, str]
    branches: tuple[Branch, ...]


CHINA = Land(
    code="cn", name="上海厨源商贸有限公司", currency="CNY", tax_percent=13, terms=(30, 30, 45, 60),
    growth=0.14, share=0.35, euro=0.128, price=6.6,
    season=(1.25, 0.55, 0.85, 0.95, 1.0, 1.0, 0.95, 0.95, 1.15, 0.9, 1.1, 1.25),
    regions={"huadong": "华东", "huanan": "华南"},
    branches=(
        Branch(code="shanghai", name="上海分公司", region="huadong", city="上海", province="上海",
               zone="Asia/Shanghai", postcode="200", dial="21", division="310101"),
        Branch(code="hangzhou", name="杭州分公司", region="huadong", city="杭州", province="浙江",
               zone="Asia/Shanghai", postcode="310", dial="571", division="330102"),
        Branch(code="guangzhou", name="广州分公司", region="huanan", city="广州", province="广东",
               zone="Asia/Shanghai", postcode="510", dial="20", division="440103"),
    ),
)  # fmt: skip

SPAIN = Land(
    code="es", name="Menaje y Hostelería Ibérica S.L.", currency="EUR", tax_percent=21,
    terms=(30, 60, 60), growth=0.03, share=0.28, euro=1.0, price=1.0,
    season=(0.8, 0.85, 1.0, 1.05, 1.15, 1.25, 1.2, 0.7, 1.0, 0.95, 0.95, 1.1),
    regions={"centro": "Centro y Sur", "levante": "Levante"},
    branches=(
        Branch(code="madrid", name="Delegación Madrid", region="centro", city="Madrid",
               province="Madrid", zone="Europe/Madrid", postcode="28", dial="91"),
        Branch(code="sevilla", name="Delegación Sevilla", region="centro", city="Sevilla",
               province="Andalucía", zone="Europe/Madrid", postcode="41", dial="954"),
        Branch(code="barcelona", name="Delegación Barcelona", region="levante", city="Barcelona",
               province="Cataluña", zone="Europe/Madrid", postcode="08", dial="93"),
    ),
)  # fmt: skip

MEXICO = Land(
    code="mx", name="Abastos de Cocina México S.A. de C.V.", currency="MXN", tax_percent=16,
    terms=(15, 30, 30), growth=0.09, share=0.15, euro=0.05, price=17.0,
    season=(0.85, 0.9, 1.0, 1.0, 1.15, 0.95, 0.9, 0.95, 0.95, 1.05, 1.15, 1.25),
    regions={"mx-centro": "Centro", "mx-norte": "Norte"},
    branches=(
        Branch(code="ciudad-de-mexico", name="Sucursal Ciudad de México", region="mx-centro",
               city="Ciudad de México", province="Ciudad de México",
               zone="America/Mexico_City", postcode="06", dial="55"),
        Branch(code="monterrey", name="Sucursal Monterrey", region="mx-norte", city="Monterrey",
               province="Nuevo León", zone="America/Monterrey", postcode="64", dial="81"),
    ),
)  # fmt: skip

BRITAIN = Land(
    code="gb", name="Albion Kitchen & Shop Supplies Ltd", currency="GBP", tax_percent=20,
    terms=(30, 30, 30, 14), growth=0.02, share=0.22, euro=1.165, price=0.9,
    season=(0.75, 0.85, 1.0, 1.0, 1.05, 1.05, 0.95, 0.9, 1.0, 1.05, 1.2, 1.2),
    regions={"south": "South", "north": "North"},
    branches=(
        Branch(code="london", name="London branch", region="south", city="London",
               province="England", zone="Europe/London", postcode="EC", dial="20"),
        Branch(code="manchester", name="Manchester branch", region="north", city="Manchester",
               province="England", zone="Europe/London", postcode="M", dial="161"),
    ),
)  # fmt: skip

LANDS = (CHINA, SPAIN, MEXICO, BRITAIN)
BASE = "EUR"
GROUP = "Clientela Demo Group"

# What a customer is. Persons buy in the web shop, companies from the branch.
TRADES = ("restaurant", "hotel", "shop", "school", "home")
HOME = TRADES.index("home")
INDUSTRY = ("I56", "I55", "G47", "P85", None)  # divisions of ISIC

# Branches in one row, each with the place of its country in LANDS.
BRANCHES = tuple(branch for land in LANDS for branch in land.branches)
LAND_OF_BRANCH = tuple(n for n, land in enumerate(LANDS) for _ in land.branches)

SHOP = "webshop"  # a source that knows no payments


def erp(land: Land) -> str:
    """Return the name of the source that holds a country's companies and documents."""
    return f"erp-{land.code}"


SOURCES = (*(erp(land) for land in LANDS), SHOP)
