"""What departments had to do with the customers of a slice, beside its documents.

A world of a million customers is sparse: three documents each at most, and nothing of this.
"""

from dataclasses import dataclass
from functools import cached_property

from clientela.demo.asking import Asked, asked
from clientela.demo.complaining import Cases, cases
from clientela.demo.contacting import Contacts, Pressed, pressed
from clientela.demo.contracting import Contracts, contracts
from clientela.demo.lands import LANDS, SHOP, SOURCES, erp
from clientela.demo.moods import Moods, moods
from clientela.demo.papers import Papers
from clientela.demo.parties import key_of
from clientela.demo.promoting import Targets, targets
from clientela.demo.talking import contacts


@dataclass(frozen=True)
class Dealings:
    """Each kind is drawn when it is first asked for."""

    papers: Papers

    @cached_property
    def moods(self) -> Moods:
        return moods(self.papers.world, self.papers.part, self.papers.who)

    @cached_property
    def pressed(self) -> Pressed:
        return pressed(self.papers.world, self.papers.part, self.papers.who)

    @cached_property
    def cases(self) -> Cases:
        return cases(self.papers.world, self.papers.part, self.papers.what, self.moods)

    @cached_property
    def asked(self) -> Asked:
        return asked(self.papers.world, self.papers.part, self.papers.who, self.moods)

    @cached_property
    def contracts(self) -> Contracts:
        papers = self.papers
        return contracts(papers.world, papers.part, papers.who, papers.what)

    @cached_property
    def targets(self) -> Targets:
        papers = self.papers
        return targets(papers.world, papers.part, papers.who, papers.what, self.moods, self.pressed)

    @cached_property
    def contacts(self) -> Contacts:
        return contacts(
            self.papers, self.cases, self.asked, self.targets, self.contracts, self.pressed
        )

    @cached_property
    def keys(self) -> list[str]:
        """The key of each customer's first record, under which all of this runs."""
        who = self.papers.who
        persons = who.is_person.tolist()
        return [key_of(who.first + n, person=person) for n, person in enumerate(persons)]

    @cached_property
    def sources(self) -> list[int]:
        """The place in SOURCES of each customer's first record."""
        who = self.papers.who
        shop = SOURCES.index(SHOP)
        places = [SOURCES.index(erp(land)) for land in LANDS]
        return [
            shop if person else places[land]
            for person, land in zip(who.is_person.tolist(), who.land.tolist(), strict=True)
        ]

    def contract_number(self, row: int) -> str:
        """Return the number of a contract."""
        return f"CT{self.papers.part:03d}-{row + 1:06d}"
