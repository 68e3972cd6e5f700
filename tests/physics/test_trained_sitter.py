"""An infant that practised without hands: it sits, and half the physics step changes little."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assess.outcomes import time_upright_s
from dmi_sim.catalog import Catalog
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.setup import Choices
from dmi_sim.learn.evaluate import evaluation_seeds
from dmi_sim.learn.policy import NumpyPolicy
from dmi_sim.learn.practice import Practice
from dmi_sim.learn.rollout import rollout
from dmi_sim.spec.environment import EnvironmentSpec

STEPS = 36_864
"""Control steps of practice: 20 minutes of an infant's life, half a minute of a processor's."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sitter() -> Iterator[NumpyPolicy]:
    learning = Catalog.shipped().load(EnvironmentSpec, "sitting").learning
    practice = Practice.start(lambda: PostureEnv(Choices("sitting")), learning, seed=0)
    practice.practise(STEPS)
    yield practice.policy
    practice.close()


def times_upright_s(policy: NumpyPolicy, count: int, *, nudges: bool) -> list[float]:
    env = PostureEnv(Choices("sitting"))
    options = {"support": "none", "nudges": nudges}
    seeds = evaluation_seeds(count)
    times = [time_upright_s(rollout(env, policy, seed, options)) for seed in seeds]
    env.close()
    return times


def test_it_sits_for_ten_seconds_on_most_starts_it_never_saw(sitter: NumpyPolicy) -> None:
    times = times_upright_s(sitter, 10, nudges=False)
    assert sum(time == pytest.approx(10.0) for time in times) >= 8


def test_pushes_topple_it_sooner_or_later(sitter: NumpyPolicy) -> None:
    times = times_upright_s(sitter, 10, nudges=True)
    assert 2.0 < np.mean(times) < 9.5


def test_half_the_step_hardly_changes_how_long_it_withstands_pushes(
    sitter: NumpyPolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse = times_upright_s(sitter, 20, nudges=True)
    fine_catalog = catalog_at_twice_the_rate(tmp_path)
    monkeypatch.setattr(Catalog, "shipped", staticmethod(lambda: fine_catalog))
    fine = times_upright_s(sitter, 20, nudges=True)
    assert np.mean(fine) == pytest.approx(np.mean(coarse), rel=0.05)


def catalog_at_twice_the_rate(folder: Path) -> Catalog:
    shutil.copytree(Catalog.shipped().root / "models", folder / "models")
    exercise = Catalog.shipped().text(EnvironmentSpec, "sitting")
    (folder / "envs").mkdir()
    fine = exercise.replace("physics_hz: 240", "physics_hz: 480")
    (folder / "envs" / "sitting.yaml").write_text(fine)
    assert fine != exercise
    return Catalog(folder)
