"""Gymnasium ids: one a file, with names and numbers as arguments."""

import json

import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec

import dmi_sim
from dmi_sim.env.registration import make
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id


def test_a_file_name_becomes_an_id() -> None:
    assert environment_id("sitting") == "DMI/Sitting-v0"
    assert environment_id("sit_to_stand") == "DMI/SitToStand-v0"


def test_an_unknown_argument_names_the_nearest() -> None:
    with pytest.raises(InputError, match="age_month: no such argument; did you mean 'age_months'"):
        make("sitting", age_month=7)


@pytest.mark.parametrize("name", dmi_sim.environments())
def test_a_specification_survives_json(name: str) -> None:
    env = gym.make(name, age_months=9.0, sex="male", support="axillae", support_strength=0.5)
    assert env.spec is not None
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.infant == env.unwrapped.infant  # type: ignore[attr-defined]
    assert json.loads(env.spec.to_json())["kwargs"]["support"] == "axillae"
    env.close()
    again.close()


def test_an_exercise_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'sitting'"):
        make("siting")
