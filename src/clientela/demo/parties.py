"""Customers as their sources state them: what the ledger is told of each, and when.

A party that is known twice has a second source record, in the web shop or at another
branch, with the differences that typing makes; the first and the second are the truth
that matching has to find.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from clientela.demo.buying import other_branch
from clientela.demo.drawing import generator
from clientela.demo.lands import BRANCHES, INDUSTRY, LANDS, SHOP, erp
from clientela.demo.names import chinese, english, spanish
from clientela.demo.people import AT_BRANCH, CLOSED, IN_SHOP, ONCE, OWNERS, People
from clientela.demo.register_numbers import phone, postcode, tax_number
from clientela.demo.world import DAYS, World
from clientela.records.results import Statement

DRAWS = 24  # random numbers a customer
AGES = ((25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"), (200, "65+"))


@dataclass(frozen=True, kw_only=True)
class Places:
    """Ids that statements name: nodes by branch, users by branch and place."""

    nodes: Mapping[str, int]
    owners: Mapping[tuple[str, int], int]


Batch = tuple[str, list[Statement]]  # source, what it says, oldest first


def key_of(number: int, *, person: bool) -> str:
    """Return the key of a customer's first record: in the web shop for persons."""
    return f"W{number:07d}" if person else f"C{number:07d}"


def second_key(number: int, twice: int) -> str:
    """Return the key of a customer's second record."""
    return f"W{number:07d}" if twice == IN_SHOP else f"D{number:07d}"


def parties(world: World, part: int, who: People, places: Places) -> Iterator[Batch]:
    """Yield what each source says of a slice's customers, in the order it became known."""
    rng = generator(world.seed, "parties", part)
    drawn = rng.integers(0, 2**31, (len(who), DRAWS)).tolist()
    told: dict[str, list[tuple[int, Statement]]] = defaultdict(list)

    def tell(day: int, source: str, key: str, kind: str, said: Mapping[str, Any]) -> None:
        known = datetime.combine(world.day(day), time(9), UTC)
        statement = Statement(key=key, kind=kind, attributes=said, known_at=known)
        told[source].append((day, statement))

    others = other_branch(who.branch).tolist()
    for n, r in enumerate(drawn):
        number, person = who.first + n, bool(who.is_person[n])
        branch, land = BRANCHES[who.branch[n]], LANDS[who.land[n]]
        said = _person(world, n, who, r) if person else _company(world, n, who, r)
        said |= {"org_node": places.nodes[branch.code]}
        said |= {"owner": places.owners[branch.code, int(who.owner[n]) % OWNERS]}
        kind = "person" if person else "company"
        day = known_day(world, int(who.joined[n]))
        source = SHOP if person else erp(land)
        key = key_of(number, person=person)
        tell(day, source, key, kind, said)
        twice = int(who.twice[n])
        if twice != ONCE:
            where = SHOP if twice == IN_SHOP else source
            again = _again(said, r)
            if twice == AT_BRANCH:
                code = BRANCHES[others[n]].code
                again |= {
                    "org_node": places.nodes[code],
                    "owner": places.owners[code, r[0] % OWNERS],
                }
            tell(day, where, second_key(number, twice), kind, again)
        if who.reason[n] == CLOSED and who.left[n] < DAYS - 1 and not person:
            closed = min(_month(int(who.left[n])) + 31, DAYS - 1)
            tell(closed, source, key, kind, {"stage": "former"})
    for source, statements in sorted(told.items()):
        yield source, [one for _, one in sorted(statements, key=lambda told: told[0])]


def known_day(world: World, joined: int) -> int:
    """Return the day on which a customer's file was opened: the batch before it came."""
    if joined < 0:
        return joined // 365 * 365
    step = 30 if world.customers >= 1000 else 91
    return joined // step * step


def _month(day: int) -> int:
    return day // 30 * 30


def _company(world: World, n: int, who: People, r: list[int]) -> dict[str, Any]:
    branch, land, trade = BRANCHES[who.branch[n]], LANDS[who.land[n]], int(who.trade[n])
    if land.code == "cn":
        name, street = chinese.company(r, trade, branch.city), chinese.street(r[6:])
    elif land.code == "gb":
        name, street = english.company(r, trade), english.street(r[6:])
    else:
        name, street = spanish.company(r, trade, land.code), spanish.street(r[6:])
    said = {
        "name": name,
        "tax_number": tax_number(land.code, branch, r[8:]),
        "country": land.code.upper(), "region": branch.province, "city": branch.city,
        "address": street, "postcode": postcode(land.code, branch, r[15:]),
        "phone": phone(land.code, branch, r[19:], mobile=False),
        "email": f"info@{_domain(name, who.first + n)}.example",
        "industry": INDUSTRY[trade],
        "customer_since": _since(world, int(who.joined[n]), r[5]),
    }  # fmt: skip
    return said | ({"stage": "prospect"} if who.prospect[n] else {})


def _person(world: World, n: int, who: People, r: list[int]) -> dict[str, Any]:
    branch, land = BRANCHES[who.branch[n]], LANDS[who.land[n]]
    names = {"cn": chinese, "gb": english}.get(land.code, spanish)
    age = 18 + (r[10] % 40 + r[11] % 30)
    born = date(world.until.year - age, 1 + r[12] % 12, 1 + r[13] % 28)
    return {
        "name": names.person(r),
        "country": land.code.upper(), "region": branch.province, "city": branch.city,
        "address": names.street(r[6:]),
        "postcode": postcode(land.code, branch, r[15:]),
        "phone": phone(land.code, branch, r[19:], mobile=True),
        "email": f"buyer{who.first + n}@mail.example",
        "sex": ("female", "male")[r[14] % 2],
        "birth_date": born.isoformat(),
        "age_band": next(band for above, band in AGES if age < above),
        "customer_since": _since(world, int(who.joined[n]), r[5]),
    }  # fmt: skip


def _since(world: World, joined: int, chance: int) -> str:
    """Return since when a party is a customer: some days before its file was opened, so never
    after it became known, and never after its first purchase, which the file lies before."""
    return world.day(known_day(world, joined) - chance % 28).isoformat()


def _domain(name: str, number: int) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(c if c.isalnum() else " " for c in plain).split()[:3]
    return "-".join([*words, str(number)])


def _again(said: Mapping[str, Any], r: list[int]) -> dict[str, Any]:
    """Return the same party as somebody else typed it."""
    other = dict(said)
    name = str(said["name"])
    how = r[2] % 4
    if name.isascii() and how == 0:
        at = 2 + r[3] % max(len(name) - 4, 1)
        name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]  # two letters swapped
    elif how == 1:
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name[2:]
    elif how == 2:
        at = 1 + r[3] % (len(name) - 2)
        name = name[:at] + name[at + 1 :]  # one left out
    else:
        name = name.upper() if name.upper() != name else name.removesuffix("有限公司")
    other["name"] = " ".join(name.split())
    for attribute, chance in (("tax_number", 3), ("phone", 4), ("email", 2), ("address", 3)):
        if r[4] // chance % chance == 0:
            del other[attribute]
    return other
