"""What a machine lacks is left out and said; on CI nothing may be lacking, so there it fails."""

import os
from typing import NoReturn

import pytest

ON_CI = bool(os.environ.get("CI"))


def needs(what: object, why: str) -> pytest.MarkDecorator:
    """Return the mark that leaves a test out where ``what`` is missing; on CI the test runs, and fails."""
    return pytest.mark.skipif(not what and not ON_CI, reason=f"left out: {why}")


def leave_out(why: str) -> NoReturn:
    """Leave the test out that asks for what is missing; on CI fail it."""
    if ON_CI:
        pytest.fail(why)
    pytest.skip(f"left out: {why}")
