"""The breaks of payments: how they stand, who sees them, and what stands beside what is open."""

from tests.breaks.break_ import Break

PAYMENTS = (
    Break(
        name="a-probe-asks-for-accounts-as-well",
        file="src/clientela/trade/services/matching.py",
        old="          and q.invoice_number <> '' and q.voided_at is null offset 0\n    ) c on c.account_id",
        new="          and q.invoice_number <> '' and q.voided_at is null and q.account_id is null offset 0\n"
        "    ) c on c.account_id",
        red="tests/intake/test_whatever_was_counted.py::TestABatch::test_reads_some_rows_for_each_document",
        quick=False,
    ),
    Break(
        name="a-probe-may-take-the-index-of-a-list",
        file="src/clientela/trade/migrations/0018_probes_that_hold.py",
        old="                condition=Q(received_on__gt=date.min),\n",
        new="",
        red="tests/intake/test_whatever_was_counted.py::TestABatch::test_reads_some_rows_for_each_document",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-table-is-counted-before-a-row-is-seen",
        file="src/clientela/store/migrations/0007_counted_once_seen.py",
        old='AFTER = f"({_GROWN} or c.reltuples = 0) and (c.reltuples > 0 or {_SEEN})"',
        new="AFTER = _GROWN",
        red="tests/intake/test_whatever_was_counted.py::TestATable::"
        "test_is_not_counted_while_none_of_its_rows_is_seen",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-payment-stays-waiting-for-an-invoice-that-came",
        file="src/clientela/trade/services/matching.py",
        old="        execute(_STANDINGS)\n",
        new="",
        red="tests/intake/test_payments_stand.py::test_each_payment_stands_as_a_replay_says",
        quick=False,
    ),
    Break(
        name="a-payment-is-applied-to-an-invoice-that-is-gone",
        file="src/clientela/trade/migrations/0018_probes_that_hold.py",
        old="          and (n.voided_at is null, n.amount_minor) <> (o.voided_at is null, o.amount_minor))",
        new="          and n.amount_minor <> o.amount_minor)",
        red="tests/intake/test_payments_stand.py::test_a_payment_of_several_invoices_stands_by_what_settles_them",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-payment-waits-for-no-invoice-that-is-gone",
        file="src/clientela/trade/migrations/0018_probes_that_hold.py",
        old="        where (n.voided_at is null) <> (o.voided_at is null))",
        new="        where false)",
        red="tests/intake/test_payments_stand.py::test_each_payment_stands_as_a_replay_says",
        quick=False,
        own_database=True,
    ),
    Break(
        name="a-list-of-payments-forgets-its-scope",
        file="src/clientela/trade/selectors/payments.py",
        old="return _told(Payment.objects.filter(in_reach(access.reach(ACT))))",
        new="return _told(Payment.objects.all())",
        red="tests/security/test_first_wall.py::TestSelectors::test_list_the_payments_in_reach_alone",
    ),
    Break(
        name="a-state-is-asked-with-what-follows-from-it",
        file="src/clientela/trade/selectors/payments.py",
        old="        rows = rows.filter(standing=filters.state)\n",
        new="        rows = rows.filter(standing=filters.state).exclude(standing=APPLIED)\n",
        red="tests/web/test_payments_read.py::test_reads_a_page_and_no_table",
        quick=False,
    ),
    Break(
        name="an-invoice-of-tomorrow-takes-the-money-of-today",
        file="src/clientela/analysis/expressions/unapplied.py",
        old='    a = a.semi_join(b, "invoice_id")\n',
        new="",
        red="tests/spec/test_ageing.py::TestBesideIt::test_says_what_no_invoice_took_by_the_cut_off",
        quick=False,
    ),
    Break(
        name="unapplied-money-lowers-what-is-open",
        file="src/clientela/analysis/expressions/ageing.py",
        old="        open_minor=total(i.open_minor),\n",
        new="        open_minor=total(i.open_minor) - total(i.unapplied_minor),\n",
        red="tests/library/test_unapplied.py::test_open_less_not_applied_is_billed_less_paid",
    ),
    Break(
        name="management-is-told-the-unapplied-money-of-few",
        file="src/clientela/analysis/services/totals.py",
        old='    if hidden_groups([group("unapplied")]):',
        new="    if False:",
        red="tests/library/test_totals.py::TestAgeing::test_hides_what_few_have_not_applied",
        quick=False,
    ),
)
