"""The demo company into an empty database: organisation, rates, then slice after slice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from clientela.audit.services import record_event
from clientela.demo import papers, runs, sign_ins
from clientela.demo.buying import bought, returned
from clientela.demo.catalogue import CATEGORIES, catalogue
from clientela.demo.dealings import Dealings
from clientela.demo.entries import load_dealings, open_books
from clientela.demo.lands import BASE, BRANCHES, LANDS, SHOP, SOURCES, erp
from clientela.demo.organisation import Staff, make_organisation
from clientela.demo.papers import Papers
from clientela.demo.parties import parties
from clientela.demo.paying import paid
from clientela.demo.people import people
from clientela.demo.rates import rates
from clientela.demo.runs import WHY
from clientela.demo.sign_ins import SignIn
from clientela.demo.truth import Truth
from clientela.demo.world import World
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.models import Customer, Source
from clientela.records.services import state
from clientela.records.services.sources import DESK
from clientela.store.context import system_context
from clientela.store.models import Parameter
from clientela.store.selectors import DEMO
from clientela.store.statistics import count_grown
from clientela.trade.services import note_our_delays, set_rates

Progress = Callable[[str, int, int], None]  # stage, done, of


def _silent(stage: str, done: int, of: int) -> None:
    """Tell nobody."""


def load_demo(
    world: World, *, at: datetime, truth: Truth | None = None, progress: Progress = _silent
) -> list[SignIn]:
    """Load a demo company; return its sign-ins.

    Raises Invalid when the database is not empty. Each step commits on its own, and the
    stamp comes first, so a load that was broken off is known for one (see `standing`).
    :param truth: receives what was planted; without it nothing keeps it.
    """
    with system_context(WHY):
        if standing() != "empty":
            raise Invalid(Reason(code="demo_needs_an_empty_database"))
        _stamp(world, at, whole=False)
        staff = make_organisation(world, at=at)
        set_rates(base=BASE, rates=rates(world), origin="demo")
    sign_ins.keep(staff.sign_ins)
    for source in SOURCES:
        _products(world, source, staff.sources[source], at)
    open_books(world, staff, at)
    for part in world.slices:
        _slice(world, part, staff, at, truth)
        progress("customers", min((part + 1) * world.slice_size, world.customers), world.customers)
    with system_context(WHY):
        _stamp(world, at + timedelta(microseconds=1), whole=True)
        after = {"customers": world.customers, "seed": world.seed, "until": str(world.until)}
        record_event(act="demo.loaded", at=at, rows=world.customers, after=after)
    return staff.sign_ins


def standing() -> Literal["empty", "whole", "broken_off", "other"]:
    """Return what a database holds: nothing, a demo, a part of one, or somebody's records."""
    stamp = Parameter.objects.filter(name=DEMO).order_by("-valid_from").first()
    if stamp is not None:
        return "whole" if stamp.value["whole"] else "broken_off"
    with system_context("looking whether the database is empty"):
        used = Source.objects.exclude(name=DESK).exists() or Customer.objects.exists()
    return "other" if used else "empty"


def _stamp(world: World, at: datetime, *, whole: bool) -> None:
    value = {"customers": world.customers, "seed": world.seed, "until": str(world.until)}
    Parameter.objects.create(
        name=DEMO, value=value | {"whole": whole}, valid_from=at, set_by="demo"
    )


def _products(world: World, name: str, source: Source, at: datetime) -> None:
    goods = catalogue(world)
    land = next((place for place, one in enumerate(LANDS) if erp(one) == name), 1)
    rows = []
    for place, product in enumerate(goods.names):
        one, two, three, *_ = CATEGORIES[goods.category[place]]
        price = int(goods.prices[land, place])
        launched = world.day(int(goods.launched[place])).isoformat()
        rows.append(
            f"{goods.code(place)}\t\t{product}\t{one}\t{two}\t{three}\tpiece"
            f"\t{price / 100:.2f}\t{LANDS[land].currency}\t{launched}"
        )
    columns = (
        "unit flags name category_1 category_2 category_3 measure list_price currency launched_on"
    )
    runs.by_units(source, "products", f"{name}-products.csv", "product", columns, rows, at)


def _slice(world: World, part: int, staff: Staff, at: datetime, truth: Truth | None) -> None:
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
    for place, name in enumerate(SOURCES):
        _documents(paper, place, staff.sources[name], at)
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
            answers = state(said, source_id=run.source_id, author="demo", at=at, run_id=run.pk)
        new = sum(answer.outcome == "new" for answer in answers)
        run.read, run.accepted = run.read + len(said), run.accepted + len(said)
        run.written["customers"] = run.written.get("customers", 0) + new
        run.written["versions"] = run.written.get("versions", 0) + len(answers)
    with system_context(WHY):
        for run in opened.values():
            run.sha256 = f"{world.seed:032x}{part:032x}"
            run.staged = run.loaded = run.to_load = run.read
            runs.end(run, at)
