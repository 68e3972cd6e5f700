"""Environments are made by their id and say who they are."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env, control_hz, environment_id, make_environment
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


def test_an_environment_is_known_by_its_id_or_else_by_its_class(leaning: str) -> None:
    assert environment_id(make_environment(leaning, {})) == leaning
    assert environment_id(Leaning()) == "Leaning"


class NoRate(gym.Env[Any, Any]):
    observation_space = action_space = gym.spaces.Box(-1, 1, (1,), np.float32)


def test_an_unknown_control_rate_is_refused() -> None:
    env: Env = NoRate()
    with pytest.raises(InputError, match="NoRate: metadata lacks render_fps"):
        control_hz(env)
