"""The demo company into an empty database: organisation, rates, then slice after slice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from clientela.audit.services import record_event
from clientela.demo import runs, sign_ins
from clientela.demo.catalogue import CATEGORIES, catalogue
from clientela.demo.crew import load_slices
from clientela.demo.entries import open_books
from clientela.demo.lands import BASE, LANDS, SOURCES, erp
from clientela.demo.organisation import make_organisation
from clientela.demo.rates import rates
from clientela.demo.runs import WHY
from clientela.demo.sign_ins import SignIn
from clientela.demo.truth import Truth
from clientela.demo.world import World
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.models import Customer, Source
from clientela.records.services.sources import DESK
from clientela.store.context import system_context
from clientela.store.models import Parameter
from clientela.store.selectors import DEMO
from clientela.trade.services import set_rates

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
        set_rates(base=BASE, rates=rates(world), origin="demo", at=at)
    sign_ins.keep(staff.sign_ins)
    for place, source in enumerate(SOURCES):
        progress("products", place, len(SOURCES))
        _products(world, source, staff.sources[source], at)
    progress("products", len(SOURCES), len(SOURCES))
    open_books(world, staff, at)
    done = 0
    progress("customers", done, world.customers)
    for part in load_slices(world, staff, at=at, truth=truth):
        done += part.customers
        progress("customers", done, world.customers)
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
