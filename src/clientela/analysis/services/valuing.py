"""Balances have a value in one currency where a rate is in force on their day; else they are refused.

That of each document's own day is asked for elsewhere (`amounts`): what was open in a currency may
have had a rate when it was sold, and none on the day that is asked for.
"""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.services.question import Asked
from clientela.kernel.reasons import Invalid, Reason
from clientela.warehouse.session import Session


def refuse_without_value(session: Session, asked: Asked, tables: Mapping[str, ir.Table]) -> None:
    """Raise Invalid with each currency that a balance lacks the rate of on its day.

    Asked only where an amount of the answer is missing.
    """
    found = asked.analysis.without_rate(tables, asked.period)
    if found is None:
        return
    day = str(asked.period.last_on)
    reasons = [_reason(row, day) for row in session.rows(found)]
    if reasons:
        raise Invalid(*reasons)


def _reason(lacking: Mapping[str, Any], day: str) -> Reason:
    named = {"currency": lacking["currency"], "day": day}
    if lacking["rated_on"] is None:
        return Reason(code="rate_missing_on", params=named)
    return Reason(code="rates_ended", params=named | {"last": str(lacking["rated_on"])})
