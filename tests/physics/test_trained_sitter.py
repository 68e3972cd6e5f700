"""An infant that practised without hands: it sits, and half the physics step changes little."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from dmi_sim.body.rotation import matrix_of
from dmi_sim.catalog import Catalog
from dmi_sim.env import posture_env
from dmi_sim.env.config import EnvBuild, EnvConfig, build_env
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.outcome.general import time_upright_s
from dmi_sim.rollout.recorder import rollout
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training.library import load_policy
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.trainer import Trainer

EARLY = 16_384
"""Control steps of practice: nine minutes of an infant's life."""
HANGING_RAD = np.radians(45)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def beginner() -> Iterator[NumpyPolicy]:
    """An infant early in practice."""
    learning = Catalog.shipped().load(ExerciseSpec, "sitting_v0").training
    practice = Trainer.start(lambda: PostureEnv(EnvConfig("sitting_v0")), learning, seed=0)
    practice.train_until(EARLY)
    yield practice.policy
    practice.close()


@pytest.fixture(scope="module")
def sitter() -> NumpyPolicy:
    """The same infant late in practice, as it is shipped."""
    return load_policy("sitting_0")


def times_upright_s(
    policy: NumpyPolicy, count: int, *, pushes: bool, env: PostureEnv | None = None
) -> list[float]:
    env = env or PostureEnv(EnvConfig("sitting_v0"))
    options = {"support": "none", "pushes": pushes}
    seeds = evaluation_seeds(count)
    times = [time_upright_s(rollout(env, policy, seed, options)) for seed in seeds]
    env.close()
    return times


def without_passive_stiffness() -> PostureEnv:
    """The same infant, whose joints have no elastic tissue within their range."""

    def slack_build(config: EnvConfig, catalog: Catalog | None) -> EnvBuild:
        build = build_env(config, catalog)
        tissue = replace(build.infant.muscles.tissue, stiffness_nm_per_rad=(0.0,) * 34)
        muscles = replace(build.infant.muscles, tissue=tissue)
        return replace(build, infant=replace(build.infant, muscles=muscles))

    with patch.object(posture_env, "build_env", slack_build):
        return PostureEnv(EnvConfig("sitting_v0"))


def head_sway_mm(policy: NumpyPolicy | None, site: str) -> float:
    """Mean over starts of the rms distance of the head from its mean place, 0.5 to 5 s."""
    env = PostureEnv(EnvConfig("sitting_v0"))
    options = {"support": site, "support_strength": 0.1, "pushes": False}
    sways: list[float] = []
    for seed in evaluation_seeds(6):
        head = rollout(env, policy, seed, options).segment_pos_world[15:150, 4, :2]
        sways.append(1000 * float(np.sqrt(np.square(head - head.mean(axis=0)).sum(axis=1).mean())))
    env.close()
    return float(np.mean(sways))


def test_it_sits_for_ten_seconds_on_most_starts_it_never_saw(sitter: NumpyPolicy) -> None:
    times = times_upright_s(sitter, 10, pushes=False)
    assert sum(time == pytest.approx(10.0) for time in times) >= 8


def test_its_head_does_not_hang(sitter: NumpyPolicy) -> None:
    env = PostureEnv(EnvConfig("sitting_v0"))
    for seed in evaluation_seeds(5):
        quats = rollout(env, sitter, seed, {"pushes": False}).segment_quat_world[:, 4]
        up = [matrix_of(quat)[2, 2] for quat in quats]
        assert np.arccos(min(up)) < HANGING_RAD
    env.close()


def test_pushes_topple_it_sooner_or_later(sitter: NumpyPolicy) -> None:
    times = times_upright_s(sitter, 10, pushes=True)
    assert 2.0 < np.mean(times) < 9.5


def test_half_the_step_hardly_changes_how_long_it_withstands_pushes(
    sitter: NumpyPolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse = times_upright_s(sitter, 20, pushes=True)
    fine_catalog = catalog_at_twice_the_rate(tmp_path)
    monkeypatch.setattr(Catalog, "shipped", staticmethod(lambda: fine_catalog))
    fine = times_upright_s(sitter, 20, pushes=True)
    assert np.mean(fine) == pytest.approx(np.mean(coarse), rel=0.05)


def test_passive_stiffness_comes_first(beginner: NumpyPolicy, sitter: NumpyPolicy) -> None:
    """V25, O'Brien et al. (2015): new sitters stay up mainly by stiffness, later by feedback."""
    early, late = (
        np.mean(times_upright_s(policy, 10, pushes=False, env=without_passive_stiffness()))
        / np.mean(times_upright_s(policy, 10, pushes=False))
        for policy in (beginner, sitter)
    )
    assert early < 0.5
    assert late > 1.5 * early


def test_the_level_of_the_hands_matters_less_once_it_sits(sitter: NumpyPolicy) -> None:
    """V02, Rachwani et al. (2015): pelvic support sways more than thoracic before sitting only."""
    before, after = (
        head_sway_mm(policy, "pelvis") / head_sway_mm(policy, "axillae")
        for policy in (None, sitter)
    )
    assert before > 2.0
    assert after < 0.5 * before


def catalog_at_twice_the_rate(folder: Path) -> Catalog:
    shutil.copytree(Catalog.shipped().root / "models", folder / "models")
    exercise = Catalog.shipped().text(ExerciseSpec, "sitting_v0")
    (folder / "envs").mkdir()
    fine = exercise.replace("physics_hz: 240", "physics_hz: 480")
    (folder / "envs" / "sitting_v0.yaml").write_text(fine)
    assert fine != exercise
    return Catalog(folder)
