"""Industries in words: a code of ISIC Rev. 4 by its section and, where named, its division.

A source may state an industry in any words of its own: those are shown as given.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CODE = re.compile(r"([A-U])(\d{2})?")

# ISIC Rev. 4, part two: the 21 sections
SECTIONS: dict[str, str | Promise] = {
    "A": _("Agriculture, forestry and fishing"),
    "B": _("Mining and quarrying"),
    "C": _("Manufacturing"),
    "D": _("Electricity, gas, steam and air conditioning"),
    "E": _("Water supply, sewerage and waste"),
    "F": _("Construction"),
    "G": _("Wholesale and retail trade, repair of vehicles"),
    "H": _("Transport and storage"),
    "I": _("Accommodation and food service"),
    "J": _("Information and communication"),
    "K": _("Finance and insurance"),
    "L": _("Real estate"),
    "M": _("Professional, scientific and technical services"),
    "N": _("Administrative and support services"),
    "O": _("Public administration and defence"),
    "P": _("Education"),
    "Q": _("Health and social work"),
    "R": _("Arts, entertainment and recreation"),
    "S": _("Other services"),
    "T": _("Households as employers"),
    "U": _("International organisations"),
}
DIVISIONS: dict[str, str | Promise] = {
    "C10": _("Manufacture of food"),
    "C11": _("Manufacture of beverages"),
    "G45": _("Trade and repair of motor vehicles"),
    "G46": _("Wholesale trade"),
    "G47": _("Retail trade"),
    "H49": _("Land transport"),
    "H52": _("Warehousing"),
    "I55": _("Hotels and other accommodation"),
    "I56": _("Restaurants and catering"),
    "P85": _("Education"),
    "Q86": _("Health care"),
}


def industry(value: str | None) -> str:
    """Return an industry in words; what is no code of the standard stands for itself."""
    text = value or ""
    match = CODE.fullmatch(text)
    if match is None:
        return text
    if text in DIVISIONS:
        return str(DIVISIONS[text])
    section = str(SECTIONS[match.group(1)])
    return f"{section} ({text})" if match.group(2) else section


def industry_code(words: str) -> str:
    """Return the code that these words stand for in the reader's language, or the words."""
    wanted = words.strip().casefold()
    for code, text in (*DIVISIONS.items(), *SECTIONS.items()):
        if str(text).casefold() == wanted:
            return code
    coded = re.fullmatch(r".*\(([A-U]\d{2})\)", words.strip())
    return coded.group(1) if coded else words.strip()
