"""What stands of a customer's facts, told apart from what stood: so that nobody writes over what
somebody else has corrected since it was shown.

A form carries the imprint of each value that it showed. An imprint is a keyed digest of the
normalised value, as sealed values have one already: it tells nothing of the value, and two are
alike where the values are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clientela.kernel.masked import Masked
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.models import Customer
from clientela.records.selectors import FileFact, current_day, ledger_facts, shown_facts
from clientela.records.services.moments import moment_of_customers
from clientela.security.permits import Access
from clientela.store.sealing import digest, is_sealed

NOTHING = ""  # the imprint of no value


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts of a customer as a form shows them. What is not shown to the user has an imprint
    and no fact."""

    facts: Mapping[str, FileFact]  # key -> fact as the user may see it
    imprints: Mapping[str, str]  # key -> imprint of its value

    def shows_plain(self, key: str) -> bool:
        """Tell whether the user reads the value of `key`, or that it has none."""
        if key not in self.facts:
            return self.imprint(key) == NOTHING
        return not isinstance(self.facts[key].value, Masked)

    def imprint(self, key: str) -> str:
        return self.imprints.get(key, NOTHING)


class ChangedMeanwhile(Invalid):
    """Somebody else changed what is to be changed. `imprints`: of what stands now, by key.

    The reasons name the keys alone: they are kept in the trail, which holds no values.
    """

    def __init__(self, imprints: Mapping[str, str]) -> None:
        code = "value_changed_meanwhile"
        super().__init__(*(Reason(code=code, params={"field": key}) for key in imprints))
        self.imprints = dict(imprints)


def standing_of(access: Access, customer: Customer, *, at: datetime) -> Standing:
    """Return what stands of a customer now, with all that anybody has written of it by now."""
    known_on = moment_of_customers([customer.pk], at)
    facts = ledger_facts(customer.pk, true_on=current_day(access, at), known_on=known_on)
    return Standing(
        facts={one.key: one for one in shown_facts(access, customer, facts)},
        imprints={one.attribute: imprint_of(one.attribute, one.value) for one in facts},
    )


def imprint_of(key: str, value: Any) -> str:
    """Return the imprint of a normalised value, sealed or plain; NOTHING for none."""
    if value is None:
        return NOTHING
    return str(value["digest"]) if is_sealed(value) else digest(key, value)


def changed_since(
    standing: Standing, stated: Mapping[str, Any], seen: Mapping[str, str]
) -> dict[str, Any]:
    """Return what of `stated` differs from what the user was shown.

    A masked value is stated whatever it is: leaving it out would tell who guesses that it is right.
    :param seen: key -> imprint of what was shown; a key that is not there had no value.

    Raises ChangedMeanwhile where a value is neither what was shown nor what is stated; a masked
    one also where it is what is stated, for the same reason.
    """
    wanted = {key: imprint_of(key, value) for key, value in stated.items()}
    gone = {
        key: standing.imprint(key)
        for key in stated
        if standing.imprint(key) != seen.get(key, NOTHING)
        and not (standing.shows_plain(key) and standing.imprint(key) == wanted[key])
    }
    if gone:
        raise ChangedMeanwhile(gone)
    return {
        key: value
        for key, value in stated.items()
        if not (standing.shows_plain(key) and wanted[key] == seen.get(key, NOTHING))
    }
