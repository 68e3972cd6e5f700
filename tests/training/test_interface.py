"""Policies and environments must have the same interface."""

import pytest

from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import make_environment
from dmi_sim.training.interface import policy_interface


def test_an_environment_has_an_interface(leaning: str) -> None:
    interface = policy_interface(make_environment(leaning, {}))
    assert interface.environment_id == leaning
    assert interface.observation_shape == (2,)
    assert interface.action_shape == (1,)
    assert interface.control_hz == 20


def test_equal_environments_do_not_differ_whatever_their_physics(leaning: str) -> None:
    light = policy_interface(make_environment(leaning, {"gravity": 1.0}))
    heavy = policy_interface(make_environment(leaning, {"gravity": 9.0}))
    assert light.differences(heavy) == ()


def test_renamed_observations_of_the_same_shape_differ(leaning: str) -> None:
    env = make_environment(leaning, {})
    before = policy_interface(env)
    env.unwrapped.__dict__["observation_names"] = ("lean_rate", "lean")
    (line,) = before.differences(policy_interface(env))
    assert line.startswith("names_sha256: made for ")


def test_each_difference_is_named(leaning: str) -> None:
    pole, pendulum = (
        policy_interface(make_environment(name, {})) for name in (leaning, "Pendulum-v1")
    )
    text = "\n".join(pole.differences(pendulum))
    assert "environment_id: made for Test/Leaning-v0, this environment has Pendulum-v1" in text
    assert "observation_shape: made for (2,), this environment has (3,)" in text
    assert "control_hz: made for 20, this environment has 30" in text


def test_a_discrete_action_is_refused() -> None:
    with pytest.raises(InputError, match="CartPole-v1: a policy needs a flat Box as action space"):
        policy_interface(make_environment("CartPole-v1", {}))
