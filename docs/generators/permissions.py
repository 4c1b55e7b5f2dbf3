"""permissions.md: who may do what, on which records, seeing which classes, from `security`."""

from collections import Counter

from clientela.security.readers import MATTERS, NOTES, OFFICES, Matter
from clientela.security.roles import (
    ACTS,
    AGGREGATES,
    CONFLICTS,
    FOR_PERSONS,
    NAMES,
    REVEALS,
    SECOND_FACTOR,
    VIEWS,
    Role,
    View,
)
from docs.generators.markdown import code, table, titled

INTRODUCTION = """
Everything is denied that does not stand here. A role is held on a node of the organisation and
reaches that node and all below it. Reach: **own**, what the person owns there; **node**, everything
there; **all**, for acts that are not about records of a node.
"""
PERSONS = """
A token of a program is made for acts of its account's roles, and never for these, which say who
comes in and as what, or take two persons. Nor is a program shown an identity number or anything
else of class S4:
"""
CLASSES = """
S0 and S1 (public and internal facts) are plain to whoever reaches the record. S2: contact data of a
person. S3: commercial secrets, as prices, terms and payment history. S4: sensitive, as identity
numbers and home addresses. S5, keys and passwords, is shown to nobody. A masked value is revealed
one at a time, for a purpose, where "reveals" says so; each reveal is an event. One of S4 is revealed
for a case alone, which the note names, whatever the purpose.
Where "figures" says totals, an analysis answers with groups of customers and in all, on pages, by
the API and on the command line alike: never with a row, or the documents, of one customer.
"""
TRAIL = """
What was done leaves an event. Everybody reads the own events, whatever the act. **reach**: those
that concern customers, sources and imports of the places that the role is held on; on the whole
group, all. **all**: wherever they happened. The note beside a purpose is told to the roles
named below, and what an event changed to nobody. A credit manager reads no event of others, but of
the people who work in the own reach alone how often each act was done and refused.
"""


def page() -> str:
    """Return the page."""
    acts = [
        [code(act), *(roles[role].value if role in roles else "" for role in Role)]
        for act, roles in ACTS.items()
    ]
    views = [
        [
            role.value,
            *(VIEWS[role].get(one, View.NONE).value for one in (NAMES, "S2", "S3", "S4")),
            ", ".join(sorted(REVEALS.get(role, ()))),
            "totals" if role in AGGREGATES else "",
            "yes" if role in SECOND_FACTOR else "",
        ]
        for role in Role
    ]
    pairs = sorted(tuple(sorted(role.value for role in pair)) for pair in CONFLICTS)
    return titled(
        "Permissions",
        INTRODUCTION,
        "## Acts",
        table(["act", *(role.value for role in Role)], acts),
        "## Acts for persons alone",
        f"{PERSONS.strip()} {', '.join(code(act) for act in sorted(FOR_PERSONS))}.",
        "## Classes of fields",
        CLASSES,
        table(
            ["role", "names of persons", "S2", "S3", "S4", "reveals", "figures", "second factor"],
            views,
        ),
        "## Who reads which events",
        TRAIL,
        table(["what an event is about", *_readers(), "acts"], _matters()),
        f"Notes beside a purpose: {', '.join(sorted(role.value for role in NOTES))}.",
        table(["act", *_readers()], [[code(act), *_read(of)] for act, of in MATTERS.items()]),
        "## Roles that one person may not hold together",
        table(["one", "other"], pairs),
    )


def _readers() -> list[str]:
    """Return the roles that read events of others: the auditor, then the offices."""
    return [Role.AUDITOR.value, *(role.value for role in OFFICES)]


def _read(matter: Matter) -> list[str]:
    return ["reach", *("all" if matter in OFFICES[role] else "" for role in OFFICES)]


def _matters() -> list[list[str]]:
    count = Counter(MATTERS.values())
    return [[one.value, *_read(one), str(count[one])] for one in Matter]
