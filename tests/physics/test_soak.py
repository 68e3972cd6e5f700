"""Random infants of all exercises under random commands, for long: nothing faults, nothing grows.

The suite runs the short form of ``benchmarks/soak.py``.
"""

import importlib.util
import subprocess
import sys
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


OPEN_AND_CLOSE = f"""
import runpy, numpy as np
soak = runpy.run_path({str(SCRIPT)!r})
print(*soak["open_and_close"](14, np.random.default_rng(1), warm_up=10))
"""


def test_environments_that_are_opened_drawn_and_closed_leave_nothing() -> None:
    """In a process of its own: what other tests left there would be counted too."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", OPEN_AND_CLOSE], check=True, capture_output=True, text=True
    )
    grown_mb, files = map(float, done.stdout.split()[-2:])
    assert grown_mb < 10
    assert files <= 0
