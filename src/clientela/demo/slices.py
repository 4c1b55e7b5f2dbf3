"""One slice of the demo company: its customers, then each source's documents as they were made."""

from datetime import datetime

from clientela.demo import papers, runs
from clientela.demo.buying import bought, returned
from clientela.demo.dealings import Dealings
from clientela.demo.entries import load_dealings
from clientela.demo.lands import BRANCHES, SHOP, SOURCES
from clientela.demo.organisation import Staff
from clientela.demo.papers import Papers
from clientela.demo.parties import parties
from clientela.demo.paying import paid
from clientela.demo.people import people
from clientela.demo.runs import WHY
from clientela.demo.truth import Truth
from clientela.demo.world import World
from clientela.records.models import Source
from clientela.records.services import state
from clientela.store.context import system_context
from clientela.store.statistics import count_grown
from clientela.trade.services import note_our_delays


def load_slice(world: World, part: int, staff: Staff, *, at: datetime, truth: Truth | None) -> None:
    """Load one slice: its customers, then each source's documents in the order of their making."""
    who = people(world, part)
    _customers(world, part, staff, at)
    what = bought(world, part, who)
    back = returned(world, part, what)
    settled = paid(world, part, who, what, back)
    nodes = [staff.places.nodes[branch.code] for branch in BRANCHES]
    paper = Papers(world, part, who, what, back, settled, nodes)
    dealings = Dealings(paper)
    if truth is not None:
        truth.add(paper, dealings)
    for nth in range(len(SOURCES)):  # one load of a source waits for another: slices begin apart
        place = (part + nth) % len(SOURCES)
        _documents(paper, place, staff.sources[SOURCES[place]], at)
    load_dealings(dealings, staff, at)


def _documents(paper: Papers, place: int, source: Source, at: datetime) -> None:
    def name(kind: str) -> str:
        return papers.file_name(place, kind, paper.part)

    settles = SOURCES[place] != SHOP
    if settles and not paper.world.is_sparse:
        runs.at_once(source, "orders", name("orders"), papers.ORDERS, paper.orders(place), at)
    runs.by_units(
        source, "sales_lines", name("sales"), "sales_line", papers.SALES, paper.sales(place), at
    )
    if not settles:
        return
    if not paper.world.is_sparse:
        runs.at_once(
            source, "deliveries", name("deliveries"), papers.DELIVERIES, paper.deliveries(place), at
        )
    runs.by_units(
        source, "payments", name("payments"), "payment", papers.PAYMENTS, paper.payments(place), at
    )
    runs.at_once(
        source, "allocations", name("allocations"), papers.ALLOCATIONS, paper.allocations(place), at
    )
    with system_context(WHY):
        note_our_delays(source_id=source.pk, numbers=paper.our_delays(place))


def _customers(world: World, part: int, staff: Staff, at: datetime) -> None:
    """State the customers of a slice as known on the days on which they came."""
    with system_context(WHY):
        opened = {
            name: runs.begin(source, "customers", f"{name}-customers-{part + 1:03d}.csv", at)
            for name, source in staff.sources.items()
        }
    for name, said in parties(world, part, people(world, part), staff.places):
        run = opened[name]
        count_grown()
        with system_context(WHY):
            answers = state(said, source_id=run.into.pk, author="demo", at=at, run_id=run.pk)
        new = sum(answer.outcome == "new" for answer in answers)
        run.read, run.accepted = run.read + len(said), run.accepted + len(said)
        run.written["customers"] = run.written.get("customers", 0) + new
        run.written["versions"] = run.written.get("versions", 0) + len(answers)
    with system_context(WHY):
        for run in opened.values():
            run.sha256 = f"{world.seed:032x}{part:032x}"
            run.staged = run.loaded = run.to_load = run.read
            runs.end(run, at)
