"""Imports in words: states, kinds, fields, questions and their choices, flags."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

STATES: Words = {
    "received": _("Received"),
    "needs_answers": _("Has questions"),
    "staging": _("Reading"),
    "ready": _("Ready to load"),
    "loading": _("Loading"),
    "done": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
    "taken_back": _("Taken back"),
}
TRIED = _("Tried, nothing loaded")
LOOKS = {
    "needs_answers": "tag-warn", "ready": "tag-key", "done": "tag-good", "failed": "tag-bad",
    "staging": "tag-key", "loading": "tag-key", "received": "tag-key",
}  # fmt: skip

KINDS: Words = {
    "customers": _("Customers"),
    "products": _("Products"),
    "sales_lines": _("Lines of sales documents"),
    "invoices": _("Invoices, one a row"),
    "payments": _("Payments"),
}

# Names of the fields of all kinds; a kind's own word stands as `kind.field`.
FIELDS: Words = {
    "customer_key": _("Customer number"),
    "kind": _("Company or person"),
    "name": _("Name"),
    "register_number": _("Tax or registration number"),
    "country": _("Country"),
    "region": _("Region"),
    "city": _("City"),
    "address": _("Address"),
    "postcode": _("Postcode"),
    "phone": _("Phone"),
    "mobile": _("Mobile phone"),
    "phone_2": _("Second phone"),
    "email": _("E-mail"),
    "email_2": _("Second e-mail"),
    "industry": _("Industry"),
    "sex": _("Sex"),
    "born_on": _("Date of birth"),
    "age_band": _("Age band"),
    "income_band": _("Income band"),
    "household_size": _("Size of household"),
    "marital_status": _("Marital status"),
    "homeowner": _("Home owner"),
    "owner": _("Account manager"),
    "branch_code": _("Code of the branch"),
    "customer_since": _("Customer since"),
    "product_code": _("Product code"),
    "product_name": _("Product name"),
    "category_1": _("Category"),
    "category_2": _("Subcategory"),
    "category_3": _("Third category"),
    "unit": _("Unit of measure"),
    "list_price": _("List price"),
    "cost": _("Cost"),
    "currency": _("Currency"),
    "launched_on": _("Launched on"),
    "document_number": _("Document number"),
    "line_no": _("Line number"),
    "document_kind": _("Kind of document"),
    "quantity": _("Quantity"),
    "issued_on": _("Date of issue"),
    "unit_price": _("Unit price"),
    "net_amount": _("Net amount"),
    "tax_amount": _("Tax"),
    "tax_rate": _("Tax rate"),
    "gross_amount": _("Gross amount"),
    "discount": _("Discount"),
    "cost_amount": _("Cost of goods"),
    "due_on": _("Due date"),
    "order_number": _("Order number"),
    "credited_number": _("Credited invoice"),
    "customer_name": _("Customer name"),
    "paid_on": _("Paid on"),
    "customer_kind": _("Company or person"),
    "disputed": _("Disputed"),
    "payment_number": _("Payment number"),
    "received_on": _("Received on"),
    "amount": _("Amount"),
    "method": _("Means of payment"),
}

QUESTIONS: Words = {
    "kind_unclear": _("What is in a row of this file?"),
    "encoding_unclear": _("In which encoding is the text? Choose the one that reads right."),
    "encoding_utf_16_unmarked": _("The text is in UTF-16. Choose the order that reads right."),
    "separator_unclear": _("What stands between the cells?"),
    "separator_full_width": _("The file uses full-width marks. What stands between the cells?"),
    "single_column": _("Only one column was found. What stands between the cells?"),
    "comment_lines": _("Some lines begin with #. Are they remarks, or data?"),
    "header_missing": _("No line looks like column names. Which line names the columns?"),
    "header_below_title": _("There is text above the table. Which line names the columns?"),
    "header_unclear": _("Does the first line name the columns?"),
    "empty_header": _("Column %(position)s has no name. What should become of it?"),
    "several_sheets": _("Which sheet of the workbook is it?"),
    "hidden_sheet": _("The sheet is hidden in the workbook. Is it the right one?"),
    "hidden_rows": _("The sheet has hidden or filtered rows (%(rows)s). Are they data as well?"),
    "merged_cells": _("The sheet has merged cells (%(ranges)s). Their value counts once, first."),
    "column_suggested": _("Suggested"),
    "column_unclear": _("Not sure"),
    "column_unknown": _("Not recognised"),
    "column_protected": _("Not open to imports"),
    "required_field_unmapped": _("No column gives this yet: %(field)s"),
    "one_of_fields_unmapped": _("No column gives this yet: %(field)s or %(or)s"),
    "tax_rate_missing": _(
        "%(column)s is the amount with tax, and no column gives the tax or the amount without it. "
        "How much tax is in it, in per cent of the amount without tax?"
    ),
    "tax_rate_if_gross": _(
        "If %(column)s is the amount with tax: how much tax is in it, in per cent of the amount "
        "without tax? Leave this empty where it is the amount without tax."
    ),
    "currency_missing": _("In which currency are the amounts? No column says it."),
    "customer_kind_missing": _("Are these customers companies or persons? No column says it."),
    "customer_key_missing": _(
        "No column gives a customer number. Without one these sales count for no customer. "
        "Shall the customer's name serve as the number?"
    ),
    "sales_customer_kind_missing": _(
        "Are the customers in %(names)s companies or persons? Names of persons are kept sealed. "
        "Where a column says it, choose “Company or person” for that column."
    ),
    "source_tells_no_payments": _(
        "The source %(source)s is said to tell of no payments. Does it tell of all payments of its "
        "invoices? They count as owed only then; every invoice of it follows at once."
    ),
    "source_tells_no_payments_left": _(
        "The source %(source)s is said to tell of no payments, so its invoices are not counted as "
        "owed. A data steward of its branch can say otherwise under Sources."
    ),
    "customer_renamed": _(
        "A known customer number comes with another name (rows: %(rows)s, the first is row "
        "%(row)s). What becomes of the names?"
    ),
    "credit_notes_above_zero": _(
        "Credit notes have amounts above zero (documents: %(documents)s, the first in row %(row)s). "
        "Do they lower what was sold?"
    ),
    "keys_alike": _(
        "Customer numbers differ only in case or width (row %(row)s: %(key)s, elsewhere %(other)s). "
        "Are they numbers of different customers?"
    ),
    "several_phones": _(
        "%(column)s has cells with several phone numbers. Which is the customer's?"
    ),
    "phone_country_missing": _("Which country do the phone numbers belong to? No column says it."),
    "date_order_unclear": _("How are the dates of %(column)s written?"),
    "date_order_mixed": _("The dates of %(column)s are written in several ways. Which is right?"),
    "number_format_unclear": _("How are the numbers of %(column)s written?"),
    "number_format_mixed": _(
        "The numbers of %(column)s are written in several ways. Which is right?"
    ),
    "scale_unclear": _("Some numbers of %(column)s end in a word such as 万. Is it a factor?"),
    "percent_unclear": _("What does 5 mean in %(column)s?"),
    "null_words": _("%(column)s holds words for nothing. What do they mean?"),
}

# `code:value` or, where it is the same everywhere, `value` alone
CHOICES: Words = {
    "comma": _("Comma"),
    "semicolon": _("Semicolon"),
    "tab": _("Tab"),
    "bar": _("Vertical bar"),
    "dmy": _("Day, month, year"),
    "mdy": _("Month, day, year"),
    "ymd": _("Year, month, day"),
    "decimal_point_grouped_none": _("Decimal point"),
    "decimal_comma_grouped_none": _("Decimal comma"),
    "decimal_point_grouped_comma": _("Decimal point, commas between thousands"),
    "decimal_comma_grouped_point": _("Decimal comma, points between thousands"),
    "decimal_comma_grouped_space": _("Decimal comma, spaces between thousands"),
    "decimal_point_grouped_space": _("Decimal point, spaces between thousands"),
    "decimal_point_grouped_apostrophe": _("Decimal point, apostrophes between thousands"),
    "decimal_comma_grouped_apostrophe": _("Decimal comma, apostrophes between thousands"),
    "decimal_point_grouped_indian": _("Decimal point, Indian groups"),
    "company": _("Companies"),
    "person": _("Persons"),
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "adjustment": _("Adjustment"),
    "points": _("Five per cent"),
    "fraction": _("The share is written as a fraction"),
    "tax_rate_missing:0%": _("0 %: no tax is in it"),
    "tax_rate_if_gross:0%": _("0 %: no tax is in it"),
    "first_cell": _("I understand"),
    "comment_lines:skip": _("Remarks: leave them out"),
    "comment_lines:keep": _("Data: read them"),
    "hidden_rows:take": _("Read them"),
    "hidden_rows:skip": _("Leave them out"),
    "empty_header:ignore": _("Leave it out"),
    "empty_header:keep": _("Keep it"),
    "scale_unclear:take": _("Yes, multiply"),
    "scale_unclear:refuse": _("No, set these rows aside"),
    "customer_key_missing:name": _("Yes: one customer for each name"),
    "customer_key_missing:anonymous": _("No: leave the sales without a customer"),
    "source_tells_no_payments:known": _("Yes: its invoices are owed until they are paid"),
    "source_tells_no_payments:unknown": _("No: leave them out of what is owed"),
    "source_tells_no_payments_left:unknown": _("Leave it as it is"),
    "credit_notes_above_zero:lower": _("Yes: take their amounts as below zero"),
    "credit_notes_above_zero:as_given": _(
        "No: they take credit notes back, and raise what was sold"
    ),
    "credit_notes_above_zero:refuse": _("Set these rows aside"),
    "keys_alike:refuse": _("No, or not known: set their rows aside to be corrected"),
    "keys_alike:exact": _("Yes, this source tells them apart"),
    "customer_renamed:keep": _("Keep the names as they are, take the rest"),
    "customer_renamed:take": _("The customers were renamed: take the new names"),
    "customer_renamed:refuse": _("Set these rows aside"),
    "encoding_unclear:utf-8": "UTF-8",
    "encoding_unclear:gb18030": _("Simplified Chinese (GB18030, GBK)"),
    "encoding_unclear:big5hkscs": _("Traditional Chinese (Big5)"),
    "encoding_unclear:cp932": _("Japanese (Shift JIS)"),
    "encoding_unclear:cp949": _("Korean (EUC-KR)"),
    "encoding_unclear:cp1252": _("Western Europe (Windows-1252)"),
    "encoding_unclear:cp1250": _("Central Europe (Windows-1250)"),
    "encoding_unclear:cp1251": _("Cyrillic (Windows-1251)"),
    "several_phones:first": _("Take the first"),
    "several_phones:none": _("Take none of them"),
    "null_words:none": _("Nothing was given"),
    "null_words:refuse": _("Set these rows aside"),
    "header_missing:none": _("No line does: number the columns"),
    "header_below_title:none": _("No line does: number the columns"),
    "header_unclear:none": _("No: number the columns"),
}
HEADER_LINE = _("Line %(line)s")
DAMAGED = _("damaged bytes: %(bytes)s, lines with them: %(lines)s; their rows are set aside")

FLAGS: Words = {
    "group_currency_set": _(
        "The group has no currency of its own before this import: it takes that of most rows here, "
        "in which figures over several currencies are told, and keeps it once they are loaded. If "
        "it is another one, an administrator sets it under Organisation first"
    ),
    "skipped_then_taken_back": _(
        "Rows that another import had brought, so that they were left out here. It was taken back "
        "since: unless another file brought them again, they are in no book now. Send this file "
        "again; what stands is skipped"
    ),
    "documents_without_rate": _(
        "Documents without an exchange rate, as of now: figures over several currencies wait "
        "until rates are entered"
    ),
    "source_tells_no_payments": _(
        "Payments of a source that is said to tell none: its invoices are not counted as owed"
    ),
    "file_may_be_cut": _(
        "The file may have been cut off: its last line has no end and fewer cells than the others"
    ),
    "amount_far_out": _(
        "An amount hundreds of times above or below what is usual for its product, or in the file"
    ),
    "negative_written_otherwise": _(
        "Numbers in brackets, with the minus behind them or with another sign for it, read as below zero"
    ),
    "mojibake_suspected": _("Text that looks garbled, as if read in a wrong encoding"),
    "private_use_character": _("Characters that only a special font shows"),
    "register_number_old": _("A tax or registration number in its old form"),
    "register_number_unchecked": _("A tax or registration number that cannot be checked"),
    "open_end_means_none": _("An end date that stands for “none”, such as 9999-12-31"),
    "country_not_said": _("The country is left open"),
    "country_is_several": _("A region of several countries stands for the country"),
    "phone_invalid": _("A phone number that cannot be read; the customer is taken without it"),
    "several_phones": _("Several phone numbers in one cell; the customer is taken without them"),
    "first_phone_taken": _("Several phone numbers in one cell; the first is taken"),
    "phone_country_missing": _(
        "A phone number without a country; the customer is taken without it"
    ),
    "email_invalid": _("An e-mail address that cannot be read; the customer is taken without it"),
    "country_unknown": _("A country that is not known; the customer is taken without it"),
    "not_a_choice": _("A word that is not known here; the customer is taken without it"),
    "phone_looks_made_up": _("A phone number that looks made up"),
    "phone_extension_dropped": _("A phone extension that was left out"),
    "payment_repeated": _(
        "A payment like an earlier one, without a number to tell them apart; both are taken"
    ),
    "row_repeated": _("A row equal to an earlier one of its key; it is taken once"),
    "repeated_line": _("A line equal to an earlier one; both are taken"),
    "price_zero": _("A price of zero"),
    "price_negative": _("A price below zero"),
    "adjustment_document": _("A document that adjusts, neither invoice nor credit note"),
    "negative_quantity": _("A quantity below zero outside credit notes"),
    "credit_note_turned": _("A credit note written with amounts above zero, taken as below zero"),
    "customer_names_differ": _(
        "A customer number with several names in this file; the last one holds"
    ),
    "positive_credit_note": _("A quantity above zero in a credit note"),
    "anonymous_sale": _("No customer is named; the sale counts, but for nobody"),
    "customer_kind_not_said": _("Neither company nor person is given; taken as a person"),
    "customer_kind_assumed": _(
        "Only a number is known of a new customer; taken as a person until its source says more"
    ),
    "customer_kind_differs": _(
        "A customer is given as another kind, company or person, than it is; it stays as it is"
    ),
    "customer_named_otherwise": _("A known customer number under another name"),
    "name_kept_as_corrected": _(
        "A name that a person, or a source trusted more, has said; it stays, and the new one is kept in the history"
    ),
    "key_like_another": _(
        "A customer number that differs from another only in case or width; a customer of its own"
    ),
    "amount_differs": _("The amount is not quantity × price; the amount is taken"),
    "more_decimals_than_currency": _("An amount with more places than its currency has"),
    "invoice_negative": _("An invoice below zero"),
    "tax_unknown": _("The tax is not given"),
    "payment_negative": _("Money paid back"),
    "invoice_not_known": _(
        "Payments that name an invoice that is not in the books yet; they will wait for it"
    ),
    "customer_not_known": _(
        "Payments that name a customer number which the source does not know yet; they will be that customer’s when it comes"
    ),
    "person_facts_on_company": _("A company with facts of a person"),
    "name_looks_made_up": _("A name that looks made up"),
    "date_in_future": _("A date in the future"),
    "date_before_1949": _("A date before 1949"),
    "zero_width_removed": _("Invisible characters that were removed"),
    "full_width_converted": _("Letters or digits of full width, stored in the usual width"),
    "spaces_unified": _("Unusual spaces or line breaks, stored as plain spaces"),
    "characters_composed": _("Accents written apart from their letters, stored together"),
}

WRITTEN: Words = {
    "customers": _("Customer files opened"),
    "versions": _("Statements about customers"),
    "products": _("Products"),
    "invoices": _("Invoices and credit notes"),
    "invoice_lines": _("Lines of invoices"),
    "orders": _("Orders"),
    "order_lines": _("Lines of orders"),
    "deliveries": _("Deliveries"),
    "delivery_lines": _("Lines of deliveries"),
    "payments": _("Payments"),
    "allocations": _("Payments and credit notes matched to invoices"),
    "payments_waiting": _("Payments whose invoice was not there when they came in"),
    "payments_over": _("Payments of more than was open when they came in"),
    "payments_other_currency": _("Payments in another currency than their invoice"),
    "payments_of_unknown": _("Payments whose customer was not known when they came in"),
    "contacts": _("Contacts"),
    "cases": _("Cases"),
    "surveys": _("Surveys"),
    "invitations": _("Invitations to surveys"),
    "answers": _("Answers to surveys"),
    "promotions": _("Promotions"),
    "targets": _("Customers of promotions"),
    "contracts": _("Contracts"),
}

WHY: Words = {
    "synonym": _("by its name"),
    "similar_name": _("by a similar name"),
    "content": _("by what is in it"),
}


def field_word(kind: str, name: str) -> str:
    """Return the word for a field of a kind of rows."""
    return str(FIELDS.get(f"{kind}.{name}", FIELDS.get(name, name)))


def choice_word(code: str, value: str, params: Mapping[str, str] | None = None) -> str:
    """Return the word for a possible answer; text of the file stands for itself.

    :param params: of the question.
    """
    if code == "encoding_unclear" and value == "utf-8" and params and "bytes" in params:
        return f"UTF-8 · {DAMAGED % params}"
    if f"{code}:{value}" in CHOICES:
        return str(CHOICES[f"{code}:{value}"])
    if code.startswith("header_") and value.isdigit():
        return str(HEADER_LINE) % {"line": value}
    if code == "kind_unclear":
        return str(KINDS.get(value, value))
    return str(CHOICES.get(value, value))
