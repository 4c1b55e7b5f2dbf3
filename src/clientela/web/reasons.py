"""Reasons in words, in the reader's language. A test finds every code that the product uses."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientela.kernel.reasons import Reason
from clientela.web import formats, words
from clientela.web import import_reasons as imports

_DAYS = ("day", "last", "near")  # parameters that are days, in ISO

SENTENCES: dict[str, str | Promise] = {
    # what one may not do, or not see
    "not_found": _("There is nothing here that you can see."),
    "not_permitted": _("Your roles do not allow this."),
    "act_not_permitted_here": _("Your roles allow this in other places, and not here: %(act)s."),
    "act_not_permitted": _("Your roles do not allow this: %(act)s."),
    "acts_not_permitted": _("Your roles do not allow this. It takes one of: %(acts)s."),
    "balance_has_no_from": _("%(analysis)s: a balance on one day, so there is no first day to choose."),
    "download_of_groups_only": _("What your role takes away, as a file, by a program or on a terminal, holds groups of customers, not a row for each. Ask by one of these: %(choices)s. The rows are read on the page."),
    "download_of_standing_only": _("What your role takes away is taken over every source with the usual settings. Clear the source and the changed settings first."),
    "token_not_for_act": _("This token was not made for this: %(act)s. Your roles allow it."),
    "token_not_for_acts": _("This token was not made for this. It takes one of these, which your roles allow: %(acts)s."),
    "totals_only": _("Your role sees totals and groups, not single customers."),
    "totals_of_standing_only": _("Your role sees figures over every source with the usual settings. Clear the source and the changed settings first."),
    "class_not_revealed": _("Your roles may not reveal this kind of value (%(field_class)s)."),
    "not_for_oneself": _("You cannot do this to your own account."),
    "proposer_cannot_approve": _("You proposed this, so somebody else has to approve it."),
    "own_rights_cannot_be_approved": _("You cannot approve rights for yourself."),
    "roles_conflict": _("The roles %(role)s and %(other)s may not be held by one person."),
    "already_approved": _("This was approved already."),
    "branch_not_reached": _(
        "No branch that you may work on has this code. A row names a branch by its code, or by its title where only one has it."
    ),
    # what cannot be read
    "request_not_understood": _("The request could not be understood."),
    "csrf_token_missing": _(
        "A write with the session of a page carries its token in the header X-CSRFToken; a program signs in with a token of its own."
    ),
    "form_expired": _("This form is out of date. Go back, reload the page and send it again."),
    "too_many_requests": _("There were too many attempts. Wait a few minutes and try again."),
    "credentials_wrong": _("The user name or the password is not right."),
    "cursor_invalid": _("This page of the list does not exist. Start from the first page."),
    "row_not_named": _("The address does not say of which row these are the documents. Open the analysis and press Documents behind in that row."),
    "cursor_of_another_order": _("The order of the list changed. Start from the first page."),
    "filter_unknown": _("There is no filter named %(field)s."),
    "parameter_given_twice": _("%(field)s is given more than once. Give it once."),
    "filter_value_unknown": _("This value is not possible for the filter %(field)s."),
    "value_not_a_choice": _("%(field)s takes one of: %(choices)s."),
    "filter_not_allowed": _("Your roles do not allow the filter %(field)s."),
    "order_unknown": _("There is no column %(order)s to sort by. Sort by the heads of the table."),
    "order_not_allowed": _("This list cannot be sorted that way by your roles."),
    "value_missing": _("Fill in this field."),
    "value_not_a_date": _("This is not a date. Write it as year-month-day: 2026-05-31."),
    "value_not_a_number": _("This is not a number."),
    "value_not_an_amount": _("This is not an amount. Write it as 1234.50 or 1234,50."),
    "value_not_storable": _("This value is too long or holds characters that cannot be kept."),
    "field_unknown": _("This form has no field %(field)s. Nothing was changed."),
    "view_name_invalid": _("Give the view a name of up to 80 characters."),
    "too_many_views": _("You have %(most)s saved views of this list. Delete one first."),
    # customers and sources
    "customer_kind_unknown": _("There is no such kind of customer: %(kind)s. There are: %(known)s."),
    "customer_needs_kind_and_name": _("A customer needs a name, and is a company or a person."),
    "customer_taken_back": _("All that was known of this customer was taken back. Import it again."),
    "customer_was_merged": _("This file was merged into another one. Open that one."),
    "date_in_the_past": _("This date is over. Leave it empty to begin now."),
    "date_in_the_future": _("This date is in the future."),
    "date_too_early": _("This date lies before 1900; check its year."),
    "desk_record_elsewhere": _(
        "What is typed for this customer would be written into another customer's file, where its "
        "record in the source desk is linked. Nothing was saved. Tell a system administrator."
    ),
    "value_changed_meanwhile": _(
        "Somebody changed this while the page was open, and nothing was saved. Save again to put "
        "your value in its place."
    ),
    "form_not_of_this_page": _(
        "It cannot be told what this page had shown you, so nothing was saved. Open the page again "
        "and enter your changes there; they still stand below."
    ),
    "nothing_changed": _("Nothing was changed."),
    "attribute_has_one_value": _("%(field)s has one value. Give it without “#” and a name."),
    "item_name_invalid": _(
        "“%(given)s” is no name for one of several. A name has 1 to %(most)s letters, blanks, “-”, “_” or “.”, at most %(digits)s digits among them, and no blank at its ends."
    ),
    "removed_and_typed": _("A value is typed here and “Remove” is ticked. Leave one of them."),
    "item_stands_already": _("There is one called “%(given)s” already. Change it in its own field, or choose another name."),
    "attribute_unknown": _("There is no such field for this kind of customer: %(field)s."),
    "attribute_not_set_here": _(
        "This cannot be changed here: %(field)s. A file of customers says it in a column, of those "
        "that came with a file. Of one that was opened by hand it cannot be changed yet."
    ),
    "source_not_found": _("There is no source %(source)s that you can see."),
    "source_name_invalid": _(
        "A source's name has only Latin letters without accents (a to z), digits, - and _, and at most 60 of them."
    ),
    "source_name_kept": _(
        "%(name)s is kept for what people type. Give the source of an import another name."
    ),
    "run_placed_elsewhere": _(
        "This import put customers where you may not work, so you cannot take it back. Ask a data steward who works there too."
    ),
    "run_of_others": _(
        "Somebody else brought this import, and it holds documents of customers whom you do not reach. Ask a data steward who reaches them too."
    ),
    "source_name_taken": _("There is a source named %(name)s already."),
    "trust_out_of_range": _("Trust is a whole number from 0 to 100."),
    "pair_of_one": _("A record cannot be set apart from itself."),
    "records_set_apart": _("Somebody said that these records are not the same party."),
    "accounts_unknown": _("%(rows)s rows name a customer that their source does not know."),
    "answers_unfit": _("%(rows)s answers fit no question of a survey that was sent."),
    "survey_without_questions": _("A survey needs a question."),
    "survey_question_unfit": _("This question of the survey is not complete: %(question)s."),
    # people and rights
    "user_unknown": _("There is no active user named %(user)s."),
    "username_invalid": _("A user name has up to 80 characters and no spaces."),
    "username_taken": _("The user name %(username)s is taken."),
    "time_zone_unknown": _("There is no such time zone."),
    "preference_unknown": _("There is no such language or appearance."),
    "link_needs_an_active_person": _("Only an active person can be given a sign-in link."),
    "no_second_factor_to_reset": _("This user has no second factor that could be taken away."),
    "no_password_to_reset": _(
        "This user has no password yet. An administrator makes the first link without a request."
    ),
    "password_link_takes_two": _(
        "This user has a password. Another link takes two people: ask for it with a reason, and a security officer confirms."
    ),
    "user_is_shut_out": _("This user is shut out."),
    "password_link_made": _("Give it to this person alone. It works once, for half an hour."),
    "factor_reset_needs_a_reason": _("Give a reason, of up to 400 characters."),
    "factor_reset_was_asked_already": _("Somebody asked for this already. It waits for confirmation."),
    "factor_reset_is_over": _("This request is more than a day old. Ask again."),
    "factor_reset_done": _("The second factor is gone, and every session with it."),
    "nobody_else_to_confirm": _(
        "No security officer beside %(user)s could confirm this. Let an administrator ask for it "
        "on the page of %(user)s under Users; this command then confirms it."
    ),
    "factor_reset_waits": _("The request was made. A security officer confirms it on the pages."),
    "office_is_held": _("%(user)s holds the role %(role)s. Change it on the pages, by two people."),
    "offices_vacant": _("Nobody can give rights here yet. Name two people, one for each: %(command)s"),
    "links_set_the_password": _(
        "Give each person the own link: it sets the first password, once, within three days. "
        "Somebody without a link signs in with the password that is there."
    ),
    "office_passed_on": _("%(user)s was named before and set no password: %(now)s stands in that place now."),
    "role_unknown": _("There is no role %(role)s."),
    "node_unknown": _("There is no such place in the organisation."),
    "grant_period_invalid": _("A role is given for %(days)s days at most, and ends after it begins."),
    "grant_exists": _("This person has this role there already in that time."),
    "node_does_not_stand_there": _(
        "%(kind)s cannot stand under %(parent)s. Companies stand under the group, sales regions "
        "under a company, branches under a company or a sales region, teams under a branch."
    ),
    "company_needs_currency": _("A company needs a currency for its books."),
    "currency_is_of_a_company": _("Only a company has a currency of its own. Leave this empty."),
    "node_code_invalid": _(
        "A code of a place has letters and digits of any script, blanks, “-”, “_”, “.” or “/”."
    ),
    "node_code_taken": _("The code %(code)s is taken."),
    "node_needs_code_and_name": _("A place needs a code and a name."),
    "place_changed_meanwhile": _("Somebody changed this place meanwhile. Look at it again."),
    "currency_is_booked": _(
        "Amounts of documents are kept here in %(currency)s. It stays."
    ),
    "acts_unknown": _("Choose what the token may do. Not known: %(acts)s."),
    "acts_of_persons": _("No program may hold these rights: %(acts)s. A person signs in for them. Propose the token without them."),
    "reveal_is_for_persons": _("No program is shown a value of this kind. A person signs in and reveals it on the page, for a case."),
    "token_period_invalid": _("A token lasts %(days)s days at most."),
    "token_needs_a_service_account": _("A token acts as a service account, never as a person."),
    "token_not_to_issue": _("This token is not approved, was shown already, or is revoked."),
    "purpose_unknown": _("Choose what you need the value for: %(known)s."),
    "class_needs_a_case": _("A value of this kind (%(field_class)s) is shown for a case alone: begin the note with its number, written like %(like)s."),
    "purpose_needs_a_note": _("This purpose asks for a note: a case number or a reason."),
    # programs
    "not_signed_in": _("Sign in, or send a token."),
    "token_not_in_force": _("This token is not known, is over or was revoked."),
    "idempotency_key_invalid": _("The header Idempotency-Key takes 1 to %(most)s printable characters."),
    "idempotency_key_missing": _("Send the header Idempotency-Key with every write."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request."),
    "request_at_work": _("The first request with this key is still at work. Try again shortly."),
    "body_not_json": _("The body of the request is not JSON."),
    "content_type_not_supported": _("Send the body as application/json, a file as a form."),
    "request_too_large": _("The request is larger than is taken."),
    "address_takes_forms_alone": _("This address takes what a form sends, and shows nothing."),
    "method_not_allowed": _("There is no such method at this address."),
    "database_not_answering": _("The database does not answer. Nothing was changed. Try again shortly."),
    "request_failed": _("Something went wrong here, and is in the log. Nothing was changed."),
    "second_factor_missing": _("Your roles need a second factor. Set one up on the pages."),
    "field_invalid": _("%(field)s cannot be read."),
    "field_too_long": _("%(field)s takes at most %(most)s characters."),
    "field_not_a_decimal": _("%(field)s is written in digits, with a point: 0.9215."),
    "field_missing": _("%(field)s is missing."),
    "field_not_a_text": _("%(field)s is a text."),
    "field_not_a_number": _("%(field)s is a whole number."),
    "field_not_a_yes_or_no": _("%(field)s is true or false."),
    "field_not_a_date": _("%(field)s is a day, written as 2026-05-31."),
    "field_not_an_instant": _("%(field)s is an instant with its zone: 2026-05-31T12:00:00Z."),
    "field_not_an_object": _("%(field)s is an object of names and values."),
    "field_not_a_list": _("%(field)s is a list."),
    "value_is_not_masked": _("This value is shown already: %(field)s."),
    # analyses
    "question_invalid": _("The analysis cannot be asked that way."),
    "parameter_unknown": _("There is no parameter %(parameter)s here. There are: %(known)s."),
    "parameters_none": _("There is no parameter %(parameter)s here: it has none."),
    "sales_region_unknown": _("There is no sales region %(region)s. There are: %(known)s."),
    "parameter_not_a_number": _("%(field)s takes a whole number."),
    "parameter_not_a_choice": _("%(field)s takes one of: %(choices)s."),
    "class_ends_before": _("Class B ends at %(b)s %%, before class A does at %(a)s %%. Let A end first."),
    "parameter_out_of_range": _("%(field)s lies between %(least)s and %(most)s."),
    "period_reversed": _("The period begins on %(begins)s, after its last day, %(ends)s."),
    "day_out_of_range": _("This day lies too early or too late. Ask for another one."),
    # what the company sets
    "value_out_of_range": _("Choose a value between %(least)s and %(most)s."),
    "parameter_holds_already": _("This is the value that holds then. Choose another."),
    "parameter_not_under": _("This has to be under %(against)s, which is %(limit)s. Choose a smaller value, or have that one raised first."),
    "parameter_not_over": _("This has to be over %(against)s, which is %(limit)s. Choose a greater value, or have that one lowered first."),
    "parameter_was_proposed_already": _("A value for this waits for approval already. Withdraw or decline that one first."),
    "parameter_day_not_to_come": _("Choose a day to come, within a year; leave it empty for a value that holds once it is approved."),
    "parameter_proposal_is_over": _("This proposal has lapsed. Propose the value anew."),
    "parameter_proposal_is_decided": _("Somebody else was faster: this proposal was approved, declined or withdrawn already."),
    "parameter_is_not_as_shown": _("This is not what the page showed. Look at the proposal again before you approve it."),
    "parameter_was_changed_since": _("The value that this was to replace was changed since. Decline this and propose it anew."),
    "one_of_two_signs_in": _("This was proposed at the command line, so it is approved on the pages, by somebody who signs in."),
    "proposal_needs_a_reason": _("Give a reason, of up to 400 characters."),
    "copy_not_ready": _("The figures are being made ready. Try again in a minute."),
    "rate_missing": _(
        "Exchange rates are missing (documents without one: %(documents)s). A data steward or a credit manager enters them under Exchange rates; over one source in one currency none is needed."
    ),
    "rates_on_their_way": _(
        "The exchange rates that were missing have been entered. The figures follow within minutes: try again then."
    ),
    "rate_missing_on": _("No exchange rate of %(currency)s is in force on %(day)s: there is none of that day or of the seven before. A data steward or a credit manager enters it under Exchange rates; or ask for another day. Over one source in one currency none is needed."),
    "rates_ended": _("The newest exchange rate of %(currency)s is of %(last)s and no longer in force on %(day)s: a rate holds for its day and the seven after. A data steward or a credit manager enters newer ones under Exchange rates; or ask for an earlier day. Over one source in one currency none is needed."),
    "rates_need_base": _("The group has no currency yet, in which rates could be given. Say it under Organisation, or bring documents in first."),
    "rate_currency_unknown": _("This is no currency: write its three letters, as in EUR."),
    "rate_not_in_base": _("Rates are given in the currency of the group, %(base)s: what one unit of another currency is worth in it."),
    "rate_of_base": _("%(base)s is the currency of the group, so it needs no rate."),
    "rate_out_of_range": _("A rate is greater than zero and has at most ten digits before and ten after the point."),
    "rate_far_from_others": _("One %(currency)s is said to be worth %(rate)s on %(day)s, and %(other)s on %(near)s: that is more than a tenth away. Look at it again; if it is right, say so."),
    "rate_in_the_future": _("This day is still to come, so its rate is not known."),
    "rate_given_twice": _("Another rate of %(currency)s for %(day)s was given before it."),
    "rates_file_unclear": _("It is not clear how this file is to be read. Save it with one sheet, or as CSV in UTF-8, with one line of column names: day, from, to, rate."),
    "rates_file_too_long": _("A file of rates has at most %(most)s rows. Divide it."),
    "rates_column_twice": _("Two columns of the file say the same: %(column)s. Keep one of them."),
    "rates_days_unclear": _("The order of day and month in the column %(column)s is not clear. Write days as year-month-day: 2026-05-31."),
    # the demo company
    "demo_serves_this_machine_only": _("A demo company is served to this machine only, not %(host)s."),
    "demo_needs_an_empty_database": _("The demo company is loaded only into an empty database."),
    "demo_was_broken_off": _(
        "Loading the demo company was broken off, and half of it stands in %(where)s. Remove that, or name another data folder or database."
    ),
    "package_missing": _("This needs a package that is not installed: %(extra)s."),
    # imports
    "rows_go_to_who_brought_them": _("Rejected rows are given back to who brought the file."),
    "import_interrupted": _("The database stopped answering during the import. What was brought by then stays: give the command again, and it goes on."),
    "run_is_worked_at": _("This import is being worked on. Wait until that is over."),
    "run_is_being_stopped": _("The import is being stopped; what was loaded is taken back."),
    "run_cancelled": _("This import was cancelled."),
    "run_cannot_be_taken_back": _("This import cannot be taken back now (%(state)s)."),
    "run_asks_nothing": _("This import asks no questions now (%(state)s)."),
    "run_has_no_mapping": _("This import has no mapping yet."),
    "trial_has_no_source": _(
        "The source of this trial, %(name)s, does not exist. Import the file first."
    ),
    "run_is_not_ready": _("This import is not ready (%(state)s)."),
    "run_cannot_be_cancelled": _("This import cannot be cancelled now (%(state)s)."),
    "mapping_name_invalid": _("A mapping cannot be named “%(name)s”: its name has letters, digits, - and _ alone, no blanks, and at most 60 of them."),
    **imports.FILES,
    **imports.ROWS,
}  # fmt: skip


# What speaks of the names in a form as they were sent, not of what they stand for on a page.
_OF_FORMS = frozenset(("field_unknown", "field_missing"))


def sentence(reason: Reason) -> str:
    """Return the sentence for a reason. Raises KeyError for an unknown code."""
    plain = reason.code in _OF_FORMS
    return str(SENTENCES[reason.code]) % (reason.params if plain else _spoken(reason.params))


def sentences(reasons: Iterable[Reason]) -> list[str]:
    """Return a sentence for each reason; of those that differ in the currency alone, one for all."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for one in reasons:
        rest = tuple(sorted(item for item in one.params.items() if item[0] != "currency"))
        alike.setdefault((one.code, rest), []).append(one.params.get("currency", ""))
    return [
        sentence(Reason(code=code, params={**dict(rest), "currency": ", ".join(currencies)}))
        for (code, rest), currencies in alike.items()
    ]


def told(code: str, params: Mapping[str, str]) -> str:
    """Return the sentence for a stored reason, without parameters that were not kept.

    A reason of another release is shown by its code.
    """
    try:
        return sentence(Reason(code=code, params=params))
    except (KeyError, ValueError, TypeError):
        return str(imports.SHARED.get(code, code))


def _spoken(params: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters with codes of acts, roles, kinds and fields in words, and days too; of
    a fault within a fault (`why`), its sentence."""
    spoken = {
        name: formats.day(str(value)) if name in _DAYS else words.of_param(name, str(value))
        for name, value in params.items()
    }
    if "why" in params:
        rest = {name: value for name, value in params.items() if name != "why"}
        spoken["why"] = told(params["why"], rest)
    return spoken
