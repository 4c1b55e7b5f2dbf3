"""What was planted in a demo company, for tests that compare findings with it.

Written to a file of the caller's choice and kept nowhere else; no code of the product
reads it. Keys are those of the sources. The schema is in `docs/reference/truth.md`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from clientela.demo.catalogue import CATEGORIES, PAIRED, catalogue
from clientela.demo.dealings import Dealings
from clientela.demo.lands import BRANCHES, LANDS, SHOP, erp
from clientela.demo.papers import Papers
from clientela.demo.parties import key_of, second_key
from clientela.demo.people import IN_SHOP, ONCE, PAYERS, REASONS, TURNING_BAD
from clientela.demo.planted import Planted
from clientela.demo.world import CAMPAIGN_DAYS, DAYS, World


class Truth:
    """What was planted, gathered slice by slice."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.duplicates: list[dict[str, Any]] = []
        self.leavers: list[dict[str, Any]] = []
        self.payers: list[dict[str, Any]] = []
        self.treated: list[str] = []
        self.control: list[str] = []
        self.planted = Planted(world)

    def add(self, paper: Papers, dealings: Dealings) -> None:
        """Take in what was planted in one slice."""
        who, what = paper.who, paper.what
        active = np.bincount(what.customer, minlength=len(who)) > 0
        for n in np.flatnonzero(active | (who.twice != ONCE)).tolist():
            person = bool(who.is_person[n])
            record = self._record(paper, n)
            twice = int(who.twice[n])
            if twice != ONCE:
                where = SHOP if twice == IN_SHOP else erp(LANDS[who.land[n]])
                other = {"source": where, "key": second_key(who.first + n, twice)}
                how = "other_source" if twice == IN_SHOP else "other_branch"
                self.duplicates.append({"records": [record, other], "how": how})
            if who.left[n] < DAYS:
                left = self.world.day(int(who.left[n])).isoformat()
                reason = REASONS[who.reason[n]]
                self.leavers.append({**record, "left_on": left, "reason": reason})
            if not person and active[n]:
                self.payers.append({**record, **self._payer(paper, n)})
            if who.group[n]:
                (self.treated if who.group[n] == 1 else self.control).append(record["key"])
        self.planted.add(dealings)

    def take_in(self, other: "Truth") -> None:
        """Take in what was gathered elsewhere, after what is here."""
        self.duplicates.extend(other.duplicates)
        self.leavers.extend(other.leavers)
        self.payers.extend(other.payers)
        self.treated.extend(other.treated)
        self.control.extend(other.control)
        self.planted.take_in(other.planted)

    def as_json(self) -> dict[str, Any]:
        """Return everything in the shape of the reference."""
        world, goods = self.world, catalogue(self.world)
        return {
            "world": {
                "customers": world.customers, "seed": world.seed,
                "from": world.begins.isoformat(), "until": world.until.isoformat(),
            },
            "branches": [branch.code for branch in BRANCHES],
            "duplicates": self.duplicates,
            "leavers": self.leavers,
            "payers": self.payers,
            "bundles": [
                {"first": goods.code(a), "second": goods.code(b), "share": PAIRED}
                for a, b in goods.pairs
            ],
            "campaigns": [
                {
                    "code": one.code, "from": world.day(one.begins).isoformat(),
                    "to": world.day(one.begins + CAMPAIGN_DAYS).isoformat(),
                    "category": list(CATEGORIES[one.category][:3]),
                    "cut_percent": one.cut_percent, "uplift": one.uplift,
                }
                for one in world.campaigns
            ],
            "treated": self.treated,
            "control": self.control,
            **self.planted.as_json(),
        }  # fmt: skip

    def write(self, path: Path) -> None:
        """Write the file."""
        text = json.dumps(self.as_json(), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    def _record(self, paper: Papers, n: int) -> dict[str, str]:
        who = paper.who
        person = bool(who.is_person[n])
        source = SHOP if person else erp(LANDS[who.land[n]])
        return {"source": source, "key": key_of(who.first + n, person=person)}

    def _payer(self, paper: Papers, n: int) -> dict[str, Any]:
        payer = int(paper.who.payer[n])
        if payer != TURNING_BAD:
            return {"type": PAYERS[payer]}
        turns = self.world.day(int(paper.who.turns[n])).isoformat()
        return {"type": PAYERS[payer], "turns_on": turns}
