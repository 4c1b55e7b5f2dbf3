"""The breaks of the desk: what people type, beside what others type and import."""

from tests.breaks.break_ import Break

BESIDE, TWO = "tests/web/test_edited_beside.py::", "tests/records/test_two_at_once.py::"
DESK = (
    Break(
        name="a-form-takes-back-what-others-corrected",
        file="src/clientela/web/customers/form.py",
        old="(was or now).is_changed_to(key, typed)",
        new="now.is_changed_to(key, typed)",
        red=f"{BESIDE}TestWhatNobodyTouched::test_stays_as_others_made_it",
    ),
    Break(
        name="what-others-changed-is-not-told",
        file="src/clientela/web/customers/form.py",
        old="f.was if f.is_changed and not f.told else f.now",
        new="f.now",
        red=f"{BESIDE}TestWhatBothChanged::test_beside_another_fault_is_told_afterwards",
        quick=False,
    ),
    Break(
        name="a-form-of-another-customer-is-taken",
        file="src/clientela/web/customers/shown.py",
        old='return f"facts shown to user {user_id} of customer {customer_id}"',
        new='return "facts shown"',
        red=f"{BESIDE}TestWhatItShowed::test_is_taken_from_this_user_and_customer_alone",
        quick=False,
    ),
    Break(
        name="a-masked-value-can-be-guessed",
        file="src/clientela/records/services/standing.py",
        old="        and not (standing.shows_plain(key) and standing.imprint(key) == wanted[key])\n",
        new="        and standing.imprint(key) != wanted[key]\n",
        red=f"{BESIDE}TestWhatBothChanged::test_answers_no_guess_of_a_masked_value",
        quick=False,
    ),
    Break(
        name="what-stands-is-asked-for-as-known-before",
        file="src/clientela/records/services/standing.py",
        old="    known_on = moment_of_customers([customer.pk], at)\n",
        new="    known_on = moment_of_customers([], at)\n",
        red=f"{TWO}test_who_waits_looks_at_what_the_other_made_of_it",
        quick=False,
    ),
    Break(
        name="a-correction-lands-on-another-customer",
        file="src/clientela/records/services/desk.py",
        old="        if answer.customer_id != customer_id:\n",
        new="        if answer.customer_id is None:\n",
        red="tests/records/test_desk.py::TestARecordOfSomebodyElse::test_takes_no_correction",
        quick=False,
    ),
    Break(
        name="who-comes-second-gets-no-source",
        file="src/clientela/records/services/sources.py",
        old="    except NameTaken:\n",
        new="    except KeyError:\n",
        red=f"{TWO}test_who_comes_second_gets_the_source_that_the_first_made",
        quick=False,
    ),
    Break(
        name="what-a-person-put-away-comes-back",
        file="src/clientela/records/services/projection.py",
        old="         when not c.is_emptied then c.archived_at end as archived_at,\n",
        new="         when c.facts <> '{}' then c.archived_at end as archived_at,\n",
        red="tests/records/test_desk.py::TestAFilePutAway::test_stays_away_whatever_comes_and_is_taken_back",
        quick=False,
    ),
    Break(
        name="a-file-is-put-away-twice",
        file="src/clientela/records/services/desk.py",
        old="        return customer\n    customer.archived_at",
        new="        pass\n    customer.archived_at",
        red="tests/records/test_desk.py::TestAFilePutAway::test_is_put_away_once",
        quick=False,
    ),
    Break(
        name="a-browser-brings-back-what-a-form-held",
        file="src/clientela/web/templates/customers/edit.html",
        old=' class="panel" autocomplete="off">',
        new=' class="panel">',
        red="tests/browser/test_two_edit.py::TestTwo::test_bring_nothing_back_by_the_back_button",
        quick=False,
    ),
)
