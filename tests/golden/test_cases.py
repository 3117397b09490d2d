"""Golden cases."""

import pytest

from tests.golden.case import CASES, Case, cases


@pytest.mark.parametrize("case", tuple(cases()), ids=lambda case: case.folder.name)
def test_a_golden_page_reads_as_accepted(case: Case):
    """What the core makes of the page is what a person has accepted, field by field."""
    expected = case.expected

    made = case.result()

    assert expected == made


def test_every_case_is_whole():
    """Each folder holds a page, what is known of it, the accepted result and a note on why it is here."""
    wanted = {"page.json", "expected.json", "NOTE.md"}

    lacking = {
        folder.name: missing
        for folder in CASES.iterdir()
        if folder.is_dir() and (missing := wanted - {path.name for path in folder.iterdir()})
    }

    assert {} == lacking
