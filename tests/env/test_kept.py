"""What a user gave is kept as it was, whatever becomes of it afterwards."""

from collections.abc import Callable
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from dmi_sim.env.config import EnvConfig
from dmi_sim.env.infant_setup import INFANT_OPTIONS
from dmi_sim.env.kept import kept
from dmi_sim.env.options import EpisodeOptions
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.physics.platform import PlatformKeyframe, PlatformMotion
from dmi_sim.physics.push import horizontal_push
from tests.env.episodes import zero_action

OPTIONS = tuple(field.name for field in fields(EpisodeOptions)) + INFANT_OPTIONS


def changeable(name: str) -> Any:
    """A value of an option, in lists, mappings and arrays wherever it can be in such."""
    examples: dict[str, Callable[[], Any]] = {
        "support": lambda: {"site": ["pelvis"], "firmness": 0.8},
        "support_strength": lambda: 0.3,
        "pushes": lambda: True,
        "silent_muscles": lambda: True,
        "push_schedule": lambda: [horizontal_push(3, 0.0, 0.2, 1.0, 0.0)],
        "platform_motion": lambda: PlatformMotion([PlatformKeyframe(0.2, (0.02, 0.0))]),  # pyright: ignore
        "voluntary": lambda: lambda state, command: command,  # pyright: ignore
        "steps_after_end": lambda: True,
        "exercise": lambda: "sitting",
        "age_months": lambda: 9.0,
        "sex": lambda: "male",
        "condition": lambda: "hypotonia",
        "severity": lambda: 0.7,
        "condition_options": lambda: {"level": "L3"},
        "length_z": lambda: 1.0,
        "weight_z": lambda: 1.0,
        "mass_kg": lambda: 8.0,
        "length_m": lambda: 0.7,
        "fibre_lengths": lambda: {"soleus": 1.1},
        "sensory_delay_s": lambda: 0.1,
    }
    return examples[name]()


def spoil(value: Any) -> None:
    """Change whatever can be changed in a value."""
    if isinstance(value, dict):
        for one in value.values():
            spoil(one)
        value.clear()
    elif isinstance(value, list):
        for one in value:
            spoil(one)
        value.clear()
    elif isinstance(value, np.ndarray):
        value[:] = -7.0
    elif hasattr(value, "force_world"):
        spoil(value.force_world)
    elif isinstance(value, PlatformMotion):
        spoil(value.keys)


@pytest.fixture(scope="module")
def env() -> Any:
    made = PostureEnv(EnvConfig("sitting", condition="spinal_cord_lesion", on_platform=True))
    yield made
    made.close()


def trace(env: PostureEnv, steps: int) -> list[Any]:
    return [env.step(zero_action(env))[0].tolist() for _ in range(steps)]


@pytest.mark.parametrize("name", OPTIONS)
def test_an_episode_goes_on_whatever_becomes_of_its_options(env: PostureEnv, name: str) -> None:
    env.reset(seed=2, options={name: changeable(name)})
    expected = trace(env, 12)
    given: dict[str, Any] = {name: changeable(name)}
    env.reset(seed=2, options=given)
    spoil(given)
    assert trace(env, 12) == expected


@pytest.mark.parametrize("name", OPTIONS)
def test_a_state_is_the_same_whatever_becomes_of_the_options(env: PostureEnv, name: str) -> None:
    given: dict[str, Any] = {name: changeable(name)}
    env.reset(seed=2, options=given)
    first = trace(env, 3)
    state, told = env.get_state(), env.get_state()
    assert set(state.options) == {name}
    expected = trace(env, 6)
    spoil(given)
    spoil(told.options)
    for _ in range(2):  # and again from what the environment kept of it
        env.set_state(state)
        assert trace(env, 6) == expected
        env.set_state(env.get_state())
    env.set_state(state)
    spoil(state.options)
    assert set(env.get_state().options) == {name}
    assert len(first) == 3


@pytest.mark.parametrize("name", OPTIONS)
def test_options_of_every_reset_are_kept_as_they_were_set(env: PostureEnv, name: str) -> None:
    given: dict[str, Any] = {name: changeable(name)}
    env.set_default_options(given)
    env.reset(seed=2)
    expected = trace(env, 6)
    spoil(given)
    spoil(env.default_options)
    env.reset(seed=2)
    assert trace(env, 6) == expected
    assert set(env.default_options) == {name}
    env.set_default_options()


ARGUMENTS: dict[str, Any] = {
    "support": {"site": ["pelvis"], "firmness": 0.8},
    "condition_options": {"level": "L3"},
    "reward_weights": {"trunk_upright": 2.0},
}


def test_an_environment_is_as_it_was_made_whatever_becomes_of_its_arguments() -> None:
    given = kept(ARGUMENTS)
    env = PostureEnv(EnvConfig("sitting", condition="spinal_cord_lesion", **given))
    env.reset(seed=1)
    expected, state = trace(env, 4), env.get_state()
    spoil(given)
    env.reset(seed=1)
    assert trace(env, 4) == expected
    env.set_state(state)
    assert env.build.config.support == ARGUMENTS["support"]
    assert env.build.config.reward_weights == ARGUMENTS["reward_weights"]
    env.close()


def test_pushes_of_ones_own_stay_ones_own(env: PostureEnv) -> None:
    mine = [horizontal_push(3, 0.0, 0.2, 1.0, 0.0)]
    env.reset(seed=1, options={"push_schedule": mine})
    env.push("left", 0.5)
    assert len(mine) == 1


def test_mappings_of_any_kind_are_kept_and_functions_stay_themselves() -> None:
    def voluntary() -> None: ...

    given = MappingProxyType({"support": MappingProxyType({"site": ("pelvis",)}), "v": voluntary})
    assert kept(given) == {"support": {"site": ("pelvis",)}, "v": voluntary}
