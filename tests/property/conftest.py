"""How hard the properties are tried: ``HYPOTHESIS_PROFILE=thorough`` before a release, ``ci`` otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from unittest import mock

import pytest
from hypothesis import settings

from cc_categorise import plan
from cc_categorise.scheme import load_scheme

settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True, scope="session")
def _scheme_read_once() -> Iterator[None]:
    """Thousands of runs read the same scheme: half of their time."""
    with mock.patch.object(plan, "load_scheme", cache(load_scheme)):
        yield
