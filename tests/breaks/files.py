"""The breaks against how a file is read, asked about and taken."""

from tests.breaks.break_ import Break

FILES = (
    Break(
        name="utf-8-is-left-out-for-a-damaged-byte",
        file="src/clientela/intake/reading/encodings.py",
        old="damage_of(found.odd_lines).sound >= _SOUND",
        new="damage_of(found.odd_lines).sound > 1",
        red="tests/intake/test_encoding_asked.py::TestUtf8ButForAFewBytes::test_offers_utf_8_first_or_takes_it",
    ),
    Break(
        name="names-of-columns-tell-no-encoding",
        file="src/clientela/intake/reading/likely.py",
        old="_NAMES = 2.0",
        new="_NAMES = 0.0",
        red="tests/intake/test_encoding_asked.py::test_the_likely_encoding_stands_first_with_lines_to_choose_by",
        quick=False,
    ),
    Break(
        name="what-a-suggestion-leaves-open-is-asked-a-round-later",
        file="src/clientela/intake/mapping/plan.py",
        old="    columns = {**suggested, **mapping.columns}\n",
        new="    columns = dict(mapping.columns)\n",
        red="tests/web/test_gross_invoices.py::test_one_round_settles_what_can_be_known_in_one",
        quick=False,
    ),
    Break(
        name="a-digest-leaves-empty-values-out",
        file="src/clientela/intake/services/units.py",
        old="row({content})::text{later}",
        new="{content}{later}",
        red="tests/intake/test_content_again.py::TestDocumentThatComesAgain::test_is_the_same_only_where_every_value_is",
        quick=False,
    ),
    Break(
        name="documents-of-before-are-other-ones",
        file="src/clientela/intake/services/units.py",
        old="when octet_length(b.digest) > 32 then b.digest = g.digest",
        new="when b.digest is not null then b.digest = g.digest",
        red="tests/intake/test_content_again.py::TestDocumentThatComesAgain::test_is_known_by_the_digest_of_an_older_release",
        quick=False,
    ),
    Break(
        name="a-disputed-invoice-is-not-kept",
        file="src/clientela/trade/services/documents.py",
        old="coalesce(b.credits_number, ''), b.disputed",
        new="coalesce(b.credits_number, ''), false",
        red="tests/intake/test_content_again.py::TestDisputedInvoice::test_is_kept_as_its_source_says",
        quick=False,
    ),
    Break(
        name="a-payment-given-again-is-refused",
        file="src/clientela/intake/services/units.py",
        old="where s.run_id = %(run)s and s.unit = a.unit and s.row_no > a.first",
        new="where s.run_id = %(run)s and s.unit = a.unit and false",
        red="tests/intake/test_given_twice.py::TestPaymentOfOneNumber::test_that_comes_again_is_skipped_and_said",
        quick=False,
    ),
    Break(
        name="a-bad-number-keeps-its-customer-out",
        file="src/clientela/intake/mapping/typer.py",
        old="spare = why.code in source.field.left_out",
        new="spare = False",
        red="tests/intake/test_left_out.py::TestContactThatCannotBeRead::test_keeps_no_customer_out_and_every_row_is_accounted_for",
        quick=False,
    ),
    Break(
        name="a-quote-that-was-never-closed-comes-back-closed",
        file="src/clientela/intake/selectors/sealed_rows.py",
        old="text, cells = _unsplit(raw, row.code, layout, len(ours)), _cells(raw, layout)",
        new='text, cells = "", _cells(raw, layout)',
        red="tests/intake/test_quotes_given_back.py::"
        "test_untouched_it_is_refused_again_for_the_same_reasons",
        quick=False,
    ),
    Break(
        name="bytes-that-are-no-text-come-out-as-other-ones",
        file="src/clientela/intake/selectors/sealed_rows.py",
        old='"utf-8"), "surrogateescape")',
        new='"utf-8"), "replace")',
        red="tests/intake/test_runs.py::TestBrokenLine::"
        "test_is_given_back_byte_for_byte_and_set_aside_again_untouched",
        quick=False,
    ),
)
