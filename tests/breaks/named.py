"""The breaks, by what they are against: reach, sight, traces, rows, figures, the house."""

from tests.breaks.access import ACCESS
from tests.breaks.break_ import Break

REACH = (
    Break(
        name="a-form-takes-fields-it-does-not-have",
        file="src/clientela/web/forms.py",
        old="    if foreign:\n",
        new="    if len(foreign) > 99:\n",
        red="tests/web/test_forged.py::TestForgedFields::test_are_refused_at_the_sign_in_too",
        quick=False,
    ),
    Break(
        name="a-list-forgets-its-scope",
        file="src/clientela/trade/selectors/documents.py",
        old='rows = Invoice.objects.filter(in_reach(access.reach("trade.read")), voided_at=None)',
        new="rows = Invoice.objects.filter(voided_at=None)",
        red="tests/security/test_first_wall.py::TestSelectors::test_list_the_invoices_in_reach_alone",
    ),
    Break(
        name="one-record-is-found-without-scope",
        file="src/clientela/records/selectors/customers.py",
        old="if found is None or not Customer.objects.filter(reach, pk=found.pk).exists():",
        new="if found is None or not reach:",
        red="tests/security/test_first_wall.py::TestSelectors::test_find_no_customer_out_of_reach",
        quick=False,
    ),
    Break(
        name="rejected-rows-forget-their-scope",
        file="src/clientela/intake/selectors/__init__.py",
        old='return RejectedRow.objects.filter(in_reach(access.reach("import.read")), run=run)',
        new="return RejectedRow.objects.filter(run=run)",
        red="tests/security/test_first_wall.py::TestImports::test_of_another_branch_are_not_there",
        quick=False,
    ),
    Break(
        name="an-analysis-is-asked-without-scope",
        file="src/clientela/analysis/services/tables.py",
        old="with open_session().scoped(scope_of(access, act)) as session:",
        new="with open_session() as session:",
        red="tests/web/test_analyses.py::TestAnswer::test_reads_only_tables_of_what_the_reader_reaches",
        quick=False,
    ),
    Break(
        name="a-held-answer-forgets-whose-it-is",
        file="src/clientela/analysis/services/worked.py",
        old="return _name(copied, asdict(scope_of(access)), question, base_currency()), snapshot.number",
        new="return _name(copied, question, base_currency()), snapshot.number",
        red="tests/web/test_worked.py::TestAnswersHeld::test_are_each_readers_own",
        quick=False,
    ),
    Break(
        name="an-ended-right-is-worked-for-ahead",
        file="src/clientela/analysis/services/ahead.py",
        old='    access.demand("analysis.run")\n',
        new="",
        red="tests/web/test_ahead.py::TestAnswersAhead::test_give_nothing_to_a_right_that_ran_out",
        quick=False,
    ),
    Break(
        name="a-copy-session-shows-foreign-rows",
        file="src/clientela/warehouse/session.py",
        old="if contract.is_scoped and not scope.all:",
        new="if contract.is_scoped and not scope.all and scope.owner_id is not None:",
        red="tests/library/test_session.py::TestScope::test_shows_no_rows_to_who_has_neither_node_nor_customers",
        quick=False,
    ),
    Break(
        name="a-copy-session-shows-every-class",
        file="src/clientela/warehouse/session.py",
        old="if column.field_class in scope.classes and name in table.columns",
        new="if name in table.columns",
        red="tests/library/test_session.py::TestScope::test_drops_columns_above_the_class",
    ),
    Break(
        name="the-engine-is-not-locked",
        file="src/clientela/warehouse/engines.py",
        old='        "SET enable_external_access = false",\n',
        new="",
        red="tests/library/test_session.py::TestCopySession::test_may_touch_nothing_outside_the_copy",
        quick=False,
    ),
    Break(
        name="set-instead-of-set-local",
        file="src/clientela/store/context.py",
        old="set_config('clientela.sees_all', %s, true)",
        new="set_config('clientela.sees_all', %s, false)",
        red="tests/security/test_row_security.py::TestRowSecurity::test_ends_with_the_transaction_also_where_nobody_gives_it_back",
    ),
    Break(
        name="the-former-reach-is-not-given-back",
        file="src/clientela/store/context.py",
        old="            yield\n            _apply(before)\n",
        new="            yield\n",
        red="tests/security/test_row_security.py::TestRowSecurity::test_ends_with_the_block_that_opened_it",
        quick=False,
    ),
    Break(
        name="row-security-is-not-forced",
        file="src/clientela/records/migrations/0002_ledger.py",
        old='        ProtectRows("records_customer"),\n',
        new="",
        red="tests/security/test_row_security.py::TestRowSecurity::test_shows_nothing_without_a_context",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-role-counts-before-it-is-approved",
        file="src/clientela/security/selectors.py",
        old="        approved_at__isnull=False, valid_from__lte=at,",
        new="        valid_from__lte=at,",
        red="tests/security/test_grants.py::TestGrant::test_has_no_effect_before_somebody_else_approves_it",
        quick=False,
    ),
    Break(
        name="a-write-comes-before-its-check",
        file="src/clientela/records/services/desk.py",
        old='    reach = access.reach("customer.write")\n'
        "    if not reach.covers(node_id=customer.org_node_id, owner_id=customer.owner_id):\n"
        '        raise NotPermitted(Reason(code="act_not_permitted", params={"act": "customer.write"}))\n'
        "    if true_from",
        new='    reach = access.reach("customer.write")\n'
        "    customer.save()\n"
        "    if not reach.covers(node_id=customer.org_node_id, owner_id=customer.owner_id):\n"
        '        raise NotPermitted(Reason(code="act_not_permitted", params={"act": "customer.write"}))\n'
        "    if true_from",
        red="tests/api/test_matrix.py::TestMatrix::test_answers_each_role_as_the_table_says[auditor]",
    ),
)

SIGHT = (
    Break(
        name="a-small-group-is-shown",
        file="src/clientela/analysis/suppression.py",
        old="return any(count is not None and count < least for count in group.counts)",
        new="return any(count is not None and 0 < count < least - 1 for count in group.counts)",
        red="tests/library/test_suppression.py::TestHiddenGroups::test_are_those_under_the_least_and_the_smallest_of_the_others",
    ),
    Break(
        name="a-small-group-follows-from-the-total",
        file="src/clientela/analysis/suppression.py",
        old="            added.add(min(others)[1])",
        new="            pass",
        red="tests/library/test_suppression.py::TestHiddenGroups::test_leave_nothing_small_and_no_small_remainder",
    ),
    Break(
        name="management-sees-small-groups",
        file="src/clientela/analysis/services/totals.py",
        old="at in hidden else {**row, HIDDEN: False}",
        new="at < 0 else {**row, HIDDEN: False}",
        red="tests/web/test_small_groups.py::TestSmallGroups::test_are_hidden_with_the_smallest_of_their_region",
        quick=False,
    ),
    Break(
        name="one-field-is-not-masked",
        file="src/clientela/records/selectors/file.py",
        old="if view is View.MASKED and value is not None:",
        new='if view is View.MASKED and value is not None and attribute.name != "phone":',
        red="tests/web/test_customers.py::TestReveal::test_shows_the_value_and_leaves_an_event_without_it",
    ),
    Break(
        name="a-reveal-leaves-no-event",
        file="src/clientela/security/services/reveal.py",
        old='    record_event(\n        act="security.field.revealed",',
        new='    _ = dict(\n        act="security.field.revealed",',
        red="tests/web/test_customers.py::TestReveal::test_shows_the_value_and_leaves_an_event_without_it",
        by=("DoesNotExist",),
        quick=False,
    ),
    Break(
        name="a-sealed-value-opens-anywhere",
        file="src/clientela/store/sealing.py",
        old='return f"{record_id}|{attribute}|{record_id}".encode()',
        new='return b"anywhere"',
        red="tests/security/test_sealing.py::TestSealedValue::test_opens_not_as_another_attribute",
    ),
    Break(
        name="first-rows-of-a-file-are-kept-plain",
        file="src/clientela/intake/services/receiving.py",
        old="questions = [question.kept() for question in open_questions]",
        new="questions = [q.kept() | {'as': [c.preview for c in q.choices]} for q in open_questions]",
        red="tests/intake/test_at_rest.py::TestSamples::test_stand_nowhere_in_the_database",
        quick=False,
    ),
    Break(
        name="first-rows-are-shown-to-all",
        file="src/clientela/intake/selectors/samples.py",
        old="return covered and run.owner_id == access.user_id",
        new="return True",
        red="tests/intake/test_at_rest.py::TestSamples::test_are_shown_to_nobody_else",
        quick=False,
    ),
    Break(
        name="a-file-leaves-with-formulas",
        file="src/clientela/store/spreadsheets.py",
        old='return _RISKY.sub(r"\\1\'", value)',
        new="return value",
        red="tests/intake/test_round_trip.py::TestPayload::test_is_run_by_no_spreadsheet",
        quick=False,
    ),
)

TRACES = (
    Break(
        name="an-event-apart-from-its-effect",
        file="src/clientela/records/services/desk.py",
        old="@transaction.atomic\ndef archive_customer",
        new="def archive_customer",
        red="tests/audit/test_together.py::TestService::test_that_cannot_write_its_event_has_no_effect",
    ),
    Break(
        name="a-changed-event-goes-unnoticed",
        file="src/clientela/audit/verification.py",
        old="if one.event is None or rules.leaf(one.event) != one.leaf:",
        new="if one.event is None:",
        red="tests/audit/test_trail.py::TestTrail::test_names_the_first_event_that_does_not_hold",
    ),
    Break(
        name="a-trail-made-anew-goes-unnoticed",
        file="src/clientela/audit/verification.py",
        old="if rules.merkle_root(inside) != block.root or chains[block.size - 1] != block.chain:",
        new="if not inside:",
        red="tests/audit/test_trail.py::TestTrail::test_shows_tampering_of_every_kind_at_any_place",
        quick=False,
    ),
    Break(
        name="a-ledger-can-be-changed",
        file="src/clientela/records/migrations/0002_ledger.py",
        old='        AppendOnly("records_retraction"),\n',
        new="",
        red="tests/records/test_ledger.py::TestAppendOnly::test_is_held_against_the_owner_of_the_tables",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-day-before-is-read-as-of-it",
        file="src/clientela/records/migrations/0002_ledger.py",
        old="where l.customer_id = any (customers)",
        new="where l.customer_id = any (customers) and v.true_from < true_on",
        red="tests/records/test_ledger.py::TestLedger::test_equals_its_replay_on_any_day_as_known_at_any_hour",
        quick=False,
        own_database=True,
        by=("AssertionError", "ExceptionGroup", "FlakyFailure"),
    ),
    Break(
        name="a-write-sent-again-has-two-effects",
        file="src/clientela/store/idempotency.py",
        old="if known is not None:",
        new="if known is not None and known.request_digest != digest:",
        red="tests/api/test_customers.py::TestCustomer::test_is_opened_once_however_often_the_request_is_sent",
        by=("AssertionError", "IntegrityError"),
        quick=False,
    ),
)

ROWS = (
    Break(
        name="progress-is-committed-apart-from-its-rows",
        file="src/clientela/intake/services/staging.py",
        old='                run.save(update_fields=["state", "staged", "flagged"])\n            yield',
        new='            with system_context("progress of an import"):\n'
        '                run.save(update_fields=["state", "staged", "flagged"])\n            yield',
        red="tests/intake/test_interrupted.py::test_a_run_that_dies_at_a_statement_ends_like_one_that_did_not",
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
)

FIGURES = (
    Break(
        name="money-is-rounded-half-up",
        file="src/clientela/kernel/money.py",
        old="Decimal(1).scaleb(-exponent_of(currency)), ROUND_HALF_EVEN",
        new='Decimal(1).scaleb(-exponent_of(currency)), "ROUND_HALF_UP"',
        red="tests/library/test_kernel.py::TestMoney::test_rounds_half_to_even_at_the_minor_unit",
    ),
    Break(
        name="a-mean-is-rounded-half-up",
        file="src/clientela/analysis/expressions/common.py",
        old="((left * 2 == whole) & (down % 2 == 1))",
        new="(left * 2 == whole)",
        red="tests/spec/test_rfm.py::TestRfm::test_rounds_the_mean_half_to_even",
        quick=False,
    ),
    Break(
        name="who-crosses-the-line-falls-below-it",
        file="src/clientela/analysis/expressions/abc.py",
        old="(before * 100 < active.all_sales * a_until_percent",
        new="(active.running * 100 < active.all_sales * a_until_percent",
        red="tests/spec/test_abc.py::TestAbc::test_gives_the_customer_that_crosses_a_line_the_higher_class",
    ),
    Break(
        name="equals-fall-into-different-quintiles",
        file="src/clientela/analysis/expressions/rfm.py",
        old="place = (below * 2 + equal) * 5",
        new="place = (below * 2 + 1) * 5",
        red="tests/spec/test_rfm.py::TestRfm::test_puts_all_equals_into_the_middle",
    ),
    Break(
        name="the-last-day-of-a-bucket-is-the-next-ones",
        file="src/clientela/analysis/expressions/ageing.py",
        old="inside & (days <= until)",
        new="inside & (days < until)",
        red="tests/spec/test_ageing.py::TestAgeing::test_puts_each_day_past_due_into_its_bucket",
        quick=False,
    ),
    Break(
        name="the-cut-off-day-is-left-out",
        file="src/clientela/kernel/period.py",
        old="until_on = as_of + DAY",
        new="until_on = as_of",
        red="tests/library/test_kernel.py::TestPeriod::test_ends_with_the_day_it_is_asked_for",
    ),
)

HOUSE = (
    Break(
        name="a-route-without-a-policy",
        file="src/clientela/web/urls.py",
        old='    path("preferences", account.preferences, name="preferences"),\n',
        new='    path("preferences", account.preferences, name="preferences"),\n'
        '    path("everything", account.preferences, name="everything"),\n',
        red="tests/web/test_matrix.py::TestTable::test_names_every_route_and_no_other",
    ),
    Break(
        name="a-field-that-no-map-knows",
        file="src/clientela/intake/data_map.py",
        old="state dry_run staged loaded",
        new="state dry_run staged",
        red="tests/house/test_data_map.py::TestDataMap::test_says_of_every_field_what_it_is",
    ),
    Break(
        name="a-text-without-translation",
        file="src/clientela/web/words.py",
        old='"intake.samples.read": _("looked at the first rows of an import")',
        new='"intake.samples.read": _("had a look at the first rows of an import")',
        red="tests/web/test_words.py::TestCatalogue::test_translates_every_text",
        quick=False,
    ),
    Break(
        name="a-function-nobody-can-read-at-one-sitting",
        file="src/clientela/kernel/period.py",
        old="    year, month = divmod(index, 12)\n    return date",
        new="    year, month = divmod(index, 12)\n" + "    year = year\n" * 40 + "    return date",
        red="tests/house/test_sizes.py::TestSizes::test_no_function_is_longer_than_40_lines",
        quick=False,
    ),
)

BREAKS = (*ACCESS, *REACH, *SIGHT, *TRACES, *ROWS, *FIGURES, *HOUSE)
