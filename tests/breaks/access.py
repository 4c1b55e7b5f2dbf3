"""The breaks against who comes in, what travels through a reader's hands, and whose files are."""

from tests.breaks.break_ import Break

ACCESS = (
    Break(
        name="every-link-lasts-three-days",
        file="src/clientela/security/services/invitations.py",
        old="return AGAIN if user.has_usable_password() else FIRST",
        new="return FIRST",
        red="tests/web/test_sign_in.py::TestLink::test_lasts_three_days_for_the_first_password_and_half_an_hour_for_another",
        quick=False,
    ),
    Break(
        name="a-factor-taken-away-stays",
        file="src/clientela/security/services/factors.py",
        old="    Authenticator.objects.filter(user=user).delete()\n",
        new="",
        red="tests/web/test_lost_factor.py::TestPages::test_lead_from_a_lost_telephone_to_a_new_one",
        quick=False,
    ),
    Break(
        name="a-reset-demands-no-new-factor",
        file="src/clientela/web/gate.py",
        old="request.access.needs_second_factor or _reset_at(request) is not None",
        new="request.access.needs_second_factor",
        red="tests/web/test_lost_factor.py::TestReset::test_demands_a_new_factor_of_roles_that_needed_none",
        quick=False,
    ),
    Break(
        name="a-fresh-sign-in-changes-an-old-factor",
        file="src/clientela/web/sessions.py",
        old="return not Authenticator.objects.filter(user=request.user, created_at__lt=before).exists()",
        new="return before is not None",
        red="tests/web/test_sign_in.py::TestConfirmation::test_is_asked_to_change_a_factor_that_was_there_before",
        quick=False,
    ),
    Break(
        name="a-cursor-can-be-read",
        file="src/clientela/store/opaque.py",
        old="return _as_text(_cipher().encrypt(plain, [use.encode()]))",
        new="return _as_text(plain)",
        red="tests/web/test_opaque_ids.py::TestCursor::test_tells_nothing_of_the_key_to_who_takes_it_apart",
    ),
    Break(
        name="a-form-offers-a-key-of-a-row",
        file="src/clientela/web/admin/sources.py",
        old="        (node.code, node.name)\n",
        new="        (node.pk, node.name)\n",
        red="tests/web/test_opaque_ids.py::TestPages::test_hold_no_key_where_something_is_refused",
        quick=False,
    ),
    Break(
        name="an-event-names-a-key-of-a-row",
        file="src/clientela/web/tags/shell.py",
        old='return "" if object_id.isdigit() else object_id',
        new="return object_id",
        red="tests/web/test_opaque_ids.py::TestPages::test_hold_no_key_in_the_trail_of_an_older_release",
        quick=False,
    ),
    Break(
        name="files-follow-the-umask",
        file="src/clientela/cli/main.py",
        old="    keep_private()\n",
        new="",
        red="tests/runtime/test_rights.py::test_no_other_account_may_read_what_the_product_writes",
        quick=False,
    ),
    Break(
        name="one-thing-has-two-words",
        file="src/clientela/locale/es/LC_MESSAGES/django.po",
        old='msgstr "Su rol ve totales y grupos, no clientes sueltos."',
        new='msgstr "Su función ve totales y grupos, no clientes sueltos."',
        red="tests/web/test_words.py::TestTerms::test_are_the_glossarys_and_no_others",
        quick=False,
    ),
)
