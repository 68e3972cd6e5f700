"""The ``>>>`` examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import dmi_sim

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(dmi_sim.__path__, "dmi_sim.")
    if not module.name.endswith("__main__")
)
FEWEST = 40
"""Examples that the package has at least."""


def examples_of(name: str) -> list[doctest.DocTest]:
    module = importlib.import_module(name)
    found = doctest.DocTestFinder(exclude_empty=True).find(module, name)
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_what_it_says(name: str) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    printed: list[str] = []
    for test in examples_of(name):
        runner.run(test, out=printed.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(printed)


def test_public_functions_show_how_they_are_used() -> None:
    assert sum(len(examples_of(name)) for name in MODULES) >= FEWEST
