"""Child processes import the cells of these tests by name, so they must find the package."""

import sys
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="module")
def children_find_the_tests() -> Generator[None]:
    """Put the folder of ``tests`` last on the path: an installed ``dmi_sim`` still comes first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path, str(ROOT)])
        yield
