"""English names: companies, and persons."""

FIRST = (
    "Amber", "Harbour", "Oak", "Silver", "Old Mill", "King's", "River", "Meadow", "Stone", "Crown",
    "Abbey", "Copper", "Fern", "Granite", "Heather", "Ivy", "Juniper", "Larch", "North", "Orchard",
    "Priory", "Quarry", "Rose", "Swan", "Thistle", "Willow",
)  # fmt: skip
SECOND = (
    "Gate", "Bridge", "Field", "Lane", "House", "Court", "Hill", "Green", "Wharf", "Cross",
    "Well", "Grove", "Yard", "Park", "Brook", "Tower",
)  # fmt: skip
TRADE = (
    ("Kitchen", "Dining Rooms", "Bistro", "Grill", "Café", "Catering"),
    ("Hotel", "Inn", "Guest House", "Lodge"),
    ("Stores", "Hardware", "Trading", "Homeware", "Farm Shop"),
    ("Primary School", "Academy", "College", "Nursery"),
)
FORMS = ("Ltd", "Limited", "Ltd", "LLP", "& Sons Ltd")
GIVEN = (
    "Oliver", "Amelia", "George", "Isla", "Arthur", "Freya", "Harry", "Grace", "Jack", "Poppy",
    "Thomas", "Alice", "William", "Evie", "James", "Ruth", "Edward", "Priya", "Samuel", "Aisha",
)  # fmt: skip
SURNAMES = (
    "Smith", "Taylor", "Brown", "Walker", "Wright", "Hughes", "Green", "Hall", "Wood", "Clarke",
    "Patel", "Khan", "Turner", "Hill", "Cooper", "Morris", "Ward", "Bell", "Reid", "Fraser",
    "Murphy", "O'Neill", "Lloyd", "Price", "Shaw", "Barnes",
)  # fmt: skip
STREETS = (
    "High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane", "Park Road",
    "Green Lane", "Queen Street", "Bridge Street",
)  # fmt: skip


def company(r: list[int], trade: int) -> str:
    """Return a company's name from random numbers `r`."""
    kinds = TRADE[trade]
    words = [FIRST[r[0] % len(FIRST)], SECOND[r[1] % len(SECOND)], kinds[r[2] % len(kinds)]]
    if r[4] % 4 == 0:
        words.insert(0, "The")
    return f"{' '.join(words)} {FORMS[r[3] % len(FORMS)]}"


def person(r: list[int]) -> str:
    """Return a person's name from random numbers `r`."""
    return f"{GIVEN[r[0] % len(GIVEN)]} {SURNAMES[r[1] % len(SURNAMES)]}"


def street(r: list[int]) -> str:
    """Return a house number and street from random numbers `r`."""
    return f"{1 + r[1] % 240} {STREETS[r[0] % len(STREETS)]}"
