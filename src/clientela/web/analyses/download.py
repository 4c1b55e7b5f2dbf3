"""An answer as a file: the same reach and classes as the page, neutral for spreadsheets."""

import csv
from io import StringIO
from typing import Any

from django.http import HttpResponse

from clientela.analysis.services import ask, ensure_copy, record_download
from clientela.kernel.reasons import NotPermitted, Reason
from clientela.store.spreadsheets import neutral
from clientela.web.analyses.asking import read
from clientela.web.request import Request
from clientela.web.ways import sent_only

ROLES = {"analyst", "data_steward"}


@sent_only
def download(request: Request, name: str) -> HttpResponse:
    """Give the whole answer as CSV to the roles that work with figures; an event says so."""
    access = request.access
    access.demand("analysis.run")
    if not access.roles & ROLES:
        raise NotPermitted(Reason(code="act_not_permitted", params={"act": "analysis.download"}))
    wanted = read(request.GET, name, today=access.today)
    ensure_copy()
    answer = ask(access, wanted.asked)
    record_download(answer, at=request.at)
    out = StringIO()
    names = [column.name for column in answer.columns]
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([neutral(_flat(row[n])) for n in names] for row in answer.rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    file = f"{name}-{answer.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _flat(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
