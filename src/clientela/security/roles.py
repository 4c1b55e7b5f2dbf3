"""Roles and what each may do: the permission table, as data.

Three questions for every access, all denied unless answered here: may this role do this
act, on this record (reach), showing this class of field (view). `docs/reference` prints
the table; the matrix test compares the running product with a second, hand-written one.
"""

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    SALES = "sales"
    CREDIT_CONTROLLER = "credit_controller"
    CREDIT_MANAGER = "credit_manager"
    MARKETING = "marketing"
    SERVICE = "service"
    ANALYST = "analyst"
    DATA_STEWARD = "data_steward"
    AUDITOR = "auditor"
    SECURITY_OFFICER = "security_officer"
    ADMINISTRATOR = "administrator"
    EXECUTIVE = "executive"


class Reach(StrEnum):
    """Which records an act reaches under a grant on a node."""

    OWN = "own"  # what the person owns, within the node
    NODE = "node"  # everything of the node and of those below it
    ALL = "all"  # everything; for acts that are not about one node's records


class FieldClass(StrEnum):
    """How much harm a field does in the wrong hands."""

    S0 = "S0"  # public: registered name, industry
    S1 = "S1"  # internal: owner, branch, tags
    S2 = "S2"  # contact data of a person
    S3 = "S3"  # commercial secret: price, terms, payment history
    S4 = "S4"  # sensitive: identity number, bank account, home address
    S5 = "S5"  # secret: passwords, keys; never shown


class View(StrEnum):
    """How a role sees a field of a class."""

    PLAIN = "plain"
    MASKED = "masked"  # its mask; plain by `reveal`, where the role may reveal
    NONE = "none"


OWN, NODE, ALL = Reach.OWN, Reach.NODE, Reach.ALL
R = Role

# act -> role -> reach
ACTS: MappingProxyType[str, dict[Role, Reach]] = MappingProxyType(
    {
        "customer.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.MARKETING: NODE,
            R.SERVICE: NODE, R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "customer.write": {R.SALES: OWN, R.DATA_STEWARD: NODE},
        "customer.contact": {R.SALES: OWN, R.SERVICE: NODE, R.DATA_STEWARD: NODE},
        "trade.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.SERVICE: NODE,
            R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "receivable.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.AUDITOR: NODE,
        },
        # who brings payments in sees what becomes of them
        "payment.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE,
            R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "contact.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.MARKETING: NODE,
            R.SERVICE: NODE, R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "case.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.SERVICE: NODE,
            R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "survey.read": {
            R.SALES: OWN, R.MARKETING: NODE, R.SERVICE: NODE, R.AUDITOR: NODE,
        },
        "promotion.read": {R.SALES: OWN, R.MARKETING: NODE, R.AUDITOR: NODE},
        "contract.read": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE,
            R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "product.read": {
            R.SALES: ALL, R.CREDIT_CONTROLLER: ALL, R.CREDIT_MANAGER: ALL, R.MARKETING: ALL,
            R.SERVICE: ALL, R.ANALYST: ALL, R.DATA_STEWARD: ALL, R.AUDITOR: ALL,
            R.EXECUTIVE: ALL,
        },
        "customer.reveal": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.SERVICE: NODE,
            R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "analysis.run": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.MARKETING: NODE,
            R.ANALYST: NODE, R.DATA_STEWARD: NODE, R.AUDITOR: NODE, R.EXECUTIVE: NODE,
        },
        "analysis.trace": {
            R.SALES: OWN, R.CREDIT_CONTROLLER: NODE, R.CREDIT_MANAGER: NODE, R.ANALYST: NODE,
            R.DATA_STEWARD: NODE, R.AUDITOR: NODE,
        },
        "import.run": {R.DATA_STEWARD: NODE},
        "import.read": {R.DATA_STEWARD: NODE, R.AUDITOR: NODE},
        "import.take_back": {R.DATA_STEWARD: NODE},
        "source.read": {R.DATA_STEWARD: NODE, R.AUDITOR: NODE, R.ADMINISTRATOR: ALL},
        "source.write": {R.DATA_STEWARD: NODE},
        "rate.read": {
            R.CREDIT_CONTROLLER: ALL, R.CREDIT_MANAGER: ALL, R.ANALYST: ALL, R.DATA_STEWARD: ALL,
            R.AUDITOR: ALL, R.ADMINISTRATOR: ALL,
        },
        "rate.write": {R.CREDIT_MANAGER: ALL, R.DATA_STEWARD: ALL},
        "user.read": {R.ADMINISTRATOR: ALL, R.SECURITY_OFFICER: ALL, R.AUDITOR: ALL},
        "user.write": {R.ADMINISTRATOR: ALL},
        "grant.propose": {R.ADMINISTRATOR: ALL},
        "grant.approve": {R.SECURITY_OFFICER: ALL},
        "grant.end": {R.ADMINISTRATOR: ALL, R.SECURITY_OFFICER: ALL},
        "token.propose": {R.ADMINISTRATOR: ALL},
        "token.approve": {R.SECURITY_OFFICER: ALL},
        "token.revoke": {R.ADMINISTRATOR: ALL, R.SECURITY_OFFICER: ALL},
        "factor.propose": {R.ADMINISTRATOR: ALL, R.SECURITY_OFFICER: ALL},
        "factor.approve": {R.SECURITY_OFFICER: ALL},
        "factor.end": {R.ADMINISTRATOR: ALL, R.SECURITY_OFFICER: ALL},
        "organisation.write": {R.ADMINISTRATOR: ALL},
        "parameter.read": {R.ADMINISTRATOR: ALL, R.AUDITOR: ALL, R.SECURITY_OFFICER: ALL},
        "parameter.propose": {R.ADMINISTRATOR: ALL},
        "parameter.approve": {R.SECURITY_OFFICER: ALL},
        "parameter.end": {R.ADMINISTRATOR: ALL, R.SECURITY_OFFICER: ALL},
        "event.read": {R.AUDITOR: NODE, R.SECURITY_OFFICER: ALL, R.ADMINISTRATOR: ALL},
        "event.count": {R.CREDIT_MANAGER: NODE},
        "work.read": dict.fromkeys(Role, OWN),
    }
)  # fmt: skip

# What a program never holds, whatever its account's roles are: who may come in and as what, and
# what takes two persons. Of two who sign, each is somebody who signs in.
FOR_PERSONS: frozenset[str] = frozenset(
    {
        "user.write", "organisation.write",
        "grant.propose", "grant.approve", "grant.end",
        "token.propose", "token.approve", "token.revoke",
        "factor.propose", "factor.approve", "factor.end",
        "parameter.propose", "parameter.approve", "parameter.end",
    }
)  # fmt: skip
# The classes that a program may reveal values of: an identity number takes a person with a case.
REVEALED_TO_PROGRAMS: frozenset[str] = frozenset({"S2"})

# Names of persons: of class S2, but the roles that write and speak to people see them plain,
# where a telephone number stays masked until it is needed.
NAMES = "names"

# role -> class -> view; a class that is not named is not shown at all
_SPEAKS = {NAMES: View.PLAIN, "S2": View.MASKED, "S4": View.MASKED}
_CHECKS = {NAMES: View.MASKED, "S2": View.MASKED, "S4": View.MASKED}
VIEWS: MappingProxyType[Role, dict[str, View]] = MappingProxyType(
    {
        R.SALES: _SPEAKS | {"S3": View.PLAIN},
        R.CREDIT_CONTROLLER: _SPEAKS | {"S3": View.PLAIN},
        R.CREDIT_MANAGER: _SPEAKS | {"S3": View.PLAIN},
        R.MARKETING: {NAMES: View.MASKED, "S2": View.MASKED, "S3": View.NONE, "S4": View.NONE},
        R.SERVICE: _SPEAKS | {"S3": View.NONE},
        R.ANALYST: {"S2": View.NONE, "S3": View.PLAIN, "S4": View.NONE},
        R.DATA_STEWARD: _CHECKS | {"S3": View.PLAIN},
        R.AUDITOR: _CHECKS | {"S3": View.PLAIN},
        R.EXECUTIVE: {"S2": View.NONE, "S3": View.PLAIN, "S4": View.NONE},
        R.SECURITY_OFFICER: {},
        R.ADMINISTRATOR: {},
    }
)

# Classes that a role may reveal one value of, with a purpose.
REVEALS: MappingProxyType[Role, frozenset[str]] = MappingProxyType(
    {
        R.SALES: frozenset({"S2"}),
        R.CREDIT_CONTROLLER: frozenset({"S2", "S4"}),
        R.CREDIT_MANAGER: frozenset({"S2", "S4"}),
        R.SERVICE: frozenset({"S2"}),
        R.DATA_STEWARD: frozenset({"S2"}),
        R.AUDITOR: frozenset({"S2", "S4"}),
    }
)

# Classes of which a value is revealed for a case alone, whatever the purpose: the note names it.
FOR_A_CASE: frozenset[str] = frozenset({"S4"})

# Roles that see totals and groups of customers, never a figure of one customer.
AGGREGATES: frozenset[Role] = frozenset({R.EXECUTIVE})

# Pairs that one person may not hold: each would check its own work.
CONFLICTS: frozenset[frozenset[Role]] = frozenset(
    {
        frozenset({R.ADMINISTRATOR, R.AUDITOR}),
        frozenset({R.ADMINISTRATOR, R.SECURITY_OFFICER}),
        frozenset({R.AUDITOR, R.SALES}),
        frozenset({R.AUDITOR, R.CREDIT_CONTROLLER}),
        frozenset({R.AUDITOR, R.CREDIT_MANAGER}),
        frozenset({R.AUDITOR, R.MARKETING}),
        frozenset({R.AUDITOR, R.SERVICE}),
        frozenset({R.AUDITOR, R.DATA_STEWARD}),
        frozenset({R.AUDITOR, R.SECURITY_OFFICER}),
        frozenset({R.SECURITY_OFFICER, R.ANALYST}),  # who take files away
        frozenset({R.SECURITY_OFFICER, R.DATA_STEWARD}),
    }
)

# Roles that need a second factor before anything else: those that see S3 or approve.
SECOND_FACTOR: frozenset[Role] = frozenset(
    {role for role, views in VIEWS.items() if views.get("S3") == View.PLAIN}
    | {R.SECURITY_OFFICER, R.ADMINISTRATOR}
)
