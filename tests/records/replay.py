"""The customer file worked out again from its log, in plain Python, sharing nothing.

The rule (decisions of the ledger): as of (t, k), per source record and attribute, among the
versions with known_at <= k and true_from <= t, the greatest (true_from, known_at, id); then
the source trusted most at k, and of equals again the greatest.
"""

from datetime import date, datetime


def facts(log: list[dict], *, customer: int, true_on: date, known_on: datetime) -> dict[str, int]:
    """Return attribute -> id of the version that it is taken from."""
    entries = [e for e in log if _instant(e["at"]) <= known_on]
    members = {
        e["source_record"]
        for e in entries
        if e["what"] == "link"
        and e["customer"] == customer
        and not (e["ended_at"] and _instant(e["ended_at"]) <= known_on)
    }
    retracted = {e["run"] for e in entries if e["what"] == "retraction"}
    trust = {}
    for entry in sorted((e for e in entries if e["what"] == "trust"), key=lambda e: e["at"]):
        trust[entry["source"], entry["attribute"]] = entry["trust"]
    best: dict[str, tuple] = {}
    for record in members:
        for attribute, version in _stated(entries, record, retracted, true_on).items():
            level = trust.get((version["source"], attribute.split("#")[0]))
            if level is None:
                level = trust.get((version["source"], ""), 50)
            rank = (level, version["true_from"], version["at"], version["id"])
            if attribute not in best or rank > best[attribute]:
                best[attribute] = rank
    return {attribute: rank[3] for attribute, rank in best.items()}


def _stated(entries: list[dict], record: int, retracted: set, true_on: date) -> dict[str, dict]:
    latest: dict[str, dict] = {}
    for entry in entries:
        if entry["what"] != "version" or entry["source_record"] != record:
            continue
        if entry["run"] in retracted or date.fromisoformat(entry["true_from"]) > true_on:
            continue
        for attribute in entry["attributes"]:
            old = latest.get(attribute)
            if old is None or _rank(entry) > _rank(old):
                latest[attribute] = entry
    return latest


def _rank(entry: dict) -> tuple:
    return entry["true_from"], entry["at"], entry["id"]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
