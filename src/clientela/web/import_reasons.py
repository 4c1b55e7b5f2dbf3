"""Why a file, a row or a mapping could not be taken, in sentences by the code of the reason."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILES: dict[str, str | Promise] = {
    "import_broke": _(
        "An error that nobody foresaw stopped it (%(error)s). Send the file again. If it stops "
        "again, tell the administrator: the log of the server says what happened."
    ),
    "import_given_up": _(
        "It was tried several times and came to no end. Send the file again. If that comes to no "
        "end either, tell the administrator: the log of the server says what happened."
    ),
    "mapping_unknown": _(
        "The source %(source)s keeps no mapping under the name %(mapping)s. It keeps: %(known)s."
    ),
    "mappings_none": _("The source %(source)s keeps no mapping yet, so none is named %(mapping)s."),
    "file_missing": _("Choose a file first."),
    "source_missing": _("Say where the records come from: choose a source, or name a new one."),
    "source_said_twice": _("Choose a source or name a new one, not both."),
    "source_without_branch": _("Say which branch the new source belongs to."),
    "imported_already": _(
        "This very file was imported already, on %(day)s by %(by)s. All of its rows (%(rows)s) "
        "were skipped and nothing was changed. To read it with another mapping, take that import "
        "back first. Another kind of rows or another sheet is chosen with the file."
    ),
    "import_on_its_way": _("This very file is being imported already."),
    "kept_file_lost": _("What was kept of the file is gone or was changed. Send it again."),
    "empty_file": _("The file is empty."),
    "no_rows": _("The file has column names but no rows."),
    "password_protected": _("The file is protected by a password. Save it without one."),
    "not_a_table": _("This is no table (%(kind)s). Save it as CSV or as a workbook (.xlsx)."),
    "name_and_content_differ": _("The name says workbook, but it is text. Name it .csv."),
    "archive_nested": _("The file is packed twice. Unpack it once."),
    "archive_damaged": _("The packed file is damaged. Pack or send it again."),
    "archive_bomb": _("The file unpacks to more than %(ratio)s times its size. That is refused."),
    "archive_entries": _("The archive has %(found)s entries; %(allowed)s are allowed."),
    "archive_entry_twice": _("The archive holds two files of one name."),
    "archive_entry_name": _("The archive holds a file whose name points outside of it."),
    "archive_too_large": _("The unpacked file is larger than %(allowed)s bytes."),
    "archive_files": _("The archive holds %(found)s files. Send one table at a time."),
    "gzip_has_several_members": _("The packed file has several parts. Pack the table as one."),
    "workbook_binary": _("Binary workbooks (.xlsb) are not read. Save it as .xlsx."),
    "workbook_with_macros": _("Workbooks with macros are not read. Save it as .xlsx."),
    "workbook_damaged": _("The workbook is damaged. Open it and save it again."),
    "workbook_too_large": _("The workbook is larger than %(allowed)s bytes. Save it as CSV."),
    "xml_entities": _("The workbook holds constructions that are refused for safety."),
    "cell_without_place": _("The workbook has cells without a place. Open it and save it again."),
    "html_unreadable": _(
        "The web page holds a mark that never ends. Save it as CSV or as a workbook."
    ),
    "html_nested": _(
        "The web page has tables within tables, more than %(allowed)s deep. Save the table as CSV."
    ),
    "html_tables": _(
        "The web page has more than %(allowed)s tables. Save the one with the rows as CSV."
    ),
    "encoding_declared": _("The page says itself that it is in %(encoding)s."),
    "parser_stopped": _("The workbook could not be read within the limits. Save it as CSV."),
    "encoding_not_supported": _("The encoding %(encoding)s is not read. Save the file as UTF-8."),
    "too_many_columns": _("The table has %(found)s columns; %(allowed)s are allowed."),
    "duplicate_header": _("Columns %(first)s and %(second)s have one name: %(name)s. Rename one."),
    "byte_order_mark": _("The file says itself that it is in %(encoding)s."),
    "encoding_assumed": _(
        "The text was read as %(encoding)s. Make sure that its accents came out right."
    ),
    "lines_not_in_encoding": _(
        "Some lines (%(lines)s) hold bytes that are no text in %(encoding)s. They are set aside."
    ),
    "file_may_be_cut": _(
        "The file may have been cut off: its last line has no end and fewer cells than the others."
    ),
    "external_links_ignored": _("Links to other files were not followed."),
    "several_currency_signs": _(
        "Cells of this sheet show signs of several currencies, and a sign is no part of a cell's "
        "value. Make sure that a column says the currency of each row."
    ),
    "filtered_rows": _("The sheet has a filter. Rows that it hides are in the file as well."),
    "formula_results_used": _("Formulas were not run: their saved results were read."),
    "setting_unreadable": _("A value for all rows is written as FIELD=VALUE."),
    "mapping_column_absent": _(
        "The saved mapping reads %(column)s, which this file does not have: nothing is said of it "
        "(%(field)s)."
    ),
    "mapping_of_another_kind": _(
        "The mapping %(mapping)s reads rows of the kind “%(reads)s”, and “%(rows_given)s” was said "
        "of the file. Leave the kind out, or choose another mapping."
    ),
    "mapping_unreadable": _("The saved mapping cannot be read."),
    "unknown_kind": _("There is no such kind of rows: %(kind)s. There are: %(known)s."),
    "question_not_asked": _("This import does not ask %(question)s. It asks: %(known)s."),
    "question_not_offered": _(
        "No import of this kind asks %(question)s. Questions that there are: %(known)s."
    ),
    "answer_not_offered": _("%(answer)s is no answer to %(question)s. Possible: %(known)s."),
    "unknown_field": _("Rows of this kind have no field %(given)s. The nearest: %(near)s."),
    "field_filled_twice": _(
        "%(field)s is filled by the column %(other)s already; %(column)s cannot fill it as well. "
        "Choose another field for one of them, or leave it out."
    ),
    "column_filled_twice": _(
        "The column %(column)s fills %(fills)s already; it cannot fill %(field)s as well. Choose "
        "another column, or another field for this one."
    ),
    "column_missing": _("The file has no column %(column)s."),
    "required_field_unmapped": _("No column gives this field, which every row needs: %(field)s."),
    "constant_invalid": _(
        "The value for all rows cannot be used for this field: %(field)s. %(why)s"
    ),
    "constant_share_unclear": _(
        "The value for all rows of %(field)s may be read in two ways: as a part of 1, or in per cent. "
        "Write it in per cent with the sign, as in 21%%."
    ),
    "constant_not_offered": _("The value for all rows of %(field)s is one of: %(known)s."),
}

ROWS: dict[str, str | Promise] = {
    "required": _("This is empty, and every row needs it: %(field)s."),
    "not_a_choice": _("This is none of the words that are known here, such as: %(known)s."),
    "several_phones": _("There are several phone numbers in one cell."),
    "phone_country_missing": _("The phone number has no country."),
    "phone_invalid": _("This is no possible phone number."),
    "email_invalid": _("This is no possible e-mail address."),
    "not_a_date": _("This is not a date."),
    "no_such_day": _("There is no such day."),
    "no_such_time": _("There is no such time."),
    "year_out_of_range": _("The year %(year)s is out of range."),
    "date_order_differs": _("This date is not written in the order of its column."),
    "era_calendar": _("The date counts years of an era. Write it as year-month-day."),
    "lunar_calendar": _("The date is of the lunar calendar. Write it as year-month-day."),
    "unix_time": _("The date is a count of seconds. Write it as year-month-day."),
    "not_a_number": _("This is not a number."),
    "not_finite": _("This is not a number that can be counted with."),
    "exponent_not_allowed": _("The number is written with an exponent; digits were lost."),
    "grouping_wrong": _("The marks between the thousands do not fit the column."),
    "scale_not_agreed": _("The number ends in a word such as 万, which was not agreed on."),
    "too_many_decimals": _("The number has %(found)s decimal places; %(allowed)s are kept."),
    "too_many_digits": _("The number has more than %(allowed)s digits before the point."),
    "amount_too_large": _("The amount has more than %(allowed)s digits before the point."),
    "precision_lost": _(
        "The workbook keeps this as a number, which holds 15 digits: the others are lost. Format the "
        "column as text and type the number anew."
    ),
    "duration": _("This is a length of time. Format the cell as what it is meant to be."),
    "date_before_1900": _("The workbook cannot count days before March 1900. Write it as text."),
    "cell_type": _("The cell holds nothing that can be read. Format it as text, number or date."),
    "count_negative": _("This count is below zero."),
    "percent_unclear": _("It was not said whether 5 means 5 %% or 500 %%."),
    "share_out_of_range": _("A share lies between 0 and 100 %%."),
    "currency_conflict": _("The sign says %(found)s, but the currency is %(expected)s."),
    "currency_ambiguous": _("This sign stands for several currencies. Write the three letters."),
    "currency_unknown": _("This is no currency that is known."),
    "country_unknown": _("This is no country that is known."),
    "register_number_invalid": _("The check digit of the tax or registration number is wrong."),
    "lone_surrogate": _("The text holds half a character."),
    "control_character": _("The text holds a control character."),
    "direction_override": _("The text holds marks that turn its direction round."),
    "blank_looking_character": _("The text holds characters that look like nothing."),
    "escaped_character": _("The text holds escape codes instead of characters."),
    "too_many_marks": _("The text piles up more than %(allowed)s marks on one letter."),
    "too_long": _("The text has %(found)s characters; %(allowed)s are kept."),
    "nul_character": _("The line holds a NUL character."),
    "invalid_bytes": _("The line holds bytes that are no text in %(encoding)s."),
    "record_too_long": _("The record is too long."),
    "cell_too_long": _("A cell has more than %(allowed)s characters."),
    "quote_malformed": _("There is text after a closing quotation mark."),
    "quote_not_closed": _("The quotation mark of line %(line)s is never closed."),
    "too_many_cells": _("The row has %(found)s cells; the table has %(expected)s columns."),
    "too_few_cells": _("The row has only %(found)s cells; the table has %(expected)s columns."),
    "heading_within_rows": _(
        "Line %(line)s holds names of columns: this row is that line, or of a second table below it. "
        "Put each table into a file of its own."
    ),
    "totals_row": _("A row of totals, not data."),
    "totals_row_suspected": _(
        "The number says that this is a total of other rows. If it is a document all the same, give "
        "it a number that does not begin with such a word."
    ),
    "error_cell": _("The cell holds an error of a spreadsheet, such as #N/A."),
    "formula_without_result": _("The formula of the cell has no saved result."),
    "amount_missing": _("Neither an amount nor quantity and price are given."),
    "net_amount_unknown": _(
        "Only the amount with tax is given: neither the amount without it, nor the tax, nor its rate."
    ),
    "amounts_disagree": _("Net, tax and gross do not add up."),
    "amount_zero": _("A payment of nothing."),
    "amount_negative": _("The amount is below zero."),
    "payer_missing": _("The payment names neither a customer nor an invoice."),
    "due_before_issued": _("The due date is before the date of issue."),
    "customer_since_before_born": _("The customer is older than the person."),
    "document_incomplete": _("Another line of this document was set aside, so all of it was."),
    "document_contradicts_itself": _(
        "The lines of this document differ in customer, currency or kind."
    ),
    "document_days_apart": _(
        "The lines of this document are of days far apart. Where numbers begin anew each year, "
        "write the year before them."
    ),
    "document_due_days_differ": _(
        "The lines of this document are due on several days; a document is due on one."
    ),
    "credit_note_above_zero": _("A credit note whose amounts are above zero."),
    "document_differs": _("This document is in the books already, with other content."),
    "number_given_twice": _("This number stands on two different rows."),
    "row_given_again": _("The same row again: it says what an earlier row of its number says."),
    "rows_were_read": _(
        "The rows were read as settled before. To read them otherwise, cancel this import and "
        "send the file again."
    ),
    "known_by_another_name": _("The customer number is known under another name."),
    "key_written_otherwise": _(
        "But for case or width this customer number is %(other)s. Write it in one way; or, where "
        "the source tells such numbers apart, import the file with keys=exact."
    ),
    "customer_not_reached": _(
        "This customer number, or one that differs from it in case or width alone, is of a customer outside what you may work on. Nothing of it is changed. Ask a data steward who works there."
    ),
    "account_manager_not_known": _(
        "Nobody of this user name looks after customers where you may work. A row names an account manager by the user name of somebody who may sign in and reads customers there."
    ),
    "key_given_twice": _("This key stands on rows that contradict each other."),
    "run_ended_early": _("Good rows of an import that was stopped; none of them was taken."),
    "stored_already": _("In the books already, with the same content."),
}

# The same for many rows at once: without what differs among them.
SHARED: dict[str, str | Promise] = {
    "heading_within_rows": _(
        "Names of columns within the rows, or rows of a second table below them."
    ),
    "required": _("A cell is empty that every row needs."),
    "not_a_choice": _("This is none of the words that are known here."),
    "key_written_otherwise": _("A customer number is another one's but for case or width."),
    "year_out_of_range": _("The year is out of range."),
    "too_many_decimals": _("The number has more decimal places than are kept."),
    "too_many_digits": _("The number has too many digits before the point."),
    "amount_too_large": _("The amount has too many digits before the point."),
    "precision_lost": _("A long number lost its last digits in the workbook."),
    "duration": _("This is a length of time."),
    "date_before_1900": _("The workbook cannot count days before March 1900."),
    "cell_type": _("The cell holds nothing that can be read."),
    "currency_conflict": _("The sign says another currency than the row."),
    "too_many_marks": _("The text piles up too many marks on one letter."),
    "too_long": _("The text has more characters than are kept."),
    "invalid_bytes": _("The line holds bytes that are no text in the file's encoding."),
    "cell_too_long": _("A cell has too many characters."),
    "quote_not_closed": _("A quotation mark is never closed."),
    "too_many_cells": _("The row has more cells than the table has columns."),
    "too_few_cells": _("The row has fewer cells than the table has columns."),
    "imported_already": _("Imported already."),
    "accounts_unknown": _("The row names a customer that its source does not know."),
    "answers_unfit": _("The answer fits no question of a survey that was sent."),
}

# What a file turned out to be instead of a table.
CONTENTS: dict[str, str | Promise] = {
    "pdf": _("a PDF"),
    "image": _("a picture"),
    "archive_format": _("a packing that is not read"),
    "program": _("a program"),
    "word_document": _("a text document"),
    "database_file": _("a database"),
    "parquet": _("Parquet"),
    "utf_32": _("text in UTF-32"),
    "html_table": _("a web page"),
    "xml_spreadsheet": _("a spreadsheet in XML"),
    "xml": _("XML"),
    "json": _("JSON"),
    "binary": _("no text"),
}
