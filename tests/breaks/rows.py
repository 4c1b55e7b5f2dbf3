"""The breaks of rows: what comes in, how often, and whether every one is accounted for."""

from tests.breaks.break_ import Break

ROWS = (
    Break(
        name="a-new-key-is-looked-for-among-all-keys",
        file="src/clientela/intake/services/accounts.py",
        old="          where r.folded = {{0}} and r.source_id + 0",
        new="          where lower(r.folded) = {{0}} and r.source_id + 0",
        red="tests/intake/test_keys_alike.py::"
        "test_a_new_key_is_looked_up_and_not_all_keys_of_the_source",
        quick=False,
    ),
    Break(
        name="progress-is-committed-apart-from-its-rows",
        file="src/clientela/intake/services/staging.py",
        old='                run.save(update_fields=["state", "staged", "flagged", "staging_key"])\n'
        "            yield",
        new='            with system_context("progress of an import"):\n'
        '                run.save(update_fields=["state", "staged", "flagged", "staging_key"])\n'
        "            yield",
        red="tests/intake/test_interrupted.py::test_a_run_that_dies_at_a_statement_ends_like_one_that_did_not",
    ),
    Break(
        name="a-person-of-a-sale-stands-open",
        file="src/clientela/intake/services/opening.py",
        old="Statement(key=key, kind=kind, attributes=attributes)",
        new='Statement(key=key, kind="company", attributes=attributes)',
        red="tests/intake/test_customer_kinds.py::TestPersonOfAFileOfSales::"
        "test_has_a_sealed_name_like_one_of_a_file_of_customers",
        quick=False,
    ),
    Break(
        name="invoices-of-one-number-are-added-up",
        file="src/clientela/intake/services/units.py",
        old='    "invoices": "case when count(*) > 1 then',
        new='    "invoices": "case when false then',
        red="tests/intake/test_invoices_given_twice.py::TestRowsThatDiffer::test_are_both_refused_and_shown",
        quick=False,
    ),
    Break(
        name="a-batch-is-loaded-apart-from-its-progress",
        file="src/clientela/intake/services/loading.py",
        old='            run.loaded = upto\n            run.save(update_fields=["loaded", "written", "state"])\n',
        new='        with system_context("progress of an import"):\n'
        "            run.loaded = upto\n"
        '            run.save(update_fields=["loaded", "written", "state"])\n',
        red="tests/intake/test_interrupted.py::test_a_run_that_dies_at_a_statement_ends_like_one_that_did_not",
        quick=False,
    ),
    Break(
        name="an-invoice-that-comes-later-finds-no-payment",
        file="src/clientela/trade/services/documents.py",
        old="    allocated += settle(_TO_SETTLE, params, at=at)\n",
        new="",
        red="tests/intake/test_settled_by_number.py::"
        "test_a_credit_note_is_one_and_names_the_invoice_that_stands",
        quick=False,
    ),
    Break(
        name="what-a-cancelled-run-has-loaded-stays",
        file="src/clientela/intake/services/breaking_off.py",
        old="    if run.state == Run.State.LOADING:\n        undone",
        new="    if run.state == Run.State.DONE:\n        undone",
        red="tests/intake/test_cancelled.py::TestCancelled::test_while_it_loads_takes_back_what_was_loaded",
        quick=False,
    ),
    Break(
        name="a-trial-leaves-a-source-behind",
        file="src/clientela/records/services/sources.py",
        old="        if trial:\n",
        new="        if trial and not name:\n",
        red="tests/intake/test_runs.py::TestTrial::test_for_a_new_source_makes_none",
        quick=False,
    ),
    Break(
        name="a-row-counts-under-its-first-fault-alone",
        file="src/clientela/intake/selectors/report.py",
        old="array_prepend(r.code, string_to_array(nullif(r.params ->> 'others', ''), ', '))",
        new="array[r.code]",
        red="tests/intake/test_runs.py::TestReasons::test_count_a_row_under_each_of_its_faults",
        quick=False,
    ),
    Break(
        name="a-sign-of-another-currency-than-its-row-is-dropped",
        file="src/clientela/intake/mapping/typer.py",
        old="if said and currency not in said:",
        new="if said and not currency:",
        red="tests/intake/test_signs.py::TestTheSignOfAnAmount::"
        "test_keeps_out_the_rows_of_another_currency_and_no_others",
    ),
    Break(
        name="a-cell-that-spans-rows-moves-the-ones-below",
        file="src/clientela/intake/reading/html_tables.py",
        old="table.spans |= {at + n: table.down for n in range(table.across)}",
        new="table.spans = {}",
        red="tests/intake/test_bad_files.py::test_a_bad_file_ends_as_its_case_says"
        "[S31-spanning-cell-answered]",
    ),
    Break(
        name="a-number-like-a-known-one-is-another-customer",
        file="src/clientela/intake/services/accounts.py",
        old="          where r.folded = {{0}} and r.source_id + 0",
        new="          where false and r.folded = {{0}} and r.source_id + 0",
        red="tests/intake/test_keys_alike.py::TestKeysThatDifferOnlyInHowTheyAreWritten::"
        "test_like_one_that_the_source_knows_are_set_aside",
        quick=False,
    ),
    Break(
        name="signs-of-money-are-no-sign-of-utf-8",
        file="src/clientela/intake/reading/encodings.py",
        old="    if not found.invalid_utf8 and _reads_well(found):",
        new="    if found.invalid_utf8 and _reads_well(found):",
        red="tests/intake/test_few_signs.py::test_a_file_of_sales_in_pounds_comes_in_unasked",
    ),
    Break(
        name="who-was-edited-since-a-large-import-is-sought-in-it",
        file="src/clientela/records/selectors/edited.py",
        old="query = _FROM_RUN if versions <= FEW else _FROM_TYPED",
        new="query = _FROM_RUN if versions else _FROM_TYPED",
        red="tests/api/test_edited_reads.py::TestWhoWasEditedSince::"
        "test_is_told_by_the_command_by_few_rows",
        quick=False,
    ),
    Break(
        name="who-was-edited-since-an-import-is-not-named",
        file="src/clientela/records/selectors/edited.py",
        old="v.known_at >= %(since)s",
        new="v.known_at < %(since)s",
        red="tests/api/test_edited_since.py::TestTakingAnImportBack::"
        "test_names_the_customers_that_were_edited_since_and_overwrites_none",
        quick=False,
    ),
    Break(
        name="a-rejected-row-is-dropped",
        file="src/clientela/intake/mapping/typer.py",
        old="aside = [_from_fault(fault, self._header) for fault in batch.faults]",
        new="aside = [_from_fault(fault, self._header) for fault in batch.faults[1:]]",
        red="tests/intake/test_bad_files.py::test_a_bad_file_ends_as_its_case_says",
        quick=False,
    ),
    Break(
        name="a-row-set-aside-is-not-kept",
        file="src/clientela/intake/services/staging.py",
        old="    reject(run, rejected)\n",
        new="    reject(run, rejected[1:])\n",
        red="tests/intake/test_interrupted.py::test_a_run_that_dies_at_a_statement_ends_like_one_that_did_not",
        quick=False,
    ),
    Break(
        name="the-same-file-again-is-loaded-again",
        file="src/clientela/intake/services/receiving.py",
        old="    states = (Run.State.DONE,) if dry_run else (Run.State.DONE, *GOING_ON)\n",
        new="    states = (Run.State.DONE,) if dry_run else GOING_ON\n",
        red="tests/web/test_imports.py::TestNewImport::test_of_the_same_file_again_changes_nothing",
        quick=False,
    ),
    Break(
        name="a-number-may-hold-underscores",
        file="src/clientela/intake/grammar/numbers.py",
        old='whole = rf"\\d{{1,3}}(?:{re.escape(grouping)}\\d{{3}})+|\\d+"',
        new='whole = rf"\\d{{1,3}}(?:{re.escape(grouping)}\\d{{3}})+|[\\d_]+"',
        red="tests/intake/test_bad_files.py::test_a_bad_file_ends_as_its_case_says[M07-underscore-csv-first]",
    ),
    Break(
        name="nan-is-a-number",
        file="src/clientela/intake/grammar/numbers.py",
        old='        return reason("not_finite")\n',
        new="        return Decimal(0)\n",
        red="tests/intake/test_bad_files.py::test_a_bad_file_ends_as_its_case_says[M06-nan-csv-first]",
        quick=False,
    ),
    Break(
        name="what-commits-late-is-lost-to-the-copy",
        file="src/clientela/warehouse/pull.py",
        old='" pg_snapshot_xmin(pg_current_snapshot())::text"',
        new='" pg_snapshot_xmax(pg_current_snapshot())::text"',
        red="tests/library/test_refresh.py::TestRefresh::test_loses_no_transaction_that_commits_late",
    ),
    Break(
        name="our-mark-stays-on-a-cell",
        file="src/clientela/intake/mapping/converters.py",
        old="cell = restored(cell)",
        new="cell = str(cell)",
        red="tests/intake/test_round_trip.py::TestPayload::test_comes_back_as_it_was",
        quick=False,
    ),
    Break(
        name="what-is-staged-stands-in-plain",
        file="src/clientela/intake/services/at_rest.py",
        old="if run.staging_key is None and not run.staged:",
        new="if False:",
        red="tests/intake/test_plain_nowhere.py::TestDataFolder::"
        "test_holds_of_a_person_the_name_alone_after_an_import",
        quick=False,
    ),
    Break(
        name="a-staged-row-stands-in-plain-as-it-came",
        file="src/clientela/intake/services/staging.py",
        old='seal.shut(row_no, "raw", batch.raw(raws[row_no]))',
        new="batch.raw(raws[row_no])",
        red="tests/intake/test_plain_nowhere.py::TestDataFolder::"
        "test_holds_the_same_of_a_run_that_was_cancelled_and_of_one_that_failed",
        quick=False,
    ),
    Break(
        name="the-key-of-staged-rows-outlives-the-run",
        file="src/clientela/intake/services/keeping.py",
        old='run.file_path, run.staging_key = "", None',
        new='run.file_path = ""',
        red="tests/intake/test_plain_nowhere.py::TestDataFolder::"
        "test_holds_no_key_of_the_staged_rows_when_the_run_has_ended",
        by=("IntegrityError",),
        quick=False,
    ),
    Break(
        name="a-file-that-is-read-lies-open-under-a-name",
        file="src/clientela/intake/services/keeping.py",
        old="    copy.unlink()\n    return reached",
        new="    return reached",
        red="tests/intake/test_at_rest.py::TestReceivedFile::"
        "test_leaves_no_copy_behind_a_process_that_was_killed",
        quick=False,
    ),
    Break(
        name="an-import-is-cancelled-while-another-writes-to-its-source",
        file="src/clientela/intake/services/breaking_off.py",
        old='    run = held_with_its_source(access, public_id, act="import.run")\n',
        new="    from clientela.intake.selectors import run_by_public_id\n\n"
        '    run = run_by_public_id(access, public_id, act="import.run", lock=True)\n',
        red="tests/intake/test_beside_each_other.py::"
        "test_is_cancelled_behind_the_batch_of_another_and_leaves_what_that_says",
        quick=False,
    ),
    Break(
        name="a-batch-of-sales-does-not-hold-its-source",
        file="src/clientela/intake/services/loading.py",
        old='        with system_context("opening accounts of an import"), running(run, writing=True):\n',
        new='        with system_context("opening accounts of an import"), running(run):\n',
        red="tests/intake/test_beside_each_other.py::"
        "test_is_cancelled_behind_the_batch_of_another_and_leaves_what_that_says",
        quick=False,
    ),
    Break(
        name="a-name-that-another-import-gave-meanwhile-is-written-over",
        file="src/clientela/intake/services/loading.py",
        old="        leave_out_customers(run, reach, upto)\n",
        new="",
        red="tests/intake/test_beside_each_other.py::TestFilesOfCustomersCheckedAtOnce::"
        "test_set_aside_a_name_that_the_other_gave_otherwise",
        quick=False,
    ),
    Break(
        name="what-is-written-late-is-dated-early",
        file="src/clientela/records/services/moments.py",
        old="    if not ids:\n",
        new="    if ids or not ids:\n",
        red="tests/intake/test_beside_each_other.py::TestWhoBeganBefore::"
        "test_takes_back_what_it_brought_and_no_more",
        quick=False,
    ),
    Break(
        name="a-file-is-worked-on-as-it-was",
        file="src/clientela/records/services/desk.py",
        old="    return Customer.objects.select_for_update().get(pk=customer.pk)\n",
        new="    return customer\n",
        red="tests/records/test_two_at_once.py::"
        "test_a_file_that_is_emptied_meanwhile_is_not_worked_on",
        quick=False,
    ),
    Break(
        name="a-branch-that-nobody-knows-is-none",
        file="src/clientela/intake/services/places.py",
        old="            if value is not None and find(places, value) is None:",
        new="            if value is None and find(places, value) is None:",
        red="tests/intake/test_named_places.py::TestAFileOfCustomers::"
        "test_says_nothing_of_what_it_cannot_name",
        quick=False,
    ),
    Break(
        name="an-account-manager-may-be-of-anywhere",
        file="src/clientela/intake/services/places.py",
        old="any(path.startswith(top) for path in paths)",
        new="top",
        red="tests/intake/test_named_places.py::TestAFileOfCustomers::"
        "test_names_no_account_manager_who_reads_no_customers_here[stranger]",
        quick=False,
    ),
    Break(
        name="a-customer-of-another-branch-is-taken-by-its-number",
        file="src/clientela/intake/services/running.py",
        old="                set_unreached_aside(run, reach)",
        new="                pass",
        red="tests/intake/test_out_of_reach.py::TestARowOfACustomerOutOfReach::"
        "test_is_told_the_same_whether_its_name_differs_or_not[True]",
    ),
    Break(
        name="a-customer-who-was-moved-is-written-all-the-same",
        file="src/clientela/intake/services/meanwhile.py",
        old="    leave_out_unreached(run, reach, upto)\n",
        new="",
        red="tests/intake/test_out_of_reach.py::TestACustomerWhoIsMovedWhileAFileWaits::"
        "test_is_left_alone_when_it_is_loaded",
        quick=False,
    ),
    Break(
        name="a-customer-is-moved-between-decision-and-write",
        file="src/clientela/intake/services/unreached.py",
        old="order by c.id for update",
        new="order by c.id",
        red="tests/intake/test_out_of_reach.py::TestACustomerWhoIsMovedWhileAFileWaits::"
        "test_is_held_from_the_decision_on",
        quick=False,
    ),
    Break(
        name="sales-tell-whether-the-name-of-an-unseen-customer-is-right",
        file="src/clientela/intake/services/accounts.py",
        old="where s.row_no > %(after)s and {REACHED}\n",
        new="where s.row_no > %(after)s\n",
        red="tests/intake/test_out_of_reach.py::TestSalesOfACustomerOutOfReach::"
        "test_are_told_the_same_whatever_name_they_give",
        quick=False,
    ),
    Break(
        name="sales-name-an-unseen-customer-in-the-end",
        file="src/clientela/intake/services/opening.py",
        old="attributes = {} if unseen else _named",
        new="attributes = _named",
        red="tests/intake/test_out_of_reach.py::TestSalesOfACustomerOutOfReach::"
        "test_name_nobody_when_all_else_is_taken_back",
        quick=False,
    ),
    Break(
        name="a-customer-is-brought-into-reach-by-taking-back",
        file="src/clientela/intake/services/taking_back.py",
        old="    _demand_what_it_placed(run, access)\n",
        new="",
        red="tests/intake/test_out_of_reach.py::TestTakingBack::test_brings_nobody_into_reach",
        quick=False,
    ),
    Break(
        name="a-file-is-of-the-desk",
        file="src/clientela/records/services/sources.py",
        old="    if code in KEPT:",
        new="    if code in KEPT and Source.objects.filter(name=code).exists():",
        red="tests/intake/test_kept_source.py::TestTheNameOfTheDesk::"
        "test_is_refused_for_any_source_of_files",
        quick=False,
    ),
    Break(
        name="a-flag-counts-rows-that-were-left-out",
        file="src/clientela/intake/services/running.py",
        old="            recount_accounts(run)\n",
        new="            pass\n",
        red="tests/intake/test_two_checked_at_once.py::TestAFlagOfCustomers::"
        "test_counts_no_row_that_was_left_out_when_it_was_loaded",
        quick=False,
    ),
    Break(
        name="each-name-is-compared-with-each",
        file="src/clientela/intake/services/accounts.py",
        old="""join lateral (select k.customer_id, k.ended_at from records_link k
              where k.source_record_id = r.id offset 0) l on l.ended_at is null
join lateral (select t.name,""",
        new="""join records_link l on l.source_record_id = r.id and l.ended_at is null
join lateral (select t.name,""",
        red="tests/intake/test_whatever_was_counted.py::TestAFileOfCustomers::"
        "test_reads_some_rows_for_each",
        quick=False,
    ),
    Break(
        name="what-came-is-looked-for-in-all-links",
        file="src/clientela/records/services/retraction.py",
        old="""    join lateral (select k.customer_id, k.ended_at from records_link k
                  where k.source_record_id = v.source_record_id offset 0) l on l.ended_at is null""",
        new="""    join records_link l on l.source_record_id = v.source_record_id and l.ended_at is null""",
        red="tests/intake/test_whatever_was_counted.py::TestAFileOfCustomers::"
        "test_reads_some_rows_for_each",
        quick=False,
    ),
)
