"""Every bad file of the corpus ends as its case says: refused, asked, set aside, flagged, read."""

import pytest

from tests.corpus import cells, ends, files, money, packed, pages
from tests.corpus.case import AS_OF, Case
from tests.intake.importing import import_file

CASES = [
    *cells.cases(),
    *ends.cases(),
    *files.cases(),
    *money.cases(),
    *packed.cases(),
    *pages.cases(),
]


def test_the_corpus_holds_three_hundred_files_under_names_of_their_own():
    assert len(CASES) >= 300
    ids = [case.id for case in CASES]
    assert len(set(ids)) == len(ids)


@pytest.mark.slow  # hundreds of files, each read from its bytes
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_file_ends_as_its_case_says(case: Case, tmp_path):
    found = import_file(
        case.write(tmp_path),
        kind=case.kind,
        settings=case.settings,
        answers=case.answers,
        as_of=AS_OF,
    )
    assert found.refusals == ([case.refused] if case.refused else [])
    if case.asked:
        assert case.asked in found.asked
        assert found.totals.read == 0
        return
    assert found.asked == []
    if case.refused:
        assert found.totals.read == 0
        return
    assert found.totals.accepted == case.accepted
    assert dict(found.aside_codes) == dict(case.set_aside)
    assert {code: found.flags[code] for code in case.flagged} == dict(case.flagged)
    assert case.noted is None or case.noted in found.notes
    assert case.not_noted not in found.notes
    for name, values in case.values.items():
        assert found.columns[name][: len(values)] == list(values)
