"""Another infant at a reset: in the same spaces, for one episode, and soon ready."""

import time
from collections.abc import Generator
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import dmi_sim
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.infant_setup import KEPT_INFANTS
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from tests.env.episodes import play

OTHER: dict[str, Any] = {"age_months": 10.0, "sex": "male", "length_z": 1.0, "weight_z": -1.0}


@pytest.fixture(scope="module", params=exercises())
def env(request: pytest.FixtureRequest) -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig(request.param))
    yield made
    made.close()


@pytest.fixture(scope="module")
def sitting() -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig("sitting"))
    yield made
    made.close()


def test_another_infant_is_the_one_that_an_environment_would_be_made_with(env: PostureEnv) -> None:
    """And the next reset has the infant of the environment again, bit for bit."""
    own = play(env, 5)
    asked = play(env, 5, options=OTHER)
    assert env.infant.config.age_months == OTHER["age_months"]
    made = PostureEnv(EnvConfig(env.build.config.exercise, **OTHER))
    assert asked == play(made, 5)
    made.close()
    assert play(env, 5) == own != asked


@pytest.mark.parametrize("condition", dmi_sim.conditions())
def test_a_child_of_any_condition_fits_into_the_same_spaces(
    sitting: PostureEnv, condition: str
) -> None:
    observation, info = sitting.reset(seed=1, options={"condition": condition, "severity": 0.7})
    assert sitting.infant.config.condition == condition
    assert sitting.observation_space.contains(observation)
    assert not info["physics_fault"]


def test_options_of_a_condition_go_with_the_condition() -> None:
    config = EnvConfig(
        "sitting", condition="spastic_cp", condition_options={"topography": "diplegia"}
    )
    env = PostureEnv(config)
    env.reset(seed=1, options={"condition": "typical"})
    assert env.infant.config.condition == "typical"
    env.reset(seed=1, options={"severity": 0.9})
    assert dict(env.infant.config.condition_options)["topography"] == "diplegia"
    env.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"age_months": 80}, "age_months: 80 is outside 0 to 24"),
        ({"age_months": "old"}, "age_months: 'old' is not a number"),
        ({"condition": "hypotonie"}, "condition: no 'hypotonie'; did you mean 'hypotonia'"),
        ({"severity": float("nan")}, "severity: nan"),
        ({"condition": "preterm", "condition_options": {"weaks": 30}}, "did you mean 'weeks'"),
        ({"age_months": 9, "support": "pelvs"}, "did you mean 'pelvis'"),
    ],
)
def test_an_impossible_infant_is_refused_before_anything_changes(
    sitting: PostureEnv, options: dict[str, Any], message: str
) -> None:
    expected = play(sitting, 6, seed=5)
    play(sitting, 3, seed=5)
    before = sitting.np_random.bit_generator.state
    with pytest.raises(InputError, match=message):
        sitting.reset(seed=77, options=options)
    with pytest.raises(InputError, match=message):
        sitting.set_default_options(options)
    assert sitting.np_random.bit_generator.state == before
    assert sitting.infant.config.age_months == 7
    assert sitting.default_options == {}
    assert play(sitting, 6, seed=5) == expected


def test_changing_among_a_few_infants_costs_hardly_more_than_a_reset(sitting: PostureEnv) -> None:
    ages = range(6, 6 + KEPT_INFANTS)
    first_s, later_s = (reset_s(sitting, ages) for _ in range(2))
    assert later_s < 0.2 * first_s


def test_a_settled_start_serves_other_environments_too() -> None:
    first_s, later_s = (made_s(months) for months in (3.25, 3.25))
    assert later_s < 0.6 * first_s


def reset_s(env: PostureEnv, ages: range) -> float:
    """Time in which resets give one infant after the other [s]."""
    began = time.perf_counter()
    for age in ages:
        env.reset(seed=1, options={"age_months": age + 0.125})
    return time.perf_counter() - began


def made_s(age_months: float) -> float:
    """Time in which an environment is made and reset [s]."""
    began = time.perf_counter()
    env = PostureEnv(EnvConfig("sitting", age_months=age_months))
    env.reset(seed=1)
    env.close()
    return time.perf_counter() - began


def test_an_infant_that_left_memory_comes_back_the_same(sitting: PostureEnv) -> None:
    expected = play(sitting, 4, options={"age_months": 5.5})
    for months in range(10, 11 + KEPT_INFANTS):
        sitting.reset(seed=1, options={"age_months": months})
    assert play(sitting, 4, options={"age_months": 5.5}) == expected


def test_default_options_reach_the_resets_of_a_vector_environment() -> None:
    """Each falls within two seconds and is reset by the vector; the options stay."""
    vector = gym.make_vec(
        "DMI/Sitting-v1",
        num_envs=2,
        vectorization_mode="sync",
        vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP},
    )
    assert isinstance(vector, SyncVectorEnv)
    vector.call("set_default_options", {"age_months": 9.0, "support": "pelvis"})
    vector.reset(seed=1)
    ended = 0
    while not ended:
        _, _, terminated, _, _ = vector.step(vector.action_space.sample() * 0 + 1)
        ended = terminated.sum()
    infants, states = vector.get_attr("infant"), vector.get_attr("state")
    assert [infant.config.age_months for infant in infants] == [9.0, 9.0]
    assert [state.support_site for state in states] == ["pelvis", "pelvis"]
    vector.close()


def test_options_of_one_reset_win_over_the_default_ones(sitting: PostureEnv) -> None:
    sitting.set_default_options({"support": "pelvis", "age_months": 9})
    sitting.reset(seed=1, options={"age_months": 11})
    assert sitting.infant.config.age_months == 11
    assert sitting.state.support_site == "pelvis"
    sitting.reset(seed=1)
    assert sitting.infant.config.age_months == 9
    sitting.set_default_options()
    sitting.reset(seed=1)
    assert sitting.infant.config.age_months == 7
    assert sitting.state.support_site == "none"
