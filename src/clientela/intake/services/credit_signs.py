"""Credit notes that a file writes with amounts above zero.

A credit note lowers what was sold by amounts below zero. Many systems write it like an invoice and
say by its kind alone that it is none: added up as it stands it would raise sales, and be owed. Some
write one above zero to take a credit note back. Which it is only the source knows, so it is asked,
once for the file, and the documents are turned before they are looked at as units.
"""

from clientela.intake.models import Run
from clientela.intake.results import Choice, Question
from clientela.intake.services.accounts import BATCH
from clientela.intake.services.at_rest import raws, row_seal
from clientela.intake.services.rejecting import reject
from clientela.intake.services.stagers import STAGERS
from clientela.store.bulk import execute, fetch

ASKED, ANSWERS = "credit_notes:above_zero", ("lower", "as_given", "refuse")
REFUSED, TURNED = "credit_note_above_zero", "credit_note_turned"

# By the document: a credit note may have a line above zero, such as a fee that is kept back. One
# of which rows say different kinds is refused as that.
_ABOVE = """(select c.unit from staging.sales_line c where c.run_id = %(run)s group by c.unit
    having bool_and(c.kind = 'credit_note') and sum(c.net_minor) > 0)"""
_FOUND = f"""select count(distinct s.unit), min(s.row_no) from staging.sales_line s
    where s.run_id = %(run)s and s.unit in {_ABOVE}"""  # noqa: S608 - our own text
# A line has a quantity to turn, a document without its lines a price alone.
_TURNED = """update staging.sales_line s
    set {turned} = -s.{turned}, net_minor = -s.net_minor, tax_minor = -s.tax_minor,
        cost_minor = -s.cost_minor, flags = concat_ws(',', nullif(array_to_string(
            array_remove(string_to_array(s.flags, ','), 'positive_credit_note'), ','), ''), %(flag)s)
    where s.run_id = %(run)s and s.unit in {above}"""
_ROWS = f"""select s.row_no, s.line_no, s.unit, s.raw from staging.sales_line s
    where s.run_id = %(run)s and s.row_no > %(after)s and s.unit in {_ABOVE}
    order by s.row_no limit %(limit)s"""  # noqa: S608 - our own text


def settle_credit_signs(run: Run) -> list[Question]:
    """Do with credit notes above zero what was answered; ask where nothing was.

    Before the units are made: the content of a document is what it is once it was turned.
    """
    if STAGERS[run.kind].table != "sales_line":
        return []
    ((documents, row),) = fetch(_FOUND, {"run": run.pk})
    answer = run.answers.get("answers", {}).get(ASKED)
    if not documents or answer == "as_given":
        return []
    if answer == "lower":
        turned = "unit_price" if run.kind == "invoices" else "quantity"
        execute(_TURNED.format(turned=turned, above=_ABOVE), {"run": run.pk, "flag": TURNED})
        return []
    if answer == "refuse":
        _refuse(run)
        return []
    params = {"documents": str(documents), "row": str(row)}
    choices = tuple(Choice(value=value) for value in ANSWERS)
    return [Question(id=ASKED, code="credit_notes_above_zero", choices=choices, params=params)]


def _refuse(run: Run) -> None:
    column, seal, last = run.definition["columns"].get("document_kind", ""), row_seal(run), 0
    while rows := fetch(_ROWS, {"run": run.pk, "after": last, "limit": BATCH}):
        last = rows[-1][0]
        reject(
            run,
            [
                (row_no, line_no, column, "", REFUSED, {}, unit, raw)
                for row_no, line_no, unit, raw in raws(seal, rows)
            ],
        )
