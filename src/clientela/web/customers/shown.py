"""What a form of facts showed, as it travels in the form and back.

One field holds, for each fact, the imprint of its value and that of the text in its field. It is
sealed for the user and the customer that the form was made for, so that nobody reads a masked value
out of it, nor sends that of another form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clientela.store.opaque import NotOurs, conceal, disclose
from clientela.store.sealing import digest

SEEN = "seen"  # name of the field
LONGEST = 200_000  # characters: some thousand facts


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One fact as a form showed it."""

    imprint: str  # of its value: see `records.services.standing`
    text: str | None  # imprint of the text in its field; None: masked, its field was empty

    def is_changed_to(self, key: str, typed: str) -> bool:
        """Tell whether the field was sent with anything else than what stood in it."""
        if self.text is None:
            return bool(typed.strip())
        return text_imprint(key, typed) != self.text


def text_imprint(key: str, text: str) -> str:
    """Return the imprint of a text as a browser may send it back: blanks and lines make no
    difference."""
    return digest(f"text of {key}", " ".join(text.split()))


def carried(shown: Mapping[str, Shown], *, user_id: int, customer_id: int) -> str:
    """Return what a form showed as the text of one field."""
    value = {key: [one.imprint, one.text] for key, one in shown.items()}
    return conceal(value, use=_use(user_id, customer_id))


def brought_back(text: str, *, user_id: int, customer_id: int) -> dict[str, Shown] | None:
    """Return what the form showed that this field came with; None where it tells nothing of it."""
    try:
        value = disclose(text, use=_use(user_id, customer_id), longest=LONGEST)
    except NotOurs:
        return None
    return {key: Shown(imprint=imprint, text=told) for key, (imprint, told) in value.items()}


def _use(user_id: int, customer_id: int) -> str:
    return f"facts shown to user {user_id} of customer {customer_id}"
