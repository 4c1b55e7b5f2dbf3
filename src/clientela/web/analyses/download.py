"""An answer as a file: the same reach and classes as the page, neutral for spreadsheets."""

import csv
from io import StringIO

from django.http import HttpResponse

from clientela.analysis.results import in_cell
from clientela.analysis.services import answer_to_take, ensure_copy, record_download
from clientela.security.services.reading import record_reading
from clientela.store.reading import read_so_far
from clientela.store.spreadsheets import neutral
from clientela.web.analyses.asking import read
from clientela.web.request import Request
from clientela.web.ways import sent_only


@sent_only
def download(request: Request, name: str) -> HttpResponse:
    """Give an answer as CSV to the roles that work with figures; an event says so.

    Who knows customers by pseudonym alone is given groups, the small ones without figures.
    """
    access = request.access
    access.demand("analysis.run")
    wanted = read(request.GET, name, today=access.today, at=request.at)
    ensure_copy()
    answer = answer_to_take(access, wanted.asked)
    record_download(answer, at=request.at)
    record_reading(read_so_far(), at=request.at, where="analyses:download")  # whose figures left
    out = StringIO()
    names = [column.name for column in answer.columns]
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([neutral(in_cell(row[n])) for n in names] for row in answer.rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    file = f"{name}-{answer.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
