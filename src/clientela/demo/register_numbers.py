"""Tax numbers that pass their check digits, and telephone numbers of the right plan.

They are made up, and one may by chance be somebody's: a reserved range is either missing
(tax numbers) or refused by checkers of numbering plans. Mail goes to `.example`, a domain
that is reserved (RFC 2606).
"""

from stdnum import luhn
from stdnum.cn import uscc
from stdnum.gb import vat
from stdnum.mx import rfc

from clientela.demo.lands import Branch

CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # characters of Chinese codes
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def tax_number(land: str, branch: Branch, r: list[int]) -> str:
    """Return a company's tax number in a country, from random numbers `r`."""
    if land == "cn":
        organisation = "".join(CODE[x % len(CODE)] for x in (r[0], r[1], r[2], r[3], r[4], r[5]))
        body = f"91{branch.division}MA{organisation}{r[6] % 10}"
        return body + uscc.calc_check_digit(body)
    if land == "es":
        body = f"{r[0] % 100:02d}{r[1] % 100_000:05d}"
        return f"B{body}{luhn.calc_check_digit(body)}"
    if land == "mx":
        name = "".join(LETTERS[x % len(LETTERS)] for x in r[:3])
        day = f"{r[3] % 24:02d}{1 + r[4] % 12:02d}{1 + r[5] % 28:02d}"
        body = f"{name}{day}{LETTERS[r[6] % 20]}{1 + r[2] % 9}"
        return body + rfc.calc_check_digit(body)
    # The two digits at the end bring the weighted sum to a multiple of 97.
    body = f"{100 + r[0] % 899}{r[1] % 10_000:04d}"
    return f"{body}{97 - vat.checksum(body + '00') % 97:02d}"


def phone(land: str, branch: Branch, r: list[int], *, mobile: bool) -> str:
    """Return a number in E.164, from random numbers `r`."""
    line = r[0] % 10_000_000
    if land == "cn":
        return (
            f"+8613{5 + r[1] % 5}{r[0] % 100_000_000:08d}"
            if mobile
            else f"+86{branch.dial}6{line:07d}"
        )
    if land == "es":
        missing = 9 - len(branch.dial)
        landline = f"{branch.dial}{2 + r[1] % 6}{line % 10 ** (missing - 1):0{missing - 1}d}"
        return f"+346{r[1] % 8}{line:07d}" if mobile else f"+34{landline}"
    if land == "mx":
        return f"+52{branch.dial}{2 + r[1] % 6}{line:07d}"
    if mobile:
        return f"+4474{r[0] % 100_000_000:08d}"
    return f"+44207{line:07d}" if branch.dial == "20" else f"+44161{2 + r[1] % 7}{line % 10**6:06d}"


def postcode(land: str, branch: Branch, r: list[int]) -> str:
    """Return a postcode of the branch's city, from random numbers `r`."""
    if land == "gb":
        return f"{branch.postcode}{1 + r[0] % 9} {r[1] % 10}{'ABDEFGHJLN'[r[2] % 10]}{'PQRSTUWXYZ'[r[3] % 10]}"
    size = 6 if land == "cn" else 5
    missing = size - len(branch.postcode)
    return branch.postcode + f"{r[0] % 10**missing:0{missing}d}"
