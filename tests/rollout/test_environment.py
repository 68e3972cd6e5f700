"""Environments are made by their id and say who they are."""

from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.paths import OWN_FILES
from dmi_sim.rollout.environment import Env, control_hz, environment_id, make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from tests.leaning import Leaning


def test_arguments_reach_the_environment(leaning: str) -> None:
    with pytest.raises(TypeError, match="gravitas"):
        make_environment(leaning, {"gravitas": 3.0})
    assert make_environment(leaning, {"gravity": 3.0}).metadata["render_fps"] == 20


def test_an_unknown_id_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = gym.spec("Pendulum-v1")
    monkeypatch.setitem(gym.registry, "DMI/Sitting-v1", spec)
    with pytest.raises(InputError, match=r"'DMI/Siting-v1'; did you mean 'DMI/Sitting-v1'\?"):
        make_environment("DMI/Siting-v1", {})


def test_an_exercise_of_ones_own_is_found_when_its_folder_is_named_after_the_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "envs").mkdir()
    text = Catalog.shipped().text(ExerciseSpec, "sitting")
    (tmp_path / "envs" / "bench_sitting.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv(OWN_FILES, str(tmp_path))
    env = make_environment("DMI/BenchSitting-v1", {})
    assert env.unwrapped.build.config.exercise == "bench_sitting"  # type: ignore[attr-defined]
    env.close()
    monkeypatch.delitem(gym.registry, "DMI/BenchSitting-v1")


def test_an_environment_is_known_by_its_id_or_else_by_its_class(leaning: str) -> None:
    assert environment_id(make_environment(leaning, {})) == leaning
    assert environment_id(Leaning()) == "Leaning"


class NoRate(gym.Env[Any, Any]):
    observation_space = action_space = gym.spaces.Box(-1, 1, (1,), np.float32)


def test_an_unknown_control_rate_is_refused() -> None:
    env: Env = NoRate()
    with pytest.raises(InputError, match="NoRate: metadata lacks render_fps"):
        control_hz(env)
