"""Random infants of all exercises under random commands, for long: nothing faults, nothing grows.

The suite runs the short form of ``benchmarks/soak.py``.
"""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import dmi_sim

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "soak.py"


@pytest.fixture(scope="module")
def soak() -> ModuleType:
    spec = importlib.util.spec_from_file_location("soak", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.STEPS_OF_AN_INFANT, module.EPISODES_OF_AN_INFANT = 600, 10  # type: ignore[attr-defined]
    return module


def test_no_infant_of_any_exercise_breaks_the_physics(soak: ModuleType) -> None:
    episodes = 10 * len(dmi_sim.environments())
    steps, begun, faults = soak.soak(7_000, episodes, np.random.default_rng(0))
    assert steps >= 7_000
    assert begun >= episodes
    assert faults == 0


def test_environments_that_are_opened_drawn_and_closed_leave_nothing(soak: ModuleType) -> None:
    grown_mb, files = soak.open_and_close(14, np.random.default_rng(1), warm_up=10)
    assert grown_mb < 10
    assert files <= 0
