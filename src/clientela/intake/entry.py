"""What people and programs state of a customer, read by the rules of an import.

The one place for a value that is typed on a page, sent to the API or brought by a file: what a
file's cell may not be, a form's field may not be either. The composition root names this to the
records, which stand below (`ATTRIBUTE_RULES`).
"""

from collections.abc import Callable
from datetime import date

from clientela.intake.grammar.answers import Noted, Parsed
from clientela.intake.grammar.choices import MARITAL, SEX, parse_choice
from clientela.intake.grammar.contact_points import parse_email, parse_phone
from clientela.intake.grammar.dates import DateFormat, parse_day
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.grammar.places import parse_country
from clientela.intake.grammar.register_numbers import parse_register_number
from clientela.intake.grammar.words import clean, code_of
from clientela.intake.kinds.customers import CUSTOMERS
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

LONGEST = 2000  # characters of a text that no kind of file limits
_ISO = DateFormat()
_PAST = ("birth_date", "founded_on", "customer_since")  # no other day of a file is to come
_LIMITS = {f.attribute: f.limit for f in CUSTOMERS.fields if f.attribute and f.type == "text"}


def attribute_value(
    name: str, value: object, *, country: str | None, as_of: date
) -> object | Reason:
    """Return a value of an attribute as it is kept, None for "has none", or why it cannot be.

    :param country: of the customer, beside which a telephone or register number is read.
    :param as_of: the day on which it is stated: births, foundings and
        first dealings lie before its end.
    """
    if value is None or not isinstance(value, str):
        return value
    parse = _RULES.get(name)
    parsed = parse(value, country) if parse else clean(value, limit=_LIMITS.get(name, LONGEST))
    if isinstance(parsed, Noted):
        parsed = parsed.value
    if isinstance(parsed, date):
        late = name in _PAST and parsed > as_of
        return reason("date_in_the_future") if late else parsed.isoformat()
    return parsed


def _day(text: str, country: str | None) -> Parsed:
    return parse_day(text, _ISO)


def _count(text: str, country: str | None) -> Parsed:
    found = parse_number(text, NumberFormat(), decimals=0)
    if isinstance(found, Reason) or found is None:
        return found
    return str(found) if int(str(found)) >= 0 else reason("count_negative")


_RULES: dict[str, Callable[[str, str | None], Parsed]] = {
    "email": lambda text, country: parse_email(text),
    "phone": parse_phone,
    "country": lambda text, country: parse_country(text),
    "registration_number": parse_register_number,
    "tax_number": parse_register_number,
    "identity_number": parse_register_number,
    "postcode": lambda text, country: code_of(text),
    "birth_date": _day,
    "founded_on": _day,
    "customer_since": _day,
    "staff": _count,
    "sex": lambda text, country: parse_choice(text, dict(SEX)),
    "marital_status": lambda text, country: parse_choice(text, dict(MARITAL)),
}
