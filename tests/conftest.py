"""Options that more than one test file takes."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-examples", action="store_true", help="rewrite what examples/*/ expect; read the diff")
